/** What people do to the robot: pull at it, push it, throw planks in its way. */

import { JOINTS_PER_LEG, NUM_LEGS } from "../../gaits/types.js";
import type { Quat, Vec3 } from "../../sim/math.js";
import { add, rotate } from "../../sim/math.js";
import type { PhysicsWorld } from "../../sim/physics/world.js";
import type { Rng } from "../../sim/rng.js";
import { heightAt, type Terrain } from "../../sim/terrain/height-field.js";
import type { Push } from "../scene/push-arrow.js";

/** A spring from a point of the trunk (base frame, m) to one of the world (m). */
export interface Pull {
  readonly point: Vec3;
  readonly target: Vec3;
}

/** Spring and damper of a pull, and how far it goes, of the robot's weight per metre, of its mass per second, of its weight. */
const PULL_WEIGHTS_PER_M = 2;
const PULL_DAMPING_PER_S = 3;
const MAX_PULL_WEIGHTS = 1;

/** A sudden push changes the robot's velocity by this, m/s: twice what robots are trained with, at most. */
const PUSH_M_PER_S = 0.8;

const PLANKS_AT_ONCE = 4;
/** Where planks fall, seen from the robot: ahead and to the sides, m, from this high above the ground. */
const PLANKS_AHEAD_M = [0.5, 1.6] as const;
const PLANKS_ASIDE_M = 0.4;
const PLANKS_ABOVE_M = 0.15;

/** Force of a pull on a robot of this mass, whose trunk is at rest but for `velocity` (world frame, m/s), N. */
export function pullForce(massKg: number, stretch: Vec3, velocity: Vec3): Vec3 {
  const weight = 9.81 * massKg;
  const force = stretch.map((d, k) => PULL_WEIGHTS_PER_M * weight * d - PULL_DAMPING_PER_S * massKg * velocity[k]);
  const excess = Math.hypot(...force) / (MAX_PULL_WEIGHTS * weight);
  return scaled(force, excess > 1 ? 1 / excess : 1);
}

/** Pulls for `durationS`, as a single push at its start. */
export function pullTrunk(physics: PhysicsWorld, { point, target }: Pull, durationS: number): void {
  const { basePosition, baseRotation, baseVelocity } = physics.state;
  const rotation = [...baseRotation] as unknown as Quat;
  const grip = add([...basePosition] as unknown as Vec3, rotate(rotation, point));
  const stretch = add(target, scaled(grip, -1));
  const velocity = rotate(rotation, [...baseVelocity] as unknown as Vec3);
  physics.pushTrunk(0, point, scaled(pullForce(physics.model.massKg, stretch, velocity), durationS));
}

/** At one of the hips, sideways, forward or backward. Returns the push. */
export function pushAtRandom(physics: PhysicsWorld, rng: Rng): Push {
  const angle = rng.uniform(-Math.PI, Math.PI);
  const leg = rng.integer(NUM_LEGS);
  const velocityChange: Vec3 = [PUSH_M_PER_S * Math.cos(angle), PUSH_M_PER_S * Math.sin(angle), 0];
  physics.pushHip(0, leg, velocityChange);
  return { point: physics.model.joints[JOINTS_PER_LEG * leg].originM, velocityChange };
}

/** Lets planks fall in the robot's way. */
export function dropPlanks(physics: PhysicsWorld, terrain: Terrain, rng: Rng): void {
  const { basePosition, baseRotation } = physics.state;
  const [forwardX, forwardY] = rotate([...baseRotation] as unknown as Quat, [1, 0, 0]);
  for (let i = 0; i < PLANKS_AT_ONCE; i++) {
    const ahead = rng.uniform(...PLANKS_AHEAD_M);
    const aside = rng.uniform(-PLANKS_ASIDE_M, PLANKS_ASIDE_M);
    const x = basePosition[0] + ahead * forwardX - aside * forwardY;
    const y = basePosition[1] + ahead * forwardY + aside * forwardX;
    const z = heightAt(terrain, x, y) + PLANKS_ABOVE_M * (1 + i);
    physics.planks.drop([x, y, z], rng.uniform(-Math.PI, Math.PI));
  }
}

function scaled(v: readonly number[], factor: number): Vec3 {
  return [factor * v[0], factor * v[1], factor * v[2]];
}
