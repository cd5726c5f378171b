import { beforeAll, describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { startBackend } from "../../../policy/cli/training/backend.js";
import { gaussianSpace } from "../../../policy/config/task.js";
import { Learner } from "../../../policy/ppo/learner.js";
import { Rollout } from "../../../policy/ppo/rollout.js";
import { Rng } from "../../../sim/rng.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { loneWorker, randomNumbers, type TrainOverrides, tinyTrainConfig } from "../../support/learning.js";

beforeAll(async () => {
  await startBackend("wasm");
});

const ROBOTS = 6;
const HORIZON = 8;

function createLearner(overrides: TrainOverrides = {}): Learner {
  const config = tinyTrainConfig(overrides);
  return new Learner(config, OBSERVATION_SPEC, loneWorker(config));
}

/** A rollout of random observations in which the learner acted. */
function act(learner: Learner, numEnvs = ROBOTS): Rollout {
  const rollout = new Rollout(HORIZON, numEnvs, OBSERVATION_SPEC.size, gaussianSpace(NUM_JOINTS));
  rollout.obs.set(randomNumbers(rollout.obs.length, 1));
  rollout.reward.set(randomNumbers(rollout.reward.length, 2));
  learner.beginRollout();
  const rng = new Rng(4);
  for (let t = 0; t < HORIZON; t++) learner.act(rollout, t, rng);
  learner.values(rollout.value, rollout.obs);
  return rollout;
}

describe("actions", () => {
  it("are spread about the network's mean by the standard deviation, with their log-probability", () => {
    const learner = createLearner();
    const rollout = act(learner, 60);
    let squares = 0;
    for (let k = 0; k < rollout.samples; k++) {
      let logProb = 0;
      for (let i = 0; i < NUM_JOINTS; i++) {
        const z = (rollout.action[k * NUM_JOINTS + i] - rollout.output[k * NUM_JOINTS + i]) / 0.4;
        squares += z * z;
        logProb += -0.5 * z * z - Math.log(0.4);
      }
      expect(Math.abs(rollout.logProb[k] - logProb)).toBeLessThan(1e-3);
    }
    // 5760 standard normals: their mean square is 1 ± √(2 / 5760) = .019.
    expect(Math.abs(squares / (rollout.samples * NUM_JOINTS) - 1)).toBeLessThan(4 * 0.019);
  });

  it("start near the gait memory's own: means of a few hundredths", () => {
    const { output } = act(createLearner());
    expect(Math.max(...output.map(Math.abs))).toBeLessThan(0.2);
    expect(output.some((value) => value !== 0)).toBe(true);
  });

  it("depend on what each robot sees", () => {
    const { output } = act(createLearner());
    expect(output.subarray(0, NUM_JOINTS)).not.toEqual(output.subarray(NUM_JOINTS, 2 * NUM_JOINTS));
  });
});

describe("the averaged actor", () => {
  it("is the first one at the start, and takes in a tenth of each iteration's", () => {
    const learner = createLearner();
    const first = learner.params.slice(0, learner.layout.actor.end);
    expect(learner.averageActor).toEqual(first);
    learner.update(act(learner), new Rng(9));
    const moved = learner.params;
    learner.averageActor.forEach((value, i) => {
      expect(value).toBeCloseTo(0.9 * first[i] + 0.1 * moved[i], 6);
    });
    expect(learner.averageActor).not.toEqual(first);
  });
});

describe("initial weights", () => {
  it("follow from the seed alone, the same for every worker", () => {
    expect(createLearner({ seed: 3 }).params).toEqual(createLearner({ seed: 3 }).params);
    expect(createLearner({ seed: 4 }).params).not.toEqual(createLearner({ seed: 3 }).params);
  });
});

describe("an update", () => {
  /** The actor's learning rate after each of some updates with one minibatch. */
  function rates(targetKl: number, updates: number, learningRate = 1e-3): number[] {
    const bounds = { minLearningRate: 1e-4, maxLearningRate: 1e-2 };
    const learner = createLearner({ ppo: { ...bounds, learningRate, targetKl, epochs: 1, minibatches: 1 } });
    const rollout = act(learner);
    return Array.from({ length: updates }, () => {
      learner.update(rollout, new Rng(1));
      return learner.learningRate;
    });
  }

  it("raises the learning rate step by step while the policy hardly moves, up to its bound", () => {
    const all = [1e-3, ...rates(1e6, 40)];
    const factor = all[1] / all[0];
    expect(factor).toBeGreaterThan(1.05);
    expect(factor).toBeLessThan(3);
    all.slice(1).forEach((rate, i) => {
      expect(rate).toBeCloseTo(Math.min(1e-2, all[i] * factor), 9);
    });
    expect(all[40]).toBe(1e-2);
  });

  it("lowers it step by step while the policy moves too far, down to its bound", () => {
    // Before the first step the policy has not moved at all: up once, then down.
    const [first, ...all] = rates(1e-9, 60);
    expect(first).toBeGreaterThan(1e-3);
    const factor = all[0] / first;
    expect(factor).toBeLessThan(0.95);
    expect(factor).toBeGreaterThan(0.3);
    all.slice(1).forEach((rate, i) => {
      expect(rate).toBeCloseTo(Math.max(1e-4, all[i] * factor), 9);
    });
    expect(all[58]).toBe(1e-4);
  });

  it("never lets the exploration noise fall below its floor", () => {
    const learner = createLearner({ network: { minStd: 0.1 } });
    learner.params.fill(Math.log(0.02), learner.layout.logStd);
    learner.update(act(learner), new Rng(1));
    for (let i = learner.layout.logStd; i < learner.layout.size; i++) {
      expect(learner.params[i]).toBeGreaterThanOrEqual(Math.fround(Math.log(0.1)));
    }
  });

  it("brings the critic's values closer to the returns", () => {
    const learner = createLearner({ ppo: { criticLearningRate: 1e-2, epochs: 10 } });
    const rollout = act(learner);
    const error = () => {
      const values = new Float32Array(rollout.value.length);
      learner.values(values, rollout.obs);
      return rollout.returns.reduce((sum, r, k) => sum + (r - values[k]) ** 2, 0) / rollout.samples;
    };
    learner.update(rollout, new Rng(1));
    const after = error();
    const before = rollout.returns.reduce((sum, r, k) => sum + (r - rollout.value[k]) ** 2, 0) / rollout.samples;
    expect(after).toBeLessThan(0.8 * before);
  });

  it("makes actions that did better than expected more likely, and the others less", () => {
    const learner = createLearner({ ppo: { learningRate: 1e-3, epochs: 5, gaeLambda: 0, discount: 0 } });
    const rollout = act(learner);
    // A bandit: the first joint's action is its own reward.
    for (let k = 0; k < rollout.samples; k++) rollout.reward[k] = rollout.action[k * NUM_JOINTS];
    rollout.value.fill(0);
    const meanOf = (each: Rollout) =>
      Array.from({ length: each.samples }, (_, k) => each.output[k * NUM_JOINTS]).reduce((a, b) => a + b) /
      each.samples;
    const before = meanOf(rollout);
    learner.update(rollout, new Rng(1));
    expect(meanOf(act(learner))).toBeGreaterThan(before + 0.005);
  });
});
