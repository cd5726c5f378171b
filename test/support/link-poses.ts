/** Where a robot's parts are, by rotation matrices: kinematics of the tests' own, to hold against what the product computes. */

import type { Vec3 } from "../../sim/math.js";
import type { RobotModel } from "../../sim/robot/types.js";

/** Arrays of either kind. */
export type Numbers = ArrayLike<number> & Iterable<number>;

/** Row-major rotation matrix. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

export interface LinkPose {
  readonly position: Vec3;
  readonly rotation: Matrix3;
}

export function matrixOf([x, y, z, w]: Numbers): Matrix3 {
  return [
    ...([1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)] as const),
    ...([2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)] as const),
    ...([2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)] as const),
  ];
}

export function apply(m: Matrix3, [x, y, z]: Numbers): Vec3 {
  return [m[0] * x + m[1] * y + m[2] * z, m[3] * x + m[4] * y + m[5] * z, m[6] * x + m[7] * y + m[8] * z];
}

export function transpose(m: Matrix3): Matrix3 {
  return [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
}

export function times(a: Matrix3, b: Matrix3): Matrix3 {
  const columns = [0, 1, 2].map((k) => apply(a, [b[k], b[3 + k], b[6 + k]]));
  return [0, 1, 2].flatMap((row) => columns.map((column) => column[row])) as unknown as Matrix3;
}

/** Rodrigues: 1 + sin(angle) K + (1 − cos(angle)) K². */
function about([x, y, z]: Vec3, angleRad: number): Matrix3 {
  const k: Matrix3 = [0, -z, y, z, 0, -x, -y, x, 0];
  const k2 = times(k, k);
  const [s, c] = [Math.sin(angleRad), 1 - Math.cos(angleRad)];
  return [1, 0, 0, 0, 1, 0, 0, 0, 1].map((one, i) => one + s * k[i] + c * k2[i]) as unknown as Matrix3;
}

export function sum(a: Numbers, b: Numbers): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

/** Poses of all 13 links in the frame that the base's pose is given in. */
export function linkPoses(model: RobotModel, base: LinkPose, q: Numbers): LinkPose[] {
  const poses = [base];
  model.joints.forEach(({ parent, child, originM, axis }, j) => {
    const { position, rotation } = poses[parent];
    poses[child] = {
      position: sum(position, apply(rotation, originM)),
      rotation: times(rotation, about(axis, q[j])),
    };
  });
  return poses;
}

/** Centre of mass of the whole robot. */
export function centreOfMass(model: RobotModel, poses: readonly LinkPose[]): Vec3 {
  return model.links.reduce<Vec3>(
    (mean, { massKg, comM }, i) => {
      const at = sum(poses[i].position, apply(poses[i].rotation, comM));
      return sum(
        mean,
        at.map((x) => (x * massKg) / model.massKg),
      );
    },
    [0, 0, 0],
  );
}

/** Centre of one foot's sphere. */
export function footCentre(model: RobotModel, poses: readonly LinkPose[], leg: number): Vec3 {
  const { link, centerM } = model.feet[leg];
  return sum(poses[link].position, apply(poses[link].rotation, centerM));
}

export const ORIGIN: LinkPose = { position: [0, 0, 0], rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
