/** Motions that put a simulated robot to the test, and what became of them, whatever the engine. */

import { legJointAngles } from "../../../gaits/kinematics.js";
import { gaitIndex } from "../../../gaits/library.js";
import { GaitMemory } from "../../../gaits/memory.js";
import { JOINTS_PER_LEG, NUM_JOINTS, NUM_LEGS } from "../../../gaits/types.js";
import { IDENTITY } from "../../../sim/math.js";
import type { Engine } from "../../../sim/physics/engine.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import { stepGait } from "./gait-step.js";

export interface Workload {
  readonly name: string;
  readonly fixedBase: boolean;
  readonly durationS: number;
  /** Height of the base at the start, m; the joints start in the default pose. */
  readonly startHeightM: number;
  /** Writes the motor targets (rad, [12]) that hold from `timeS` on; called once a control step, in order. */
  target(out12: Float32Array, timeS: number): void;
}

/** Recorded after every control step. */
export interface Trajectory {
  /** [T, 12] */
  readonly jointRad: Float32Array;
  /** [T] */
  readonly heightM: Float32Array;
}

export const CONTROL_STEP_S = 0.02;

/** Runs a workload from its start, in an engine of one robot. */
export function record(engine: Engine, model: RobotModel, workload: Workload): Trajectory {
  const steps = Math.round(workload.durationS / CONTROL_STEP_S);
  const jointRad = new Float32Array(steps * NUM_JOINTS);
  const heightM = new Float32Array(steps);
  const target = new Float32Array(NUM_JOINTS);
  engine.place(0, { position: [0, 0, workload.startHeightM], rotation: IDENTITY, joints: model.qDefaultRad });
  for (let t = 0; t < steps; t++) {
    workload.target(target, t * CONTROL_STEP_S);
    engine.setTargets(target);
    engine.advance(CONTROL_STEP_S);
    engine.read();
    jointRad.set(engine.state.jointPosition, t * NUM_JOINTS);
    heightM[t] = engine.state.basePosition[2];
  }
  return { jointRad, heightM };
}

/** Root mean square of the difference of two equally long records. */
export function rmsDifference(a: Float32Array, b: Float32Array): number {
  const squares = a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
  return Math.sqrt(squares / a.length);
}

export const WORKLOADS: Readonly<Record<string, (model: RobotModel) => Workload>> = {
  stand: (model) => hold(model, "stand", 0),
  drop: (model) => hold(model, "drop", 0.1),
  step,
  sine,
  squat,
  trot,
};

/** Holds the default pose, starting above its height. */
function hold(model: RobotModel, name: string, aboveM: number): Workload {
  return {
    name,
    fixedBase: false,
    durationS: 2,
    startHeightM: model.nominalHeightM + aboveM,
    target: (out) => out.set(model.qDefaultRad),
  };
}

/** Every joint steps by 0.3 rad, trunk held. */
function step(model: RobotModel): Workload {
  return {
    name: "step",
    fixedBase: true,
    durationS: 1,
    startHeightM: 1,
    target: (out) => out.set(model.qDefaultRad.map((q) => q + 0.3)),
  };
}

/** Every joint swings by ±0.3 rad at 2 Hz, each a twelfth of a cycle behind the last, trunk held. */
function sine(model: RobotModel): Workload {
  return {
    name: "sine",
    fixedBase: true,
    durationS: 2,
    startHeightM: 1,
    target: (out, timeS) =>
      out.set(model.qDefaultRad.map((q, j) => q + 0.3 * Math.sin(2 * Math.PI * (2 * timeS - j / NUM_JOINTS)))),
  };
}

/** Goes down by 80 mm and up again, twice in three seconds, by leg kinematics. */
function squat(model: RobotModel): Workload {
  const { hipOffsetM, abductionOffsetM, footRadiusM } = model.legs;
  const foot = new Float32Array(3);
  return {
    name: "squat",
    fixedBase: false,
    durationS: 3,
    startHeightM: model.nominalHeightM,
    target(out, timeS) {
      const down = 0.04 * (1 - Math.cos((2 * Math.PI * timeS) / 1.5));
      for (let leg = 0; leg < NUM_LEGS; leg++) {
        foot[0] = hipOffsetM[3 * leg];
        foot[1] = hipOffsetM[3 * leg + 1] + abductionOffsetM[leg];
        foot[2] = footRadiusM - model.nominalHeightM + down;
        legJointAngles(out, JOINTS_PER_LEG * leg, model.legs, leg, foot, 0);
      }
    },
  };
}

/**
 * The gait memory's trot at 0.3 m/s, open loop: the memory is told that the robot does as commanded.
 * @param strideCycle point of the stride to start at, cycles
 */
export function trot(model: RobotModel, strideCycle = 0): Workload {
  const vx = 0.3;
  const geometry = model.legs;
  const gait = new GaitMemory({ numRobots: 1, dtS: CONTROL_STEP_S, geometry, nominalHeightM: model.nominalHeightM });
  gait.reset(0, gaitIndex("trot"), strideCycle);
  return {
    name: "trot",
    fixedBase: false,
    durationS: 2,
    startHeightM: model.nominalHeightM,
    target(out) {
      stepGait(gait, 0, vx, 0, 0, vx, 0, 0, model.nominalHeightM);
      for (let leg = 0; leg < NUM_LEGS; leg++) {
        legJointAngles(out, JOINTS_PER_LEG * leg, geometry, leg, gait.reference.footTargetM, JOINTS_PER_LEG * leg);
      }
    },
  };
}
