/** The controllers that sim2sim walks, found where the user points. */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type EnvConfig, pastEnvConfigSchema } from "../../../sim/env-config.js";
import { describeIssue, InputError } from "../../../sim/errors.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import type { PolicyBundle } from "../../bundle/bundle.js";
import { decodeModel } from "../../export/onnx/protobuf.js";
import { importOnnx, type NamedBytes } from "../../export/onnx/read.js";
import { ESTIMATOR_FILE, POLICY_FILE, SELECTOR_FILE } from "../../export/onnx/write.js";
import { rlSarPolicyFile } from "../../export/stock/rl-sar.js";
import { UNITREE_POLICY_FILE } from "../../export/stock/unitree.js";
import type { ControllerGaitSource } from "../../runtime/gait-choice.js";
import { NetworkController } from "../../sim2sim/network-controller.js";
import {
  BundleController,
  type RobotController,
  StudentController,
  studentRunner,
} from "../../sim2sim/robot-controller.js";
import { decodeStudent, type StudentBundle } from "../../student/bundle.js";
import { CController, CONTROLLER_FILE, compileController, hasCompiler } from "../export/c-controller.js";
import { checkListed, findManifest, MANIFEST, type Manifest } from "../export/manifest.js";
import { findOnnxRuntime } from "../export/onnx-runtime.js";
import { findBytes } from "../files/read-file.js";
import { loadPolicy } from "../run-folder/policy-source.js";
import { log } from "../terminal/log.js";

interface Common {
  /** What runs, in words. */
  readonly name: string;
  readonly robot: PolicyBundle["robot"];
  readonly env: EnvConfig;
  /** Of `GAITS`. */
  readonly gaits: readonly string[];
}

interface BundleSource extends Common {
  readonly kind: "bundle";
  readonly bundle: PolicyBundle;
}
interface OnnxSource extends Common {
  readonly kind: "onnx";
  readonly bundle: PolicyBundle;
  readonly policy: Uint8Array;
  readonly estimator: Uint8Array | null;
  readonly selector: Uint8Array | null;
}
interface CSource extends Common {
  readonly kind: "c";
  readonly bundle: PolicyBundle;
  /** Compiled. */
  readonly program: string;
}
interface StudentSource extends Common {
  readonly kind: "student";
  readonly student: Pick<StudentBundle, "historyLength" | "actionScaleRad">;
  /** The bundle, or its ONNX file. */
  readonly network: StudentBundle | Uint8Array;
}

/** What a thread makes a controller of. */
export type ControllerSource = BundleSource | OnnxSource | CSource | StudentSource;

/**
 * The controllers of a name: a policy, named as for `loadPolicy`; a student's file; of an export's folder its ONNX files and its
 * C, as far as there is what runs them.
 * @param buildFolder where to compile
 * @throws InputError where there is none, or where files of an export are not those that its manifest lists
 */
export async function findControllers(
  path: string,
  runsRoot: string,
  buildFolder: string,
): Promise<ControllerSource[]> {
  if (existsSync(join(path, MANIFEST))) return findExported(path, buildFolder);
  if (existsSync(path) && statSync(path).isFile() && isStudent(path)) return [studentSource(path)];
  const { bundle, source } = loadPolicy(path, runsRoot);
  return [{ kind: "bundle", name: source, bundle, ...commonOf(bundle) }];
}

/**
 * @param gaitSource who says gaits: "policy" is for sources with a gait selection policy
 * @returns with what ends it
 */
export async function createController(
  source: ControllerSource,
  model: RobotModel,
  gaitSource: ControllerGaitSource,
): Promise<{ controller: RobotController; close: () => void }> {
  const close = () => undefined;
  if (source.kind === "student") {
    const { student, network } = source;
    const run =
      network instanceof Uint8Array
        ? await (await findOnnxRuntime())!.createRunner(network)
        : studentRunner(network, model);
    return { controller: new StudentController(model, student, run), close };
  }
  if (source.kind === "bundle") return { controller: new BundleController(model, source.bundle, gaitSource), close };
  if (source.kind === "c") {
    const controller = new CController(source.program, gaitSource);
    return { controller, close: () => controller.close() };
  }
  const runtime = (await findOnnxRuntime())!;
  const runners = {
    policy: await runtime.createRunner(source.policy),
    estimator: source.estimator && (await runtime.createRunner(source.estimator)),
    selector: source.selector && gaitSource === "policy" ? await runtime.createRunner(source.selector) : null,
  };
  return { controller: new NetworkController(model, source.bundle, runners), close };
}

