import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { startBackend } from "../../../policy/cli/training/backend.js";
import { gaussianSpace } from "../../../policy/config/task.js";
import { Learner } from "../../../policy/ppo/learner.js";
import { Rollout } from "../../../policy/ppo/rollout.js";
import { Trainer } from "../../../policy/training/trainer.js";
import { VecEnv } from "../../../sim/env.js";
import { InputError } from "../../../sim/errors.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { Rng } from "../../../sim/rng.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { loneWorker, randomNumbers, type TrainOverrides, testRobot, tinyTrainConfig } from "../../support/learning.js";
import { model } from "../../support/world.js";

beforeAll(async () => {
  await startBackend("wasm");
  await loadPhysics();
});
afterEach(() => vi.restoreAllMocks());

const UPDATES = 4;
const PATIENCE = 10;

/** A learner, and a rollout of random observations and rewards in which it acted. */
function acted(std = 0.4, entropyWeight = 0): { learner: Learner; rollout: Rollout } {
  const config = tinyTrainConfig({ ppo: { learningRate: 1e-3, minLearningRate: 1e-4, entropyWeight } });
  const learner = new Learner(config, OBSERVATION_SPEC, loneWorker(config));
  learner.params.fill(Math.log(std), learner.layout.logStd);
  const rollout = new Rollout(8, 6, OBSERVATION_SPEC.size, gaussianSpace(NUM_JOINTS));
  rollout.obs.set(randomNumbers(rollout.obs.length, 1));
  rollout.reward.set(randomNumbers(rollout.reward.length, 2));
  learner.beginRollout();
  for (let t = 0; t < 8; t++) learner.act(rollout, t, new Rng(t));
  learner.values(rollout.value, rollout.obs);
  return { learner, rollout };
}

describe("an update that would spoil the networks", () => {
  it("is skipped, and the others are made", () => {
    const { learner, rollout } = acted();
    const before = learner.params.slice();
    // Three of the actor's observations in one sample of 48: one of an epoch's two minibatches has it.
    rollout.obs.fill(Number.NaN, 0, 3);
    const { skippedUpdates, valueLoss, learningRate } = learner.update(rollout, new Rng(9));
    expect(skippedUpdates).toBe(UPDATES / 2);
    expect(learner.guard.fault).toMatch(/^gradient of actor layer 1 is NaN, from thread 0$/);
    expect(learner.params.every(Number.isFinite)).toBe(true);
    expect(learner.params).not.toEqual(before);
    expect(learner.adam.t).toBe(UPDATES / 2);
    expect(Number.isFinite(valueLoss)).toBe(true);
    expect(learningRate).toBeCloseTo(1e-3 / 2, 9);
  });

  it.each([
    ["rewards that are infinite", (rollout: Rollout) => rollout.reward.fill(Number.POSITIVE_INFINITY, 3, 4)],
    ["rewards too large to learn from", (rollout: Rollout) => rollout.reward.fill(1e7)],
    ["actions that the policy would never draw", (rollout: Rollout) => rollout.output.fill(50)],
  ])("changes nothing: %s", (_name, spoil) => {
    const { learner, rollout } = acted();
    const before = learner.params.slice();
    spoil(rollout);
    expect(learner.update(rollout, new Rng(9)).skippedUpdates).toBe(UPDATES);
    expect(learner.params).toEqual(before);
    expect([learner.adam.t, learner.adam.m.some((value) => value !== 0)]).toEqual([0, false]);
  });

  it("leaves the learning rate at its lower bound at the least", () => {
    const { learner, rollout } = acted();
    rollout.reward.fill(Number.NaN);
    for (let i = 0; i < 9; i++) learner.update(rollout, new Rng(9));
    expect(learner.learningRate).toBe(1e-4);
  });
});

describe("exploration noise", () => {
  it("stops at the size of the largest action, which counts as exploded", () => {
    // Each update moves the logarithm by the learning rate, up: its weight makes entropy all that counts.
    const { learner, rollout } = acted(3.999, 1000);
    const { stdAtCeiling, learningRate } = learner.update(rollout, new Rng(9));
    expect(stdAtCeiling).toBe(NUM_JOINTS);
    for (const value of learner.params.subarray(learner.layout.logStd)) expect(Math.exp(value)).toBeCloseTo(4, 5);
    expect(learningRate).toBeCloseTo(1e-3 / 2, 9);
  });
});

