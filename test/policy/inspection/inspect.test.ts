import { beforeAll, describe, expect, it } from "vitest";
import { ActionSaturation } from "../../../policy/inspection/action-saturation.js";
import { advise } from "../../../policy/inspection/advice.js";
import { type Inspection, inspect } from "../../../policy/inspection/inspect.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { constantPolicy } from "../../support/constant-policy.js";
import type { EnvOverrides } from "../../support/envs.js";
import { model } from "../../support/world.js";

beforeAll(loadPhysics);

const OPTIONS = { robots: 2, rolloutS: 1.5, seed: 3 };
/** As little random as can be, on the ground of the tests' configs. */
const WALKING: EnvOverrides = { command: { gaits: ["trot"] }, terrain: { kind: "flat", level: 0 } };
const SOUND: Inspection = {
  layers: [1, 2].map(() => {
    return { units: 10, variance: 1, sparsity: 0.1, score: 10, scoreShare: 0.5, deadUnits: 1, saturatedShare: 0.1 };
  }),
  observation: [
    { name: "command", unit: "m/s", min: -1, max: 1, shift: 0.2, spread: [0.9, 1.1], clippedShare: 0, constant: 0 },
  ],
  joints: [
    { name: "FL_hip", mean: 0, std: 1, clippedShare: 0, jointLimitShare: 0, torqueLimitShare: 0 },
    { name: "FR_hip", mean: 0, std: 1, clippedShare: 0, jointLimitShare: 0, torqueLimitShare: 0 },
  ],
  reward: [
    { name: "linearVelocity", mean: 2, share: 0.8 },
    { name: "torque", mean: -0.5, share: 0.2 },
  ],
  fallsPerMinute: 0.5,
  symmetry: [{ pair: "front", figure: "duty factor", left: 0.5, right: 0.52, asymmetry: 0.04 }],
};

describe("inspect", () => {
  it("sees what a policy does that says nothing: all units dead, all motors left to the gait memory", () => {
    const bundle = constantPolicy(0, WALKING);
    const inspection = inspect(bundle, model, OPTIONS);
    expect(inspection.layers).toMatchObject([
      { units: 10, deadUnits: 10, sparsity: 1, variance: 0 },
      { units: 8, deadUnits: 8, sparsity: 1, variance: 0 },
    ]);
    for (const joint of inspection.joints) expect(joint).toMatchObject({ mean: 0, std: 0, clippedShare: 0 });
    expect(inspection.joints.map(({ name }) => name)).toEqual(model.jointNames);
    const actor = OBSERVATION_SPEC.slices.filter((slice) => slice.for === "actor");
    expect(inspection.observation.map(({ name }) => name)).toEqual(actor.map(({ name }) => name));
    const observed = new Map(inspection.observation.map((each) => [each.name, each]));
    expect(observed.get("lastAction")).toMatchObject({ min: 0, max: 0, constant: 12 });
    const { min, max } = observed.get("projectedGravity")!;
    expect(min).toBeGreaterThanOrEqual(-1.001);
    expect(max).toBeLessThan(0.5);
    const shares = inspection.reward.map(({ share }) => share);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    // Of the trot's 0.5 or more; the gait memory alone walks much alike on both sides.
    const duty = inspection.symmetry!.find(({ figure }) => figure === "duty factor")!;
    expect(duty.left).toBeGreaterThan(0.3);
    expect(duty.asymmetry).toBeLessThan(0.2);
  });

  it("sees actions that are cut off, and comes to the same again", () => {
    const bundle = constantPolicy(10, WALKING);
    const inspection = inspect(bundle, model, OPTIONS);
    // 10 · 0.7 that is handed out, beyond the 4 that counts.
    for (const joint of inspection.joints) expect(joint.clippedShare).toBe(1);
    expect(inspection.joints[0].mean).toBeCloseTo(7, 5);
    expect(inspect(bundle, model, OPTIONS)).toEqual(inspection);
  });

  it("does not compare the sides of a gait that has two different ones", () => {
    const bundle = constantPolicy(0, { ...WALKING, command: { gaits: ["rotary-gallop"] } });
    expect(inspect(bundle, model, { ...OPTIONS, rolloutS: 0.1 }).symmetry).toBeNull();
  });
});

