/** What `gaitway export` can write. */

import type { RobotModel } from "../../../sim/robot/types.js";
import type { PolicyBundle } from "../../bundle/bundle.js";
import { exportC } from "../../export/c.js";
import { exportGolden } from "../../export/golden.js";
import { type ExportedNetwork, estimatorNetwork, policyNetwork } from "../../export/onnx/network-check.js";
import { studentNetwork } from "../../export/onnx/student-onnx.js";
import { ESTIMATOR_FILE, exportOnnx, POLICY_FILE, SELECTOR_FILE } from "../../export/onnx/write.js";
import { exportRlSar, rlSarPolicyFile } from "../../export/stock/rl-sar.js";
import { exportUnitree, UNITREE_POLICY_FILE } from "../../export/stock/unitree.js";
import type { StudentBundle } from "../../student/bundle.js";
import { readCSources } from "./c-sources.js";

export interface ExportSource {
  readonly bundle: PolicyBundle;
  readonly model: RobotModel;
  /** @throws InputError where there is none */
  readonly student: () => StudentBundle;
  /** Gaitway's. */
  readonly version: string;
}

interface ExportFormat {
  readonly describe: string;
  /** Files by their path in the format's folder. */
  files(source: ExportSource): ReadonlyMap<string, string | Uint8Array>;
  /** The ONNX files among them. */
  networks(source: ExportSource): readonly ExportedNetwork[];
}

/** By name, which is also the folder that a format's files go to. */
export const EXPORT_FORMATS = {
  onnx: {
    describe: "the networks in ONNX",
    files: ({ bundle, model, version }) => exportOnnx(bundle, model, version),
    networks: ({ bundle }) => [
      policyNetwork(POLICY_FILE, bundle),
      ...(bundle.estimator ? [estimatorNetwork(ESTIMATOR_FILE, bundle)] : []),
      ...(bundle.selector ? [policyNetwork(SELECTOR_FILE, bundle.selector)] : []),
    ],
  },
  c: {
    describe: "the whole controller in C99, with golden vectors",
    files: ({ bundle, model }) => new Map([...exportC(bundle, model, readCSources()), ...exportGolden(bundle, model)]),
    networks: () => [],
  },
  unitree: {
    describe: "a student for unitree_rl_lab",
    files: ({ student, model, version }) => exportUnitree(student(), model, version),
    networks: ({ student, model }) => [studentNetwork(UNITREE_POLICY_FILE, student(), model)],
  },
  rl_sar: {
    describe: "a student for rl_sar",
    files: ({ student, model, version }) => exportRlSar(student(), model, version),
    networks: ({ student, model }) => [studentNetwork(rlSarPolicyFile(model), student(), model)],
  },
} as const satisfies Readonly<Record<string, ExportFormat>>;

export type ExportFormatName = keyof typeof EXPORT_FORMATS;

export const EXPORT_FORMAT_NAMES = Object.keys(EXPORT_FORMATS) as ExportFormatName[];
