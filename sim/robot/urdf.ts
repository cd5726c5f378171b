/**
 * Reads a URDF file into plain links and joints. What it keeps is what the physics needs; visual elements are the viewer's
 * business, and mesh geometry is left out: only boxes, spheres and cylinders collide.
 */

import { InputError } from "../errors.js";
import type { Quat, Vec3 } from "../math.js";
import { fromRollPitchYaw } from "../math.js";
import type { CollisionShape } from "./types.js";
import {
  badAttribute,
  childrenOf,
  NOT_NEGATIVE,
  numberAttribute,
  optionalChild,
  POSITIVE,
  parseXml,
  quote,
  requiredChild,
  textAttribute,
  vectorAttribute,
  type XmlElement,
} from "./urdf-xml.js";

export interface Pose {
  readonly originM: Vec3;
  readonly rotation: Quat;
}

/** Symmetric tensor: xx, xy, xz, yy, yz, zz, kg·m². */
export type InertiaTensor = readonly [number, number, number, number, number, number];

/** Mass properties of one link; the tensor is about the pose's origin (the centre of mass) and along its axes. */
export interface UrdfInertial extends Pose {
  readonly massKg: number;
  readonly inertiaKgM2: InertiaTensor;
}

export interface UrdfLink {
  readonly name: string;
  /** Where the link stands in the file, for messages. */
  readonly place: string;
  readonly inertial: UrdfInertial | null;
  readonly collisions: readonly CollisionShape[];
}

/** "floating" is the joint that some files put between a world link and the trunk: it is read as fixed. */
const JOINT_TYPES = ["revolute", "continuous", "fixed", "floating"] as const;

export interface UrdfLimit {
  readonly lowerRad: number;
  readonly upperRad: number;
  readonly effortNm: number;
  readonly velocityRadPerS: number;
}

export interface UrdfJoint extends Pose {
  readonly name: string;
  readonly place: string;
  readonly type: (typeof JOINT_TYPES)[number];
  readonly parent: string;
  readonly child: string;
  /** Unit axis in the joint frame. */
  readonly axis: Vec3;
  /** Of revolute and continuous joints, null for the others. */
  readonly limit: UrdfLimit | null;
}

export interface UrdfDocument {
  readonly name: string;
  readonly links: readonly UrdfLink[];
  readonly joints: readonly UrdfJoint[];
}

/** Parses URDF text; `fileName` only serves the messages. Throws InputError for the first thing wrong in the file. */
export function parseUrdf(text: string, fileName: string): UrdfDocument {
  const robot = parseXml(text, fileName);
  if (robot.tag !== "robot") throw new InputError(`${fileName}: root element <${robot.tag}>, expected <robot>`);
  const links = childrenOf(robot, "link").map(readLink);
  const joints = childrenOf(robot, "joint").map(readJoint);
  rejectDuplicates(links);
  rejectDuplicates(joints);
  return { name: textAttribute(robot, "name"), links, joints };
}

function rejectDuplicates(items: readonly { name: string; place: string }[]): void {
  const seen = new Set<string>();
  for (const { name, place } of items) {
    if (seen.has(name)) throw new InputError(`${place}: name ${quote(name)} is used twice, expected unique names`);
    seen.add(name);
  }
}

function readLink(element: XmlElement): UrdfLink {
  const inertial = optionalChild(element, "inertial");
  return {
    name: textAttribute(element, "name"),
    place: element.place,
    inertial: inertial ? readInertial(inertial) : null,
    collisions: childrenOf(element, "collision").flatMap(readCollision),
  };
}

