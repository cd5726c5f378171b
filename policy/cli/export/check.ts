/** Runs exported networks, as they are on disk, beside what they were made of. */

import { resolve } from "node:path";
import { InputError } from "../../../sim/errors.js";
import { createEvaluator, type NetworkRunner } from "../../export/onnx/evaluator.js";
import { type ExportedNetwork, largestDifference, randomInputs, TOLERANCE } from "../../export/onnx/network-check.js";
import { decodeModel } from "../../export/onnx/protobuf.js";
import { readBytes } from "../files/read-file.js";
import { textTable } from "../terminal/table.js";
import { findOnnxRuntime } from "./onnx-runtime.js";

const ROWS = 1000;
const SEED = 1;

export interface ExportReport {
  readonly file: string;
  /** What ran the file, or compiled it. */
  readonly runtime: string;
  /** How many it was asked. */
  readonly observations: number;
  /** As `largestDifference` has it, from what it was made of. */
  readonly largestDifference: number;
}

/**
 * Compares all networks, their files relative to `folder`, with their originals on random observations: by Gaitway's own evaluator, and by
 * onnxruntime where that is installed.
 * @throws InputError where one differs by more than float32 arithmetic does
 */
export async function checkNetworks(folder: string, networks: readonly ExportedNetwork[]): Promise<ExportReport[]> {
  const reports: ExportReport[] = [];
  const runtime = networks.length > 0 ? await findOnnxRuntime() : null;
  for (const network of networks) {
    const bytes = readBytes(resolve(folder, network.file));
    reports.push(await check(network, "own evaluator", createEvaluator(decodeModel(bytes, network.file))));
    if (runtime) reports.push(await check(network, runtime.name, await runtime.createRunner(bytes)));
  }
  return reports;
}

async function check(network: ExportedNetwork, runtime: string, run: NetworkRunner): Promise<ExportReport> {
  const difference = await largestDifference(network, run, randomInputs(network, ROWS, SEED));
  if (difference <= TOLERANCE)
    return { file: network.file, runtime, observations: ROWS, largestDifference: difference };
  throw new InputError(
    `${network.file}: differs from the policy by ${difference} of its outputs' size in ${runtime}, expected at most ${TOLERANCE}: nothing was written`,
  );
}

export function reportTable(reports: readonly ExportReport[]): string {
  const rows = reports.map(({ file, runtime, observations, largestDifference: largest }) => [
    ...[file, runtime, String(observations), largest.toExponential(1)],
  ]);
  return textTable(["file", "run by", "observations", "largest difference"], rows);
}
