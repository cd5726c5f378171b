/** The config of a run: its checkpoints' is what is trained, config.yaml tells people of it. */

import { parseTrainConfig } from "../../config/parse.js";
import type { TrainConfig } from "../../config/schema.js";
import { decodeCheckpoint } from "../../training/checkpoint.js";
import { loadConfigFile } from "../files/config-file.js";
import { readBytes } from "../files/read-file.js";
import type { RunDirectory } from "./run-directory.js";
import { useRunTask } from "./run-task.js";

/**
 * What a run was trained with: its newest checkpoint's config, whatever has become of config.yaml since; config.yaml's only before
 * the first checkpoint.
 * @throws InputError where there is none that this version reads
 */
export function trainedConfig(run: RunDirectory): TrainConfig {
  useRunTask(run);
  const checkpoint = run.latestCheckpoint();
  return checkpoint ? decodeCheckpoint(readBytes(checkpoint.path), checkpoint.path).config : readConfigYaml(run);
}

/** @throws InputError where it is missing or no config */
export function readConfigYaml(run: RunDirectory): TrainConfig {
  const path = run.file("config.yaml");
  return parseTrainConfig(loadConfigFile(path), path);
}
