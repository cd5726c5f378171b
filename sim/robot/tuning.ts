/** The sidecar JSON of a robot: what a URDF cannot say. */

import { z } from "zod";
import { InputError } from "../errors.js";
import { quote } from "./urdf-xml.js";

/** One value for each kind of joint, the same for all four legs. */
export interface PerJoint {
  readonly hip: number;
  readonly thigh: number;
  readonly calf: number;
}

export interface RobotTuning {
  /** N·m/rad and N·m·s/rad; undefined: scaled from the A1's by mass. */
  readonly kp: PerJoint | undefined;
  readonly kd: PerJoint | undefined;
  /** Undefined: `DEFAULT_POSE_RAD` within the robot's limits. */
  readonly defaultPoseRad: PerJoint | undefined;
  /** Undefined: the URDF's `limit effort`. */
  readonly torqueMaxNm: PerJoint | undefined;
  /** Undefined: of each leg the farthest fixed link with a sphere. */
  readonly footLinks: readonly string[] | undefined;
}

/** Nominal stance of the A1 in Humphreys & Zhou, Nature Machine Intelligence 7 (2025), doi 10.1038/s42256-025-01065-z. */
export const DEFAULT_POSE_RAD: PerJoint = { hip: 0, thigh: 0.75, calf: -1.5 };

/** The A1's gains (80 N·m/rad, 2 N·m·s/rad) per kg of its 12.453 kg: a start for robots that come without a sidecar. */
export const KP_PER_KG = 80 / 12.453;
export const KD_PER_KG = 2 / 12.453;

const MAX_VALUE = 1e6;
const positive = z.number().positive().max(MAX_VALUE);
const angle = z
  .number()
  .min(-2 * Math.PI)
  .max(2 * Math.PI);

function eachJoint(value: z.ZodNumber) {
  return z.strictObject({ hip: value, thigh: value, calf: value });
}

function oneOrEach(value: z.ZodNumber) {
  return z
    .union([value, eachJoint(value)])
    .transform((given): PerJoint => (typeof given === "number" ? { hip: given, thigh: given, calf: given } : given))
    .optional();
}

const FIELDS = {
  kp: oneOrEach(positive),
  kd: oneOrEach(positive),
  defaultPoseRad: eachJoint(angle).optional(),
  torqueMaxNm: oneOrEach(positive),
  footLinks: z.array(z.string().min(1)).length(4).optional(),
};
const ONE_OR_EACH = `a number > 0 (at most ${MAX_VALUE}), or an object of those for hip, thigh and calf`;
const EXPECTED: Readonly<Record<string, string>> = {
  kp: ONE_OR_EACH,
  kd: ONE_OR_EACH,
  torqueMaxNm: ONE_OR_EACH,
  defaultPoseRad: "an angle in rad (-2π..2π) for each of hip, thigh and calf",
  footLinks: "the names of four links",
};
const schema = z.strictObject(FIELDS);

/** Checks a parsed sidecar (undefined or null: all defaults); throws InputError naming file, field, value and expectation. */
export function parseTuning(tuning: unknown, fileName: string): RobotTuning {
  const result = schema.safeParse(tuning ?? {});
  if (result.success) return { ...NO_TUNING, ...result.data };
  throw new InputError(`${fileName}: ${describe(result.error.issues[0], tuning)}`);
}

const NO_TUNING: RobotTuning = {
  kp: undefined,
  kd: undefined,
  defaultPoseRad: undefined,
  torqueMaxNm: undefined,
  footLinks: undefined,
};

function describe(issue: z.core.$ZodIssue, tuning: unknown): string {
  const field = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const known = field === "" ? Object.keys(FIELDS) : ["hip", "thigh", "calf"];
    const key = [...issue.path, issue.keys[0]].join(".");
    return `unknown field ${quote(key)}, expected one of ${known.join(", ")}`;
  }
  if (field === "") return `${show(tuning)}, expected an object with any of ${Object.keys(FIELDS).join(", ")}`;
  return `${field}: ${show(valueAt(tuning, issue.path))}, expected ${EXPECTED[String(issue.path[0])]}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
