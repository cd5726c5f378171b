import { existsSync } from "node:fs";
import { InputError } from "../../../sim/errors.js";
import type { TrainConfig } from "../../config/schema.js";
import { differingFields, fieldText } from "../config/differences.js";
import { configYaml } from "../config/document.js";
import { readConfigYaml } from "../run-folder/run-config.js";
import type { RunDirectory } from "../run-folder/run-directory.js";

/**
 * A run goes on with its checkpoint's config. Where config.yaml is missing, it is written anew.
 * @throws InputError where config.yaml says something else, or cannot be read
 */
export function checkConfigYaml(run: RunDirectory, trained: TrainConfig): void {
  const path = run.file("config.yaml");
  if (!existsSync(path)) {
    run.writeFile("config.yaml", configYaml(trained));
    return;
  }
  const fields = Object.entries(differingFields([readConfigYaml(run), trained]));
  if (fields.length === 0) return;
  const changes = fields.map(
    ([field, [got, was]]) => `${field}: got ${fieldText(got)}, trained with ${fieldText(was)}`,
  );
  throw new InputError(
    `${path}: ${changes.join("; ")}: a run goes on as it began; for another config: train --from ${run.path} --config ${path}`,
  );
}