describe("a training in which nothing can be learned", () => {
  /** Makes one robot's actions NaN in the iterations, of 8 steps each, that are to be spoiled. */
  function spoilActions(robot: number, isSpoiled: (iteration: number) => boolean): void {
    const step = VecEnv.prototype.step;
    let steps = 0;
    vi.spyOn(VecEnv.prototype, "step").mockImplementation(function (this: VecEnv, actions) {
      const taken = actions.slice();
      if (isSpoiled(1 + Math.floor(steps++ / 8))) taken.fill(Number.NaN, 12 * robot, 12 * robot + 1);
      step.call(this, taken);
    });
  }

  /** What its iterations report, and the error that it ends with. */
  function train(overrides: TrainOverrides = {}) {
    const config = tinyTrainConfig(overrides);
    const trainer = new Trainer(config, testRobot, model, loneWorker(config));
    const rows: Readonly<Record<string, number>>[] = [];
    const events = {
      iteration: (row: Readonly<Record<string, number>>) => rows.push(row),
      checkpoint: () => undefined,
    };
    const run = () => trainer.run({ iterations: 30 }, events);
    let error: unknown;
    try {
      run();
    } catch (thrown) {
      error = thrown;
    }
    return { rows, error, trainer };
  }

  it("goes on while the trouble passes, and counts it", () => {
    // Nine spoiled ones, then a good one.
    spoilActions(0, (iteration) => iteration % PATIENCE !== 0);
    const { rows, error } = train();
    expect(error).toBeUndefined();
    expect(rows.map(({ blowUps }) => blowUps).slice(0, 11)).toEqual([8, 8, 8, 8, 8, 8, 8, 8, 8, 0, 8]);
  });

  it("ends with what, where and since when, if robots break down", () => {
    spoilActions(2, (iteration) => iteration > 3);
    const { rows, error } = train();
    expect(rows.length).toBe(3 + PATIENCE - 1);
    expect(error).toEqual(
      new InputError(
        "training stopped at iteration 13: nothing can be learned since iteration 4: " +
          "simulations of 8 robots broke down, first action of robot 2 in thread 0",
      ),
    );
  });

  it("does not spoil a state estimator that is learned meanwhile", () => {
    spoilActions(2, (iteration) => iteration % PATIENCE !== 0);
    const { rows, error } = train({ env: { control: { estimator: "learned" } } });
    expect(error).toBeUndefined();
    expect(rows[0].blowUps).toBe(8);
    for (const { skippedUpdates, estimatorLoss } of rows) {
      expect(skippedUpdates).toBe(0);
      expect(estimatorLoss).toBeGreaterThan(0);
    }
  });

  it("ends so if every update is skipped", () => {
    vi.spyOn(Learner.prototype, "values").mockImplementation((out) => out.fill(Number.NaN));
    const { rows, error, trainer } = train();
    expect(rows.map(({ skippedUpdates }) => skippedUpdates)).toEqual(new Array(PATIENCE - 1).fill(UPDATES));
    expect((error as Error).message).toMatch(/since iteration 1: gradient of actor layer 1 is NaN, from thread 0$/);
    expect(trainer.learner.params.every(Number.isFinite)).toBe(true);
  });

  it("ends at once if a parameter is lost", () => {
    const update = Learner.prototype.update;
    let updates = 0;
    vi.spyOn(Learner.prototype, "update").mockImplementation(function (this: Learner, rollout, rng) {
      const statistics = update.call(this, rollout, rng);
      if (++updates === 2) this.params[this.layout.critic.end - 1] = Number.NaN;
      return statistics;
    });
    const { rows, error } = train();
    expect(rows.length).toBe(1);
    expect((error as Error).message).toMatch(
      /iteration 2: .* since iteration 2: parameters of critic layer 2 are NaN$/,
    );
  });
});