it("ActionSaturation counts actions, targets and torques at their limits, joint by joint", () => {
  const saturation = new ActionSaturation(model);
  const action = new Float32Array(24);
  const target = new Float32Array([...model.qDefaultRad, ...model.qDefaultRad]);
  const torque = new Float32Array(24);
  saturation.add(1, action, target, torque);
  action[12] = -4;
  target[12 + 2] = model.qMaxRad[2];
  torque[12 + 5] = -model.torqueMaxNm[5];
  saturation.add(1, action, target, torque);
  const joints = saturation.summary();
  // -4 and 0.
  expect(joints[0]).toMatchObject({ mean: -2, std: 2, clippedShare: 0.5, jointLimitShare: 0, torqueLimitShare: 0 });
  expect(joints[2]).toMatchObject({ clippedShare: 0, jointLimitShare: 0.5, torqueLimitShare: 0 });
  expect(joints[5]).toMatchObject({ clippedShare: 0, jointLimitShare: 0, torqueLimitShare: 0.5 });
});

describe("advise", () => {
  it("has nothing to say of a sound policy", () => {
    expect(advise(SOUND)).toEqual([]);
  });

  const [layer, other] = SOUND.layers;
  const [slice] = SOUND.observation;
  const [joint, next] = SOUND.joints;
  it.each<[string, Partial<Inspection>, RegExp]>([
    [
      "dead units",
      { layers: [layer, { ...other, deadUnits: 2 }] },
      /^Hidden layer 2: 2 of 10 units never change\. Lower /,
    ],
    ["flat units", { layers: [{ ...layer, saturatedShare: 0.4 }, other] }, /^Hidden layer 1: 40\.0 % .* ELU is flat/],
    [
      "an idle layer",
      { layers: [{ ...layer, scoreShare: 0.1 }, other] },
      /^Hidden layer 1 has 10\.0 % .*: try without/,
    ],
    ["spikes", { observation: [{ ...slice, clippedShare: 0.01 }] }, /^command: 1\.0 % of it is cut off/],
    ["a shifted mean", { observation: [{ ...slice, shift: 1.5 }] }, /^command is not as it was .* mean off by 1\.5, /],
    ["a wider spread", { observation: [{ ...slice, spread: [1, 3] }] }, /^command is not as .* 3\.0 times as large/],
    [
      "a constant",
      { observation: [{ ...slice, constant: 2 }] },
      /^command: 2 of its numbers never change, but did in training/,
    ],
    [
      "cut actions",
      {
        joints: [
          { ...joint, clippedShare: 0.02 },
          { ...next, clippedShare: 0.03 },
        ],
      },
      /^FL_hip, FR_hip: up to 3\.0 % of the actions are cut off/,
    ],
    [
      "joint limits",
      { joints: [{ ...joint, jointLimitShare: 0.02 }, next] },
      /^FL_hip: up to 2\.0 % .* at a joint limit/,
    ],
    [
      "torque limits",
      { joints: [joint, { ...next, torqueLimitShare: 0.06 }] },
      /^FR_hip: at the torque limit up to 6\.0 %/,
    ],
    [
      "a heavy penalty",
      { reward: [{ name: "torque", mean: -1, share: 0.4 }] },
      /^reward torque: a penalty that makes 40\.0 %/,
    ],
    ["a lone reward", { reward: [{ name: "yawRate", mean: 1, share: 0.95 }] }, /^reward yawRate makes 95\.0 %/],
    ["falls", { fallsPerMinute: 3 }, /^Robots fall 3\.0 times a minute/],
    [
      "a limp",
      { symmetry: [{ pair: "rear", figure: "steps per s", left: 1, right: 2, asymmetry: 0.67 }] },
      /^Left and right differ: rear steps per s 1\.00 against 2\.00\. Train longer/,
    ],
  ])("speaks of %s", (_name, change, advice) => {
    expect(advise({ ...SOUND, ...change })).toEqual([expect.stringMatching(advice)]);
  });
});
