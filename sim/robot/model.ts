/** Makes a RobotModel of a URDF and its tuning. */

import { JOINTS_PER_LEG, NUM_LEGS } from "../../gaits/types.js";
import { InputError } from "../errors.js";
import type { Vec3 } from "../math.js";
import { add, fromAxisAngle, rotate } from "../math.js";
import { findLegs, type Leg, measureLegs } from "./legs.js";
import { DEFAULT_POSE_RAD, KD_PER_KG, KP_PER_KG, type PerJoint, parseTuning, type RobotTuning } from "./tuning.js";
import type { CollisionShape, JointModel, LinkModel, RobotModel, RobotSource } from "./types.js";
import { parseUrdf, type UrdfLimit } from "./urdf.js";
import { type Body, bodyMass, buildBodies } from "./urdf-bodies.js";

/**
 * Builds the model of a 12-joint quadruped. Legs are told apart by position, whatever their names; links joined by fixed
 * joints become one; link frames are parallel to the base's with all joints at zero.
 *
 * @param source URDF text and the parsed sidecar JSON (undefined for defaults)
 * @param fileName the URDF's, for messages; those about the tuning name `.json` in place of `.urdf`
 * @throws InputError for anything wrong with either document, on one line
 */
export function createRobotModel(source: RobotSource, fileName: string): RobotModel {
  const files = { urdf: fileName, tuning: fileName.replace(/(\.urdf)?$/, ".json") };
  const tuning = parseTuning(source.tuning, files.tuning);
  const urdf = parseUrdf(source.urdf, fileName);
  const base = buildBodies(urdf, fileName);
  const legs = findLegs(base, urdf, tuning.footLinks, files);
  const bodies = legs.flatMap(({ hip, thigh, calf }) => [hip, thigh, calf]);
  const links = [base, ...bodies].map((body) => createLink(body, legs));
  const massKg = links.reduce((sum, link) => sum + link.massKg, 0);
  const limits = bodies.map((body) => body.joint!.limit!);
  const qMinRad = Float32Array.from(limits, (limit) => limit.lowerRad);
  const qMaxRad = Float32Array.from(limits, (limit) => limit.upperRad);
  const geometry = measureLegs(legs, qMinRad, qMaxRad);
  const qDefaultRad = defaultPose(bodies, limits, tuning, files.tuning);
  return {
    name: urdf.name,
    massKg,
    links,
    joints: bodies.map(createJoint),
    feet: legs.map(({ foot }, leg) => ({
      name: foot.name,
      link: JOINTS_PER_LEG * (leg + 1),
      centerM: foot.sphere.originM,
      radiusM: foot.sphere.radiusM,
    })),
    jointNames: bodies.map((body) => body.joint!.name),
    qDefaultRad,
    qMinRad,
    qMaxRad,
    torqueMaxNm: torqueLimits(bodies, limits, tuning),
    velocityMaxRadPerS: Float32Array.from(limits, (limit) => limit.velocityRadPerS),
    kp: perJoint(tuning.kp ?? allJoints(KP_PER_KG * massKg)),
    kd: perJoint(tuning.kd ?? allJoints(KD_PER_KG * massKg)),
    nominalHeightM: heightAboveSoles(legs, qDefaultRad, fileName),
    legs: geometry,
  };
}

function createLink(body: Body, legs: readonly Leg[]): LinkModel {
  const isFoot = (shape: CollisionShape) => legs.some(({ foot }) => foot.sphere === shape);
  const collisions = body.links.flatMap((link) => link.collisions.filter((shape) => !isFoot(shape)));
  return { name: body.links[0].link.name, ...bodyMass(body), collisions };
}

/** Links are numbered trunk first, then legs outwards, so a joint's child is its index + 1. */
function createJoint(body: Body, index: number): JointModel {
  return {
    name: body.joint!.name,
    parent: index % JOINTS_PER_LEG === 0 ? 0 : index,
    child: index + 1,
    originM: body.originM,
    axis: body.axis,
  };
}

function allJoints(value: number): PerJoint {
  return { hip: value, thigh: value, calf: value };
}

/** Repeats a value of each joint kind for the four legs. [12] */
function perJoint({ hip, thigh, calf }: PerJoint): Float32Array {
  return Float32Array.from(Array(NUM_LEGS).fill([hip, thigh, calf]).flat());
}

function torqueLimits(bodies: readonly Body[], limits: readonly UrdfLimit[], tuning: RobotTuning): Float32Array {
  if (tuning.torqueMaxNm) return perJoint(tuning.torqueMaxNm);
  limits.forEach((limit, i) => {
    if (limit.effortNm > 0) return;
    throw new InputError(`${bodies[i].joint!.place} > limit: effort="${limit.effortNm}", expected a number > 0`);
  });
  return Float32Array.from(limits, (limit) => limit.effortNm);
}

const JOINT_KINDS = ["hip", "thigh", "calf"] as const;

/** The tuning's pose, which must be within the limits, or the default one, moved into them. [12] */
function defaultPose(
  bodies: readonly Body[],
  limits: readonly UrdfLimit[],
  tuning: RobotTuning,
  fileName: string,
): Float32Array {
  const pose = limits.map(({ lowerRad, upperRad }, i) => {
    const kind = JOINT_KINDS[i % JOINTS_PER_LEG];
    const given = tuning.defaultPoseRad?.[kind];
    if (given !== undefined && (given < lowerRad || given > upperRad)) {
      const limit = `${lowerRad}..${upperRad}, the limits of ${bodies[i].joint!.name}`;
      throw new InputError(`${fileName}: defaultPoseRad.${kind}: ${given}, expected ${limit}`);
    }
    return Math.min(Math.max(given ?? DEFAULT_POSE_RAD[kind], lowerRad), upperRad);
  });
  return Float32Array.from(pose);
}

/** Height of the base above its lowest sole in pose `q` (rad, [12]), m. */
function heightAboveSoles(legs: readonly Leg[], q: Float32Array, fileName: string): number {
  const heights = legs.map(({ hip, thigh, calf, foot }, leg) => {
    const o = JOINTS_PER_LEG * leg;
    const inThigh = turnAndShift(calf, q[o + 2], foot.sphere.originM);
    const inBase = turnAndShift(hip, q[o], turnAndShift(thigh, q[o + 1], inThigh));
    return foot.sphere.radiusM - inBase[2];
  });
  const height = Math.max(...heights);
  if (height > 0) return height;
  throw new InputError(`${fileName}: feet ${-height} m above the base in the default pose, expected them below it`);
}

/** A point of a body in its parent's frame, the body's joint being at `angleRad`. */
function turnAndShift(body: Body, angleRad: number, point: Vec3): Vec3 {
  return add(body.originM, rotate(fromAxisAngle(body.axis, angleRad), point));
}
