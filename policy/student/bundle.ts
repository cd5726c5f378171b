/**
 * A student policy: what controllers without a gait memory can run. It is told the 45 numbers that the stock controllers of
 * unitree_rl_lab and rl_sar put together, in their order, and answers with joint angles off the default pose.
 */

import { z } from "zod";
import { GAITS } from "../../gaits/library.js";
import { NUM_JOINTS } from "../../gaits/types.js";
import { describeIssue, InputError } from "../../sim/errors.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { normalizerSchema, robotSchema } from "../bundle/bundle.js";
import { checkLayers, expectCount, layerSchema } from "../bundle/layers.js";
import { PolicyNetwork } from "../runtime/inference.js";

const FORMAT = "gaitway-student";
const VERSION = 1;

/**
 * One frame, in the stock controllers' order. Of joint positions the default pose is subtracted; the last action is the one
 * after its limits. rl_sar scales neither gravity nor actions: theirs must stay 1.
 */
export const STUDENT_TERMS = [
  { name: "baseAngularVelocity", size: 3, unit: "rad/s", scale: 0.25 },
  { name: "projectedGravity", size: 3, unit: "1", scale: 1 },
  { name: "command", size: 3, unit: "m/s, m/s, rad/s", scale: 1 },
  { name: "jointPosition", size: NUM_JOINTS, unit: "rad", scale: 1 },
  { name: "jointVelocity", size: NUM_JOINTS, unit: "rad/s", scale: 0.05 },
  { name: "lastAction", size: NUM_JOINTS, unit: "1", scale: 1 },
] as const;

/** Numbers in a frame: 45. */
export const STUDENT_FRAME_SIZE = STUDENT_TERMS.reduce((sum, { size }) => sum + size, 0);

const range = z.tuple([z.number(), z.number()]);

const studentSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  /** Joint order, default pose, limits and gains follow from it. */
  robot: robotSchema,
  /**
   * Frames that it sees. The input is term by term as in `STUDENT_TERMS`, of each term its frames one after the other, the
   * oldest first; all of them are the first frame at the start.
   */
  historyLength: z.int().min(1).max(50),
  /** Of the whole input. [historyLength · 45] */
  normalizer: normalizerSchema,
  activation: z.literal("elu"),
  layers: z.array(layerSchema).min(1),
  /** Joint targets are default pose + actionScaleRad · action, rad. */
  actionScaleRad: z.number().positive(),
  /** Time between two actions, s. */
  stepS: z.number().positive(),
  /** The only gait that it walks in. */
  gait: z.enum(GAITS.map(({ id }) => id)),
  /** Commands that it has learned to follow. */
  command: z.strictObject({ vxMPerS: range, vyMPerS: range, yawRateRadPerS: range }),
  /** The environment that it was distilled in. */
  env: z.unknown(),
});

export type StudentBundle = z.output<typeof studentSchema>;

export function createStudentBundle(student: Omit<StudentBundle, "format" | "version" | "activation">): StudentBundle {
  return { format: FORMAT, version: VERSION, activation: "elu", ...student };
}

export function encodeStudent(student: StudentBundle): string {
  return `${JSON.stringify(student, null, 1)}\n`;
}

/** @throws InputError naming the file and what is wrong with it */
export function decodeStudent(text: string, fileName: string): StudentBundle {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${fileName}: not JSON: ${(error as Error).message}`);
  }
  const result = studentSchema.safeParse(json);
  if (!result.success) throw new InputError(`${fileName}: ${describeIssue(result.error.issues[0], json)}`);
  const student = result.data;
  const inputs = student.historyLength * STUDENT_FRAME_SIZE;
  expectCount(fileName, "normalizer.mean", student.normalizer.mean.length, inputs);
  expectCount(fileName, "normalizer.variance", student.normalizer.variance.length, inputs);
  checkLayers(fileName, "layers", student.layers, inputs, NUM_JOINTS);
  return student;
}

/** Actions whose joint targets are at the joint limits. [12] each */
export function studentActionLimits(
  actionScaleRad: number,
  { qMinRad, qMaxRad, qDefaultRad }: RobotModel,
): { readonly low: Float32Array; readonly high: Float32Array } {
  return {
    low: qMinRad.map((q, j) => (q - qDefaultRad[j]) / actionScaleRad),
    high: qMaxRad.map((q, j) => (q - qDefaultRad[j]) / actionScaleRad),
  };
}

/** A student at run time. */
export class StudentNetwork {
  private readonly network: PolicyNetwork;
  private readonly limits: ReturnType<typeof studentActionLimits>;

  constructor(student: StudentBundle, model: RobotModel) {
    this.network = new PolicyNetwork(student);
    this.limits = studentActionLimits(student.actionScaleRad, model);
  }

  /**
   * The action for one input row: what the network says within the joint limits. Stock controllers tell the student that as its
   * last action, and not all of them know of joint limits. `out[0..12)`
   */
  act(out: Float32Array, input: Float32Array): void {
    this.network.act(out, 0, input, 0);
    const { low, high } = this.limits;
    for (let j = 0; j < NUM_JOINTS; j++) out[j] = Math.min(Math.max(out[j], low[j]), high[j]);
  }
}
