/** Mass properties of rigid bodies: turning, shifting, merging and checking them. */

import type { Quat, Vec3 } from "../math.js";
import { add, rotate } from "../math.js";
import { principalAxes } from "./principal-axes.js";
import type { InertiaTensor } from "./urdf.js";

export interface MassProperties {
  readonly massKg: number;
  readonly comM: Vec3;
  /** About the centre of mass. */
  readonly inertiaKgM2: InertiaTensor;
}

/** I' = R · I · Rᵀ: the same body's tensor in axes in which it appears turned by `rotation`. */
export function rotateInertia(tensor: InertiaTensor, rotation: Quat): InertiaTensor {
  const [xx, xy, xz, yy, yz, zz] = tensor;
  // With r_i the columns of R, I' = Σ_ik I_ik r_i r_kᵀ.
  const columns = [rotate(rotation, [1, 0, 0]), rotate(rotation, [0, 1, 0]), rotate(rotation, [0, 0, 1])] as const;
  const rows: readonly Vec3[] = [
    [xx, xy, xz],
    [xy, yy, yz],
    [xz, yz, zz],
  ];
  const entry = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 3; k++) sum += columns[i][a] * rows[i][k] * columns[k][b];
    }
    return sum;
  };
  return [entry(0, 0), entry(0, 1), entry(0, 2), entry(1, 1), entry(1, 2), entry(2, 2)];
}

/** Tensor of a point mass at `d`: m (|d|² 1 − d dᵀ), which the parallel axis theorem adds to a body's own. */
export function pointInertia(massKg: number, [x, y, z]: Vec3): InertiaTensor {
  return [
    massKg * (y * y + z * z),
    -massKg * x * y,
    -massKg * x * z,
    massKg * (x * x + z * z),
    -massKg * y * z,
    massKg * (x * x + y * y),
  ];
}

/** Joins bodies given in common axes into one: total mass, common centre of mass, tensor about it. */
export function mergeMass(parts: readonly MassProperties[]): MassProperties {
  const massKg = parts.reduce((sum, part) => sum + part.massKg, 0);
  if (massKg === 0) return { massKg, comM: [0, 0, 0], inertiaKgM2: [0, 0, 0, 0, 0, 0] };
  const comM = parts.reduce<Vec3>((sum, part) => add(sum, scale(part.comM, part.massKg / massKg)), [0, 0, 0]);
  const inertiaKgM2 = parts.reduce<InertiaTensor>(
    (sum, part) => {
      const offset = add(part.comM, scale(comM, -1));
      return addTensors(sum, addTensors(part.inertiaKgM2, pointInertia(part.massKg, offset)));
    },
    [0, 0, 0, 0, 0, 0],
  );
  return { massKg, comM, inertiaKgM2 };
}

/** Published tensors are rounded: principal moments may break a rule by this share of the largest. */
const TOLERANCE = 0.01;

/**
 * What is wrong with a tensor, as a phrase, or null. No body has a negative principal moment, and none has one that exceeds
 * the sum of the two others (I1 + I2 - I3 = 2 Σ m z3² >= 0).
 */
export function inertiaFault(tensor: InertiaTensor): string | null {
  const moments = [...principalAxes(tensor).moments].sort((a, b) => a - b);
  const [small, middle, large] = moments as [number, number, number];
  const shown = moments.map((moment) => Number(moment.toPrecision(3))).join(", ");
  if (small < -TOLERANCE * Math.abs(large)) {
    return `principal moments ${shown} kg m^2, expected a positive definite tensor`;
  }
  if (large > small + middle + TOLERANCE * large) {
    return `principal moments ${shown} kg m^2, expected none above the sum of the two others`;
  }
  return null;
}

/** Whether a body with this tensor resists rotation about every axis, as one that moves must. */
export function isPositiveDefinite(tensor: InertiaTensor): boolean {
  return Math.min(...principalAxes(tensor).moments) > 0;
}

function scale(v: Vec3, factor: number): Vec3 {
  return [v[0] * factor, v[1] * factor, v[2] * factor];
}

function addTensors(a: InertiaTensor, b: InertiaTensor): InertiaTensor {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5]];
}
