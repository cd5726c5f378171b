import { describe, expect, it } from "vitest";
import type { PpoConfig } from "../../../policy/config/schema.js";
import { categoricalSpace } from "../../../policy/config/task.js";
import { CategoricalActions } from "../../../policy/ppo/categorical-actions.js";
import { Rollout } from "../../../policy/ppo/rollout.js";
import { Rng } from "../../../sim/rng.js";
import { randomNumbers, tinyTrainConfig } from "../../support/learning.js";

const CHOICES = 3;
const NO_MOMENTS = { mean: 0, std: 1 };

function distribution(ppo: Partial<PpoConfig> = {}): CategoricalActions {
  return new CategoricalActions(CHOICES, { ...tinyTrainConfig().ppo, clip: 0.2, entropyWeight: 0.1, ...ppo });
}

/** One step of robots whose old policy had these logits. */
function rolloutOf(robots: number, logits: Float32Array): Rollout {
  const rollout = new Rollout(1, robots, 1, categoricalSpace(CHOICES));
  rollout.output.set(logits);
  return rollout;
}

function softmax(logits: ArrayLike<number>): number[] {
  const weights = Array.from(logits, Math.exp);
  return weights.map((weight) => weight / weights.reduce((a, b) => a + b));
}

describe("choices", () => {
  it("come as often as their logits say, with the logarithms of their probabilities", () => {
    const robots = 20_000;
    const rollout = rolloutOf(
      robots,
      new Float32Array(3 * robots).map((_, i) => [0, Math.log(2), Math.log(5)][i % 3]),
    );
    const choices = distribution();
    choices.begin();
    choices.draw(rollout, 0, new Rng(3));
    const counts = [0, 1, 2].map((choice) => rollout.action.filter((each) => each === choice).length / robots);
    // 1/8, 2/8, 5/8, each ± √(p (1 − p) / 20000) <= .0035
    [0.125, 0.25, 0.625].forEach((share, i) => {
      expect(Math.abs(counts[i] - share)).toBeLessThan(4 * 0.0035);
    });
    expect(rollout.logProb[0]).toBeCloseTo(Math.log([0.125, 0.25, 0.625][rollout.action[0]]), 5);
    // −Σ p log p
    expect(choices.exploration().entropy).toBeCloseTo(0.9003, 3);
  });

  it("are drawn from large logits, too", () => {
    const rollout = rolloutOf(1, Float32Array.of(-2000, 1000, 999));
    distribution().draw(rollout, 0, new Rng(1));
    expect(rollout.action[0]).toBeGreaterThan(0);
    expect(Number.isFinite(rollout.logProb[0])).toBe(true);
  });
});

describe("the gradient of PPO's loss", () => {
  const robots = 5;
  const old = randomNumbers(CHOICES * robots, 1);
  const logits = old.map((value, i) => value + 0.3 * Math.sin(7 * i));
  const advantages = [1.5, -0.5, 0.7, -2, 0.1];
  const actions = [0, 2, 1, 1, 2];
  const advice = [0, 1, 1, 2, 0];
  const indices = Int32Array.from({ length: robots }, (_, i) => i);

  function filled(): Rollout {
    const rollout = rolloutOf(robots, old);
    rollout.action.set(actions);
    rollout.advantage.set(advantages);
    for (let k = 0; k < robots; k++) rollout.logProb[k] = Math.log(softmax(old.subarray(3 * k, 3 * k + 3))[actions[k]]);
    rollout.advise(0, Uint8Array.from(advice), 0.3);
    return rollout;
  }

  /** −E[min(ρ A, clip(ρ) A)] − w H − 0.3 log p_advice, of the samples that are not locked. */
  function loss(at: Float32Array, rollout: Rollout): number {
    let sum = 0;
    for (let k = 0; k < robots; k++) {
      if (rollout.locked[k]) continue;
      const p = softmax(at.subarray(3 * k, 3 * k + 3));
      const ratio = p[actions[k]] / Math.exp(rollout.logProb[k]);
      const clipped = Math.min(Math.max(ratio, 0.8), 1.2);
      sum -= Math.min(ratio * advantages[k], clipped * advantages[k]);
      sum -= 0.3 * Math.log(p[advice[k]]);
      sum += 0.1 * p.reduce((total, each) => total + each * Math.log(each), 0);
    }
    return sum / robots;
  }

  it("is that of the loss, by finite differences", () => {
    const rollout = filled();
    rollout.locked[3] = 1;
    const gradient = new Float32Array(CHOICES * robots);
    distribution().gradient(gradient, new Float32Array(0), logits, rollout, indices, NO_MOMENTS);
    const step = 1e-2;
    gradient.forEach((value, i) => {
      const [up, down] = [step, -step].map((d) =>
        loss(
          logits.map((each, j) => (i === j ? each + d : each)),
          rollout,
        ),
      );
      expect(value).toBeCloseTo((up - down) / (2 * step), 3);
    });
    expect([...gradient.subarray(9, 12)]).toEqual([0, 0, 0]);
    expect(gradient.some((value) => Math.abs(value) > 0.05)).toBe(true);
  });

  it("comes with the KL divergence from the policy that chose", () => {
    const kl = distribution().gradient(
      new Float32Array(15),
      new Float32Array(0),
      logits,
      filled(),
      indices,
      NO_MOMENTS,
    );
    let expected = 0;
    for (let k = 0; k < robots; k++) {
      const [p, q] = [old, logits].map((each) => softmax(each.subarray(3 * k, 3 * k + 3)));
      expected += p.reduce((sum, each, i) => sum + each * Math.log(each / q[i]), 0) / robots;
    }
    expect(kl).toBeCloseTo(expected, 5);
  });
});
