import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { LocomotionControl } from "../../../sim/control/locomotion-control.js";
import type { VecEnv } from "../../../sim/env.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { addObservationTerms, OBSERVATION, OBSERVATION_SPEC, observationOf } from "../../../sim/task/observation.js";
import type { ActorSources, ObservationTerm } from "../../../sim/task/observation-term.js";
import { createEnv, envConfig, readSlice, sliceOf } from "../../support/envs.js";
import { model, rowOf } from "../../support/world.js";

beforeAll(loadPhysics);

const PRIVILEGED = ["baseVelocity", "baseHeight", "friction", "payload", "motorStrength"];

describe("the layout", () => {
  it("puts slice after slice without gaps, the actor's first", () => {
    let offset = 0;
    for (const slice of OBSERVATION_SPEC.slices) {
      expect(slice.offset).toBe(offset);
      offset += slice.size;
      expect(slice.for).toBe(offset <= OBSERVATION_SPEC.actorSize ? "actor" : "critic");
    }
    expect(offset).toBe(OBSERVATION_SPEC.size);
    expect(new Set(OBSERVATION_SPEC.slices.map(({ name }) => name)).size).toBe(OBSERVATION_SPEC.slices.length);
  });

  it("keeps from the actor what only a simulator knows", () => {
    for (const name of PRIVILEGED) {
      expect(sliceOf(name).for).toBe("critic");
      expect(sliceOf(name).offset).toBeGreaterThanOrEqual(OBSERVATION_SPEC.actorSize);
    }
  });
});

/** A writer over arrays of two robots, filled with numbers that are all different. */
function createWriter() {
  const state = createRobotState(2);
  const control = new LocomotionControl(model, envConfig().control, 2);
  const [friction, payloadKg, motorStrength] = [new Float32Array(2), new Float32Array(2), new Float32Array(2)];
  const randomization = { friction, payloadKg, motorStrength };
  const privileged = { baseHeight: new Float32Array(2), randomization };
  const writer = OBSERVATION.writer({ state, readings: state, control, privileged });
  let count = 0;
  for (const values of [...Object.values(state), privileged.baseHeight, ...Object.values(randomization)]) {
    for (let i = 0; i < values.length; i++) values[i] = values instanceof Uint8Array ? i % 2 : 0.01 * ++count;
  }
  const row = (robot: number) => {
    const out = new Float32Array(OBSERVATION_SPEC.size);
    writer.write(out, 0, robot);
    return out;
  };
  return { state, privileged, row };
}

describe("an actor's observation", () => {
  it("does not change with the truth about velocity, height, position and friction; the critic's does", () => {
    const { state, privileged, row } = createWriter();
    const before = row(1);
    for (const values of [
      state.baseVelocity,
      state.basePosition,
      privileged.baseHeight,
      ...Object.values(privileged.randomization),
    ]) {
      values.fill(9);
    }
    state.shellContact.fill(1);
    const after = row(1);
    const { actorSize } = OBSERVATION_SPEC;
    expect([...after.subarray(0, actorSize)]).toEqual([...before.subarray(0, actorSize)]);
    for (const name of PRIVILEGED) expect(readSlice(after, 0, name)).not.toEqual(readSlice(before, 0, name));
  });

  it("is the robot's own", () => {
    const { state, row } = createWriter();
    const before = row(0);
    state.jointPosition.fill(3, NUM_JOINTS);
    expect(row(0)).toEqual(before);
    expect(readSlice(row(1), 0, "jointPosition")).not.toEqual(readSlice(before, 0, "jointPosition"));
  });
});

