import { beforeAll, describe, expect, it } from "vitest";
import { gaitIndex } from "../../gaits/library.js";
import { NUM_JOINTS } from "../../gaits/types.js";
import { exportGolden } from "../../policy/export/golden.js";
import { MUJOCO_SETTINGS } from "../../policy/sim2sim/mjcf.js";
import { MujocoRobot } from "../../policy/sim2sim/mujoco-robot.js";
import { MujocoTrial } from "../../policy/sim2sim/trial.js";
import type { SensorConfig } from "../../sim/config-sections.js";
import { sensorConfigSchema } from "../../sim/config-sections.js";
import { VecEnv } from "../../sim/env.js";
import { type EpisodeColumnName, episodeColumn } from "../../sim/episode-log.js";
import { IDENTITY } from "../../sim/math.js";
import type { Engine, Pose } from "../../sim/physics/engine.js";
import { loadPhysics } from "../../sim/physics/world.js";
import { Rng } from "../../sim/rng.js";
import { createRobotState } from "../../sim/robot/state.js";
import { SimulatedRobots } from "../../sim/simulated-robots.js";
import { type LiveInput, LiveSimulation } from "../../viewer/live/live-simulation.js";
import { constantPolicy } from "../support/constant-policy.js";
import { type EnvOverrides, envConfig } from "../support/envs.js";
import { FLAT, model } from "../support/world.js";

beforeAll(loadPhysics);

/** Notes what it is asked for. With each `read`, joints are where they were told to be. */
class NotingEngine implements Engine {
  readonly state;
  readonly calls: string[] = [];
  private target: Float32Array = new Float32Array(0);

  constructor(
    readonly numRobots: number,
    readonly lateTargets: Engine["lateTargets"],
  ) {
    this.state = createRobotState(numRobots);
  }

  place(robot: number, { joints }: Pose): void {
    this.state.jointPosition.set(joints, NUM_JOINTS * robot);
  }

  setTargets(q: Float32Array): void {
    this.target = q;
    const ofEach = Array.from({ length: this.numRobots }, (_, robot) => q[NUM_JOINTS * robot].toFixed(4));
    this.calls.push(`set ${ofEach.join(" ")}`);
  }

  advance(durationS: number): void {
    if (durationS > 0) this.calls.push(`advance ${durationS.toFixed(4)}`);
  }

  read(): void {
    this.calls.push("read");
    this.state.jointPosition.set(this.target);
  }
}

function robotsIn(engine: Engine, delaySteps: readonly number[], sensors: Partial<SensorConfig> = {}): SimulatedRobots {
  const config = { control: envConfig().control, sensors: sensorConfigSchema.parse(sensors) };
  const robots = new SimulatedRobots(engine, config, Float32Array.from(delaySteps), new Rng(1));
  const joints = new Float32Array(NUM_JOINTS).fill(0.1);
  delaySteps.forEach((_, robot) => {
    robots.place(robot, { position: [0, 0, 0], rotation: IDENTITY, joints });
  });
  return robots;
}

const targets = (numRobots: number, q: number) => new Float32Array(NUM_JOINTS * numRobots).fill(q);

describe("a policy step", () => {
  it("blends targets that come late: 0.5 + 0.25 (0.1 − 0.5) = 0.4, each robot's by its own delay", () => {
    const engine = new NotingEngine(2, "blended");
    const robots = robotsIn(engine, [0.25, 0]);
    robots.step(targets(2, 0.5));
    expect(engine.calls).toEqual(["set 0.4000 0.5000", "advance 0.0200", "read"]);
    robots.step(targets(2, 0.5));
    robots.step(targets(2, 0.9));
    // 0.9 + 0.25 (0.5 − 0.9)
    expect(engine.calls.filter((call) => call.startsWith("set")).slice(1)).toEqual([
      "set 0.5000 0.5000",
      "set 0.8000 0.9000",
    ]);
  });

  it("holds the last targets for a quarter of 20 ms in an engine that can", () => {
    const engine = new NotingEngine(1, "held");
    robotsIn(engine, [0.25]).step(targets(1, 0.5));
    expect(engine.calls).toEqual(["advance 0.0050", "set 0.5000", "advance 0.0150", "read"]);
  });

  it.each(["blended", "held"] as const)(
    "has motors off by what encoders are off by, which then read as told (%s)",
    (late) => {
      const engine = new NotingEngine(1, late);
      const robots = robotsIn(engine, [0], { jointOffsetRad: 0.05 });
      const { jointOffset, readings } = robots.sensors;
      expect(Math.max(...jointOffset.map(Math.abs))).toBeGreaterThan(0.02);
      robots.step(targets(1, 0.5));
      for (let j = 0; j < NUM_JOINTS; j++) {
        expect(engine.state.jointPosition[j]).toBeCloseTo(0.5 - jointOffset[j], 6);
        expect(readings.jointPosition[j]).toBeCloseTo(0.5, 6);
      }
    },
  );

  it("starts from the pose that a robot is placed in, again and again", () => {
    const engine = new NotingEngine(1, "blended");
    const robots = robotsIn(engine, [0.5]);
    robots.step(targets(1, 0.5));
    robots.place(0, { position: [0, 0, 0], rotation: IDENTITY, joints: new Float32Array(NUM_JOINTS).fill(0.3) });
    expect(robots.sensors.readings.jointPosition[0]).toBeCloseTo(0.3, 6);
    robots.step(targets(1, 0.5));
    // 0.5 + 0.5 (0.1 − 0.5), then 0.5 + 0.5 (0.3 − 0.5)
    expect(engine.calls.filter((call) => call.startsWith("set"))).toEqual(["set 0.3000", "set 0.4000"]);
  });
});

