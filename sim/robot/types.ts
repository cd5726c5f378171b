/** What the simulation knows of a robot. Axes: x forward, y left, z up; quaternions are (x, y, z, w). */

import type { LegGeometry } from "../../gaits/types.js";
import type { Quat, Vec3 } from "../math.js";

/** A collision primitive, posed in its link's frame. Capsules and cylinders stand along z. */
export type CollisionShape =
  | { readonly kind: "box"; readonly originM: Vec3; readonly rotation: Quat; readonly halfExtentsM: Vec3 }
  | { readonly kind: "sphere"; readonly originM: Vec3; readonly rotation: Quat; readonly radiusM: number }
  | {
      readonly kind: "cylinder";
      readonly originM: Vec3;
      readonly rotation: Quat;
      readonly radiusM: number;
      readonly halfLengthM: number;
    };

/** A rigid link after fixed joints have been merged into it. */
export interface LinkModel {
  readonly name: string;
  readonly massKg: number;
  /** Centre of mass in the link frame, m. */
  readonly comM: Vec3;
  /** Inertia about the centre of mass in link axes: xx, xy, xz, yy, yz, zz, kg·m². */
  readonly inertiaKgM2: readonly [number, number, number, number, number, number];
  /** Everything but feet. */
  readonly collisions: readonly CollisionShape[];
}

/** A revolute joint between two links. All link frames are parallel to the trunk's when all joints are at zero. */
export interface JointModel {
  readonly name: string;
  /** Indices into `RobotModel.links`. */
  readonly parent: number;
  readonly child: number;
  /** The child link's origin in the parent link's frame. */
  readonly originM: Vec3;
  /** Unit axis, in the frames of both links. */
  readonly axis: Vec3;
}

/** The sphere at the end of a leg. */
export interface FootModel {
  readonly name: string;
  /** The link that carries it: the calf. */
  readonly link: number;
  readonly centerM: Vec3;
  readonly radiusM: number;
}

/** A quadruped with 12 actuated joints, leg order FL FR RL RR, hip thigh calf. */
export interface RobotModel {
  readonly name: string;
  readonly massKg: number;
  /** Index 0 is the trunk, 1 + 3·leg + k the leg's links. */
  readonly links: readonly LinkModel[];
  readonly joints: readonly JointModel[];
  readonly feet: readonly FootModel[];
  readonly jointNames: readonly string[];
  /** All [12]. */
  readonly qDefaultRad: Float32Array;
  readonly qMinRad: Float32Array;
  readonly qMaxRad: Float32Array;
  readonly torqueMaxNm: Float32Array;
  readonly velocityMaxRadPerS: Float32Array;
  /** Motor gains: N·m/rad and N·m·s/rad. [12] */
  readonly kp: Float32Array;
  readonly kd: Float32Array;
  /** Height of the base above the feet's soles in the default pose, m. */
  readonly nominalHeightM: number;
  readonly legs: LegGeometry;
}

/** The two documents a robot is made of; a policy bundle carries them along. */
export interface RobotSource {
  readonly urdf: string;
  /** The parsed sidecar JSON: gains, default pose, limits that a URDF cannot say. */
  readonly tuning: unknown;
}