async function findExported(folder: string, buildFolder: string): Promise<ControllerSource[]> {
  const manifest = findManifest(folder);
  if (!manifest)
    throw new InputError(`${join(folder, MANIFEST)}: not Gaitway's; expected a folder that gaitway export wrote`);
  const find = (path: string) => findListed(folder, manifest, path);
  const policy = find(`onnx/${POLICY_FILE}`);
  if (!policy)
    throw new InputError(
      `${folder}: no onnx/${POLICY_FILE}, which tells robot and environment; expected an export with onnx among its formats, got ${manifest.formats.join(",")}`,
    );
  const beside = (name: string) => find(`onnx/${name}`);
  const bundle = importOnnx(policy, beside);
  const common = { bundle, ...commonOf(bundle) };
  const sources: ControllerSource[] = [];
  const runtime = await findOnnxRuntime();
  if (runtime) {
    const [estimator, selector] = [ESTIMATOR_FILE, SELECTOR_FILE].map((name) => beside(name)?.bytes ?? null);
    const files = { policy: policy.bytes, estimator, selector };
    sources.push({ kind: "onnx", name: `ONNX, ${runtime.name}`, ...files, ...common });
    const student = find(studentPath(manifest));
    if (student) sources.push(exportedStudent(student, common));
  } else log.warn("No onnxruntime for the ONNX files: `npm install onnxruntime-web` brings it");
  const source = join(folder, "c");
  if (existsSync(source)) {
    for (const name of readdirSync(source).filter((file) => CONTROLLER_FILE.test(file))) find(`c/${name}`);
    if (hasCompiler())
      sources.push({ kind: "c", name: "C", program: compileController(source, buildFolder), ...common });
    else log.warn("No C compiler (cc) for the C");
  }
  if (sources.length === 0) throw new InputError(`${folder}: nothing here to run what was exported`);
  return sources;
}

/** A file of an export; null where there is none. @throws InputError where it is not as the manifest has it */
function findListed(folder: string, manifest: Manifest, path: string): NamedBytes | null {
  const file = findBytes(join(folder, path));
  if (file) checkListed(manifest, folder, path, file.bytes);
  return file;
}

/** Both stock controllers have the same student: rl_sar's, where it alone is there. */
function studentPath({ robot, formats }: Manifest): string {
  const isForRlSar = formats.includes("rl_sar") && !formats.includes("unitree");
  return isForRlSar ? `rl_sar/${rlSarPolicyFile({ name: robot })}` : `unitree/${UNITREE_POLICY_FILE}`;
}

/** In the environment of the policy beside it. */
function exportedStudent({ name, bytes }: NamedBytes, common: Omit<Common, "name">): StudentSource {
  const { metadata } = decodeModel(bytes, name);
  try {
    const [{ history_length: historyLength }] = JSON.parse(metadata.get("observation")!);
    const student = { historyLength, actionScaleRad: Number(metadata.get("action_scale")) };
    const gaits = [metadata.get("gait")!];
    return { kind: "student", name: "student, ONNX", student, network: bytes, ...common, gaits };
  } catch (error) {
    throw new InputError(`${name}: metadata: expected those of a student`, { cause: error });
  }
}

function commonOf({ robot, env }: PolicyBundle): Pick<Common, "robot" | "env" | "gaits"> {
  return { robot, env, gaits: env.command.gaits };
}

function isStudent(path: string): boolean {
  return readFileSync(path).subarray(0, 200).includes("gaitway-student");
}

function studentSource(path: string): StudentSource {
  const student = decodeStudent(readFileSync(path, "utf8"), path);
  const env = pastEnvConfigSchema.safeParse(student.env);
  if (!env.success) throw new InputError(`${path}: in env: ${describeIssue(env.error.issues[0], student.env)}`);
  const common = { robot: student.robot, env: env.data, gaits: [student.gait] };
  return { kind: "student", name: path, student, network: student, ...common };
}