/** Joint targets of a first policy step, rad, and joint rates after it, rad/s. */
interface FirstStep {
  readonly told: readonly number[];
  readonly moved: readonly number[];
}

const ACTION = 0.3;
const STEP_S = 0.02;

function inTraining(overrides: EnvOverrides): FirstStep {
  const env = new VecEnv(model, envConfig(overrides), 2, FLAT, 1);
  env.step(new Float32Array(2 * NUM_JOINTS).fill(ACTION));
  const step = { told: [...env.control.jointTarget], moved: [...env.physics.state.jointVelocity] };
  env.free();
  return step;
}

async function inLiveMode(overrides: EnvOverrides): Promise<FirstStep> {
  const options = { bundle: constantPolicy(ACTION, overrides), task: null, terrain: FLAT.spec, seed: 1 };
  const simulation = await LiveSimulation.create(options);
  const input: LiveInput = { command: [0, 0, 0], gait: gaitIndex("trot"), controller: "policy", pull: null };
  simulation.advance(0, input, ["reset"]);
  const { frames } = simulation.advance(1, input);
  simulation.free();
  const column = (name: EpisodeColumnName) => {
    const { offset, size } = episodeColumn(name);
    return [...frames.subarray(offset, offset + size)];
  };
  return { told: column("jointTarget"), moved: column("jointVelocity") };
}

function inGoldenVectors(overrides: EnvOverrides): FirstStep {
  const golden = JSON.parse(exportGolden(constantPolicy(ACTION, overrides), model).get("golden.json")!);
  const [first, second] = golden.steps;
  return { told: first.jointTarget, moved: second.jointVelocity };
}

async function inMujoco(overrides: EnvOverrides): Promise<FirstStep> {
  const robot = await MujocoRobot.create(model, { setting: MUJOCO_SETTINGS.rigid, friction: 0.8 });
  const told = model.qDefaultRad.map((q) => q + 0.1);
  const scenario = { trialS: STEP_S, gaitSource: "told" as const, tell: () => ({ gait: "trot", vx: 0, yawRate: 0 }) };
  const course = { model, env: envConfig(overrides), terrain: FLAT, scenario, seed: 1 };
  await new MujocoTrial(robot, { reset() {}, step: async () => told }, course, 0).run();
  const moved = [...robot.state.jointVelocity];
  robot.free();
  return { told: [...told], moved };
}

/** Motors that get their targets so late, s. */
const late = (leastS: number, mostS = leastS): EnvOverrides => ({ randomization: { actionDelayS: [leastS, mostS] } });

describe.each<readonly [string, (overrides: EnvOverrides) => FirstStep | Promise<FirstStep>]>([
  ["training", inTraining],
  ["live mode", inLiveMode],
  ["golden vectors", inGoldenVectors],
  ["MuJoCo", inMujoco],
])("two robots of the same targets in %s", (_, firstStep) => {
  it("move alike", async () => {
    expect(await firstStep(late(0.004))).toEqual(await firstStep(late(0.004)));
  });

  it("move differently where they differ in the motors' delay alone", async () => {
    const [soon, later] = [await firstStep(late(0.004)), await firstStep(late(0.012))];
    expect(later.told).toEqual(soon.told);
    expect(later.moved).not.toEqual(soon.moved);
  });

  it("move differently where they differ in what joint encoders are off by alone", async () => {
    const [exact, off] = [await firstStep({}), await firstStep({ sensors: { jointOffsetRad: 0.05 } })];
    expect(off.told).toEqual(exact.told);
    expect(off.moved).not.toEqual(exact.moved);
  });
});

describe("of a range of delays", () => {
  it("live mode has the mean: (4 + 12) / 2 = 8 ms", async () => {
    expect(await inLiveMode(late(0.004, 0.012))).toEqual(await inLiveMode(late(0.008)));
  });

  it("golden vectors and MuJoCo draw one", async () => {
    for (const firstStep of [inGoldenVectors, inMujoco]) {
      const moved = async (overrides: EnvOverrides) => (await firstStep(overrides)).moved;
      const drawn = await moved(late(0, 0.02));
      for (const delayS of [0, 0.01, 0.02]) expect(await moved(late(delayS))).not.toEqual(drawn);
    }
  });
});