function readInertial(element: XmlElement): UrdfInertial {
  const massKg = numberAttribute(requiredChild(element, "mass"), "value", NOT_NEGATIVE);
  const inertia = requiredChild(element, "inertia");
  const diagonal = (name: string) => numberAttribute(inertia, name, NOT_NEGATIVE);
  const [ixx, iyy, izz] = [diagonal("ixx"), diagonal("iyy"), diagonal("izz")];
  const [ixy, ixz, iyz] = [
    numberAttribute(inertia, "ixy"),
    numberAttribute(inertia, "ixz"),
    numberAttribute(inertia, "iyz"),
  ];
  return { ...readPose(element), massKg, inertiaKgM2: [ixx, ixy, ixz, iyy, iyz, izz] };
}

/** The `<origin>` of an element, identity where it has none. */
function readPose(element: XmlElement): Pose {
  const origin = optionalChild(element, "origin");
  if (!origin) return { originM: [0, 0, 0], rotation: [0, 0, 0, 1] };
  const rpy = vectorAttribute(origin, "rpy", [0, 0, 0]);
  return { originM: vectorAttribute(origin, "xyz", [0, 0, 0]), rotation: fromRollPitchYaw(...rpy) };
}

function readCollision(element: XmlElement): CollisionShape[] {
  const geometry = requiredChild(element, "geometry");
  const shape = geometry.children[0];
  if (!shape || geometry.children.length > 1) {
    throw new InputError(`${geometry.place}: expected one shape, found ${geometry.children.length}`);
  }
  const pose = readPose(element);
  switch (shape.tag) {
    case "box": {
      const [x, y, z] = vectorAttribute(shape, "size", undefined, POSITIVE);
      return [{ kind: "box", ...pose, halfExtentsM: [x / 2, y / 2, z / 2] }];
    }
    case "sphere":
      return [{ kind: "sphere", ...pose, radiusM: numberAttribute(shape, "radius", POSITIVE) }];
    case "cylinder": {
      const halfLengthM = numberAttribute(shape, "length", POSITIVE) / 2;
      return [{ kind: "cylinder", ...pose, radiusM: numberAttribute(shape, "radius", POSITIVE), halfLengthM }];
    }
    case "mesh":
      return [];
    default:
      throw new InputError(`${geometry.place}: shape <${shape.tag}>, expected box, sphere, cylinder or mesh`);
  }
}

function readJoint(element: XmlElement): UrdfJoint {
  const type = JOINT_TYPES.find((known) => known === textAttribute(element, "type"));
  if (!type) throw badAttribute(element, "type", `one of ${JOINT_TYPES.join(", ")}`);
  const actuated = type === "revolute" || type === "continuous";
  return {
    ...readPose(element),
    name: textAttribute(element, "name"),
    place: element.place,
    type,
    parent: textAttribute(requiredChild(element, "parent"), "link"),
    child: textAttribute(requiredChild(element, "child"), "link"),
    axis: readAxis(element),
    limit: actuated ? readLimit(requiredChild(element, "limit"), type) : null,
  };
}

/** URDF's default axis is x. */
function readAxis(joint: XmlElement): Vec3 {
  const element = optionalChild(joint, "axis");
  if (!element) return [1, 0, 0];
  const [x, y, z] = vectorAttribute(element, "xyz", [1, 0, 0]);
  const length = Math.hypot(x, y, z);
  if (length < 1e-6) throw badAttribute(element, "xyz", "an axis of non-zero length");
  return [x / length, y / length, z / length];
}

function readLimit(element: XmlElement, type: "revolute" | "continuous"): UrdfLimit {
  // Some files limit joints that they call continuous; without limits such a joint gets one turn.
  const unlimited = type === "continuous" && !(element.attributes.lower && element.attributes.upper);
  const lowerRad = unlimited ? -Math.PI : numberAttribute(element, "lower");
  const upperRad = unlimited ? Math.PI : numberAttribute(element, "upper");
  if (lowerRad >= upperRad) throw badAttribute(element, "lower", `less than upper=${upperRad}`);
  return {
    lowerRad,
    upperRad,
    effortNm: numberAttribute(element, "effort", NOT_NEGATIVE),
    velocityRadPerS: numberAttribute(element, "velocity", POSITIVE),
  };
}