describe("slices of an environment's observations", () => {
  const ROBOT = 2;
  let env: VecEnv;

  beforeAll(() => {
    env = createEnv(4, { randomization: { payloadKg: [1, 2] } });
    env.age.fill(0);
    const actions = Float32Array.from({ length: 4 * NUM_JOINTS }, (_, i) => 0.5 * Math.cos(i));
    for (let t = 0; t < 7; t++) env.step(actions);
    expect(env.terminated[ROBOT]).toBe(0);
    return () => env.free();
  });

  const own = (values: Float32Array | Uint8Array, width: number) => [...rowOf(values, ROBOT, width)];
  /** What each slice is scaled from, from the arrays that hold the truth. */
  const VALUES: Readonly<Record<string, () => number[]>> = {
    projectedGravity: () => own(env.physics.state.projectedGravity, 3),
    baseAngularVelocity: () => own(env.physics.state.baseAngularVelocity, 3),
    estimatedHeight: () => own(env.control.estimate.height, 1),
    contactProbability: () => own(env.physics.state.footContact, 4),
    gaitTiming: () => [2.5, 0.5], // A trot's: 1 / 0.4 s, and half of it on the ground.
    estimatedVelocity: () => own(env.control.estimate.velocity, 3),
    jointPosition: () => own(env.physics.state.jointPosition, 12).map((q, j) => q - model.qDefaultRad[j]),
    jointVelocity: () => own(env.physics.state.jointVelocity, 12),
    lastAction: () => own(env.control.action, 12),
    footContact: () => own(env.physics.state.footContact, 4),
    command: () => own(env.control.command, 3),
    scheduledContact: () => own(env.control.gait.reference.contact, 4),
    legPhase: () =>
      own(env.control.gait.reference.phase, 4).flatMap((p) => [Math.sin(2 * Math.PI * p), Math.cos(2 * Math.PI * p)]),
    // Against the points under the hips where the feet stand in the default pose.
    footTarget: () =>
      own(env.control.gait.reference.footTargetM, 12).map((x, i) => {
        const { hipOffsetM, abductionOffsetM, footRadiusM } = model.legs;
        const side = abductionOffsetM[Math.floor(i / 3)];
        return x - [hipOffsetM[i], hipOffsetM[i] + side, footRadiusM - model.nominalHeightM][i % 3];
      }),
    baseVelocity: () => own(env.physics.state.baseVelocity, 3),
    baseHeight: () => [env.physics.state.basePosition[3 * ROBOT + 2]],
    payload: () => [env.privileged.randomization.payloadKg[ROBOT]],
    motorStrength: () => [env.privileged.randomization.motorStrength[ROBOT]],
    friction: () => [env.privileged.randomization.friction[ROBOT]],
  };

  it.each(Object.keys(VALUES))("hold %s, scaled", (name) => {
    const { scale, size } = sliceOf(name);
    const values = VALUES[name]();
    expect(values.length).toBe(size);
    expect(values.some((value) => Math.abs(value) > 1e-4)).toBe(true);
    readSlice(env.obs, ROBOT, name).forEach((observed, k) => {
      expect(observed).toBeCloseTo(scale * values[k], 4);
    });
  });

  it("are all covered above", () => {
    expect(OBSERVATION_SPEC.slices.map(({ name }) => name).sort()).toEqual(Object.keys(VALUES).sort());
  });
});

describe("the layout's hash", () => {
  afterEach(() => {
    vi.doUnmock("../../sim/rng.js");
    vi.doUnmock("../../gaits/library.js");
    vi.resetModules();
  });

  it("covers name, place, size, scale and audience of every slice", async () => {
    const rng = await import("../../../sim/rng.js");
    const hashed: number[][] = [];
    vi.resetModules();
    vi.doMock("../../../sim/rng.js", () => ({
      ...rng,
      deriveSeed: (...parts: number[]) => {
        hashed.push(parts);
        return rng.deriveSeed(...parts);
      },
    }));
    const { OBSERVATION_SPEC: spec } = await import("../../../sim/task/observation.js");
    const texts = hashed.map((parts) => String.fromCharCode(...parts));
    for (const { name, offset, size, scale, for: audience } of spec.slices) {
      const parts = [name, audience, `"offset":${offset}`, `"size":${size}`, `"scale":${scale}`];
      expect(texts.some((text) => parts.every((part) => text.includes(part)))).toBe(true);
    }
    expect(spec.hash).toBe(OBSERVATION_SPEC.hash);
  });
});

describe("slices that a task brings along", () => {
  const height: ObservationTerm<ActorSources> = {
    name: "testLegHeight",
    size: 2,
    unit: "m",
    scale: 10,
    mirror: "same",
    of: (out, { readings }, robot) => {
      out[0] = readings.jointPosition[12 * robot];
      out[1] = 1 + robot;
    },
  };

  it("are written behind the known ones, computed for each robot", () => {
    addObservationTerms([height]);
    const own = OBSERVATION.with([height]);
    const robots = 2;
    const control = new LocomotionControl(model, envConfig().control, robots);
    const state = createRobotState(robots);
    state.jointPosition[12] = 0.25;
    const row = new Float32Array(own.spec.actorSize);
    own.actorWriter({ readings: state, control }).write(row, 0, 1);
    // 10 · 0.25 and 10 · (1 + 1), of the second robot.
    expect([...row.subarray(OBSERVATION_SPEC.actorSize)]).toEqual([2.5, 20]);
    expect(own.spec.actorSize).toBe(OBSERVATION_SPEC.actorSize + 2);
    expect(own.spec.hash).not.toBe(OBSERVATION_SPEC.hash);
  });

  it("are found again by the slices that a file lists, in their order", () => {
    addObservationTerms([height]);
    const own = OBSERVATION.with([height]);
    const slices = own.spec.slices.filter((slice) => slice.for === "actor").map((slice) => ({ ...slice }));
    const found = observationOf(slices, "policy.json");
    expect(found.spec).toEqual(own.spec);
    expect(found.actorTerms.at(-1)).toBe(height);
    expect(() => observationOf(slices.toReversed(), "policy.json")).toThrow(/policy\.json: observation\.slices\.0/);
  });

  it("must have names of their own", () => {
    expect(() => addObservationTerms([{ ...height, name: "command" }])).toThrow(/second slice named command/);
    expect(() => addObservationTerms([{ ...height, name: "baseVelocity" }])).toThrow(/second slice named baseVelocity/);
  });
});
