import { beforeAll, describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { LegOdometry } from "../../../sim/control/odometry.js";
import type { Vec3 } from "../../../sim/math.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotState, type RobotState } from "../../../sim/robot/state.js";
import { createEnv } from "../../support/envs.js";
import { apply, footCentre, linkPoses, type Numbers, ORIGIN, sum, transpose } from "../../support/link-poses.js";
import { model, rowOf } from "../../support/world.js";

beforeAll(loadPhysics);

const STEP_S = 0.02;
const NO_STANCE = new Uint8Array(4);
const RADIUS_M = model.legs.footRadiusM;

function createOdometry(numRobots = 1): LegOdometry {
  const odometry = new LegOdometry(model.legs, model.nominalHeightM, STEP_S, numRobots);
  for (let robot = 0; robot < numRobots; robot++) odometry.reset(robot);
  return odometry;
}

/** What the accelerometer of a base adds up that keeps `velocity` in its own turning frame: (ω × v + g up) dt. */
function steadyAccelerometer(state: RobotState, robot: number, velocity: Numbers): void {
  const turning = cross(rowOf(state.baseAngularVelocity, robot, 3), velocity);
  for (let k = 0; k < 3; k++) {
    const gravity = 9.81 * state.projectedGravity[3 * robot + k];
    state.deltaVelocity[3 * robot + k] = (turning[k] - gravity) * STEP_S;
  }
}

/**
 * Estimates are smoothed, by 5 % of the rest at a time: of one and the same measurement 0.95³⁰⁰ = 2e-7 is left after 300
 * updates. The accelerometer tells of no change of the estimate.
 */
function settle(odometry: LegOdometry, state: RobotState, robot = 0): number[] {
  for (let i = 0; i < 300; i++) {
    steadyAccelerometer(state, robot, rowOf(odometry.velocity, robot, 3));
    odometry.update(robot, state, new Uint8Array(state.footContact.length).fill(1));
  }
  return [...rowOf(odometry.velocity, robot, 3)];
}

function cross([ax, ay, az]: Numbers, [bx, by, bz]: Numbers): Vec3 {
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}

/** A level robot at rest in the default pose, feet in the air. */
function restingState(numRobots = 1): RobotState {
  const state = createRobotState(numRobots);
  for (let robot = 0; robot < numRobots; robot++) {
    state.jointPosition.set(model.qDefaultRad, NUM_JOINTS * robot);
    state.projectedGravity.set([0, 0, -1], 3 * robot);
  }
  return state;
}

/**
 * Velocity of the base for which the sole of one foot stands still: the point of the shin that is the sole now moves in the base
 * frame as the joints turn (here by differences), and with the base's own turning: v = −(d sole/dt + ω × sole).
 */
function plantedVelocity(state: RobotState, leg: number): Vec3 {
  const [q, rates] = [state.jointPosition, state.jointVelocity].map((values) => rowOf(values, 0, NUM_JOINTS));
  const soleOf = (angles: Numbers) => {
    const down = Array.from(state.projectedGravity, (x) => RADIUS_M * x);
    return sum(footCentre(model, linkPoses(model, ORIGIN, angles), leg), down);
  };
  const sole = soleOf(q);
  const shin = model.feet[leg].link;
  const inShin = (() => {
    const { position, rotation } = linkPoses(model, ORIGIN, q)[shin];
    return apply(
      transpose(rotation),
      sole.map((x, k) => x - position[k]),
    );
  })();
  const h = 1e-5;
  const [after, before] = [h, -h].map((dt) => {
    const angles = Array.from(q, (angle, j) => angle + dt * rates[j]);
    const { position, rotation } = linkPoses(model, ORIGIN, angles)[shin];
    return sum(position, apply(rotation, inShin));
  });
  const turning = cross(state.baseAngularVelocity, sole);
  return [0, 1, 2].map((k) => -((after[k] - before[k]) / (2 * h) + turning[k])) as unknown as Vec3;
}

describe("base velocity from a planted foot", () => {
  it("is that of a trunk that pitches about the sole: forward at its height", () => {
    const state = restingState();
    state.footContact[0] = 1;
    state.baseAngularVelocity[1] = 0.5;
    // The front left sole is at (x, y, −h): v = −ω × sole = −(0.5 · −h, 0, −0.5 x) = (0.5 h, 0, 0.5 x).
    const poses = linkPoses(model, ORIGIN, model.qDefaultRad);
    const [x, , z] = footCentre(model, poses, 0);
    const [vx, vy, vz] = settle(createOdometry(), state);
    expect(vx).toBeCloseTo(0.5 * (RADIUS_M - z), 5);
    expect(vy).toBeCloseTo(0, 6);
    expect(vz).toBeCloseTo(0.5 * x, 3);
  });

  it.each([0, 1, 2, 3])("is exact for leg %i with all joints and the trunk in motion, its sole rolling", (leg) => {
    const state = restingState();
    state.jointPosition.forEach((q, j) => {
      state.jointPosition[j] = q + 0.3 * Math.sin(2 * j);
    });
    state.jointVelocity.set(Array.from({ length: NUM_JOINTS }, (_, j) => 3 * Math.cos(1 + 1.7 * j)));
    state.baseAngularVelocity.set([0.7, -1.1, 0.4]);
    state.projectedGravity.set([0.36, -0.48, -0.8]); // 0.1296 + 0.2304 + 0.64 = 1
    state.footContact[leg] = 1;
    const expected = plantedVelocity(state, leg);
    expect(Math.hypot(...expected)).toBeGreaterThan(0.3);
    settle(createOdometry(), state).forEach((v, k) => {
      // The legs' kinematics takes some offsets of the A1's links, below 2 mm, as zero: 2 mm · 5 rad/s.
      expect(Math.abs(v - expected[k])).toBeLessThan(0.01);
    });
  });

  it("tells a rolling foot from a point: without the sole's radius it would be off by radius · rate", () => {
    const state = restingState();
    state.footContact[1] = 1;
    state.jointVelocity.set([0, 2, 0], 3);
    // The thigh swings the whole leg at 2 rad/s: a foot that rolls on its sole makes 2 · 0.02 = 0.04 m/s of the trunk's speed.
    const [vx] = settle(createOdometry(), state);
    const expected = plantedVelocity(state, 1)[0];
    expect(Math.abs(vx - expected)).toBeLessThan(0.005);
    const [, , z] = footCentre(model, linkPoses(model, ORIGIN, model.qDefaultRad), 1);
    const hipZ = model.joints[3].originM[2];
    expect(expected).toBeCloseTo(2 * (hipZ - z + RADIUS_M), 3);
  });

  it("is the mean of the feet on the ground, those in the air left out", () => {
    const state = restingState();
    state.baseAngularVelocity.set([0, 0.4, 0.9]);
    const one = (leg: number) => {
      state.footContact.fill(0);
      state.footContact[leg] = 1;
      return settle(createOdometry(), state);
    };
    const [front, rear] = [one(0), one(3)];
    state.footContact.set([1, 0, 0, 1]);
    settle(createOdometry(), state).forEach((v, k) => {
      expect(v).toBeCloseTo((front[k] + rear[k]) / 2, 5);
    });
    expect(Math.abs(front[1] - rear[1])).toBeGreaterThan(0.1);
  });

  it("takes no foot that has just come down, nor one that is about to lift off", () => {
    const state = restingState();
    state.baseAngularVelocity.set([0, 0.4, 0.9]);
    state.footContact.set([1, 0, 0, 1]);
    const stance = Uint8Array.of(1, 0, 0, 1);
    const first = createOdometry();
    const updated = (odometry: LegOdometry, scheduled: Uint8Array) => {
      steadyAccelerometer(state, 0, rowOf(odometry.velocity, 0, 3));
      odometry.update(0, state, scheduled);
      return [...rowOf(odometry.velocity, 0, 3)];
    };
    // Both feet come down: the estimate stays at rest, as the accelerometer has it.
    for (const v of updated(first, stance)) expect(Math.abs(v)).toBeLessThan(1e-3);
    // At the next step foot 0 counts, and foot 3, meant to be in the air, does not: 5 % of what foot 0 alone tells.
    const both = updated(first, Uint8Array.of(1, 0, 0, 0));
    plantedVelocity(state, 0).forEach((v, k) => {
      expect(Math.abs(both[k] - 0.05 * v)).toBeLessThan(2e-3);
    });
    expect(Math.abs(0.05 * (plantedVelocity(state, 0)[1] - plantedVelocity(state, 3)[1]))).toBeGreaterThan(0.01);
  });

  it("holds with no foot on the ground, and is each robot's own", () => {
    const state = restingState(2);
    const odometry = createOdometry(2);
    state.footContact.fill(1, 4);
    state.baseAngularVelocity.set([0, 0.5, 0], 3);
    const moving = settle(odometry, state, 1);
    expect(moving[0]).toBeGreaterThan(0.1);
    state.footContact.fill(0);
    state.baseAngularVelocity.fill(0);
    // The trunk stops turning within one step, at half of the rate in its mean: 0.25 · 0.02 rad of 0.16 m/s.
    settle(odometry, state, 1).forEach((v, k) => {
      expect(Math.abs(v - moving[k])).toBeLessThan(1e-3);
    });
    settle(odometry, state, 0).forEach((v) => {
      expect(v).toBeCloseTo(0, 5);
    });
    odometry.reset(1);
    expect([...rowOf(odometry.velocity, 1, 3)]).toEqual([0, 0, 0]);
  });
});

describe("base velocity from the IMU", () => {
  it("adds up what the accelerometer measures, gravity taken off, with no foot on the ground", () => {
    const state = restingState();
    const odometry = createOdometry();
    // 0.5 s at 2 m/s² forward, the accelerometer feeling gravity's reaction as well.
    state.deltaVelocity.set([2 * STEP_S, 0, 9.81 * STEP_S]);
    for (let i = 0; i < 25; i++) odometry.update(0, state, NO_STANCE);
    const [vx, vy, vz] = odometry.velocity;
    expect(vx).toBeCloseTo(1, 5);
    expect(vy).toBeCloseTo(0, 6);
    expect(vz).toBeCloseTo(0, 5);
  });

  it("turns a velocity that is kept in the world as the base turns", () => {
    const state = restingState();
    const odometry = createOdometry();
    state.deltaVelocity.set([1, 0, 9.81 * STEP_S]);
    odometry.update(0, state, NO_STANCE);
    // From 1 m/s forward, a turn to the left by 0.1 rad leaves (cos 0.1, −sin 0.1), but for a second-order 0.1²/2 · 1/5.
    state.deltaVelocity.set([0, 0, 9.81 * STEP_S]);
    state.baseAngularVelocity.set([0, 0, 1]);
    for (let i = 0; i < 5; i++) odometry.update(0, state, NO_STANCE);
    // The first update takes the mean of the rates before (0) and after (1): 0.09 rad in all.
    expect(odometry.velocity[0]).toBeCloseTo(Math.cos(0.09), 2);
    expect(odometry.velocity[1]).toBeCloseTo(-Math.sin(0.09), 2);
  });
});

describe("base height from planted feet", () => {
  it("is nominal at a reset, and from then on what the legs in contact span, along gravity", () => {
    const odometry = createOdometry();
    expect(odometry.height[0]).toBeCloseTo(model.nominalHeightM, 6);
    const state = restingState();
    state.footContact[2] = 1;
    settle(odometry, state);
    const foot = footCentre(model, linkPoses(model, ORIGIN, model.qDefaultRad), 2);
    expect(Math.abs(odometry.height[0] - (RADIUS_M - foot[2]))).toBeLessThan(1e-3);
    state.projectedGravity.set([0.6, 0, -0.8]);
    settle(odometry, state);
    expect(Math.abs(odometry.height[0] - (0.6 * foot[0] - 0.8 * foot[2] + RADIUS_M))).toBeLessThan(2e-3);
  });
});

describe("odometry of a robot that trots", () => {
  it("follows the truth", () => {
    const env = createEnv(4, {
      episodeS: 60,
      command: { gaits: ["walking-trot"], vxMPerS: [0.3, 0.3], vyMPerS: [0, 0], yawRateRadPerS: [0, 0] },
      randomization: { friction: [1, 1] },
    });
    let error = 0;
    let speed = 0;
    let samples = 0;
    for (let t = 0; t < 125; t++) {
      env.step(new Float32Array(4 * NUM_JOINTS));
      // At the start robots move, and the estimate is zero: forgotten after 1 s, 50 corrections of 0.05, to 8 %.
      if (t < 50) continue;
      for (let robot = 0; robot < 4; robot++) {
        error += Math.abs(
          env.control.estimate.odometry.velocity[3 * robot] - env.physics.state.baseVelocity[3 * robot],
        );
        speed += env.physics.state.baseVelocity[3 * robot];
        samples++;
      }
    }
    env.free();
    expect(speed / samples).toBeGreaterThan(0.15);
    expect(error / samples).toBeLessThan(0.025);
  });
});
