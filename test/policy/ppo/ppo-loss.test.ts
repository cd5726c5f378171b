import { describe, expect, it } from "vitest";
import { gaussianSpace } from "../../../policy/config/task.js";
import { policyGradient, valueGradient } from "../../../policy/ppo/ppo-loss.js";
import { Rollout } from "../../../policy/ppo/rollout.js";

const A = 2;
const CLIP = 0.2;
const ENTROPY_WEIGHT = 0.03;
const ADVANTAGE_MEAN = 0.5;
const ADVANTAGE_STD = 2;
const OLD_STD = [0.6, 0.3];

/** One sample for each sign of the advantage and each side of the clip; the ratio is what the policy's probability has grown by. */
const SAMPLES = [
  { advantage: 3, ratio: 0.7, clipped: false },
  { advantage: 3, ratio: 1.05, clipped: false },
  { advantage: 3, ratio: 1.4, clipped: true },
  { advantage: -2, ratio: 0.7, clipped: true },
  { advantage: -2, ratio: 0.95, clipped: false },
  { advantage: -2, ratio: 1.4, clipped: false },
];
const B = SAMPLES.length;
const LOG_STD = [-0.4, -1.1];
const MEAN = Array.from({ length: B * A }, (_, i) => 0.4 * Math.sin(3 * i));
const ACTION = Array.from({ length: B * A }, (_, i) => 0.4 * Math.sin(3 * i) + 0.35 * Math.cos(5 * i));

/** log π(a|μ, σ) without its constant ½ log 2π per dimension, which ratios don't know. */
function logProb(action: readonly number[], mean: readonly number[], logStd: readonly number[]): number {
  return action.reduce((total, a, i) => {
    const z = (a - mean[i]) / Math.exp(logStd[i]);
    return total - 0.5 * z * z - logStd[i];
  }, 0);
}

const rowOf = (values: readonly number[], b: number) => values.slice(b * A, (b + 1) * A);

/** Log-probability of each sample's action when it was drawn, from the ratio that the sample is to have. */
const OLD_LOG_PROB = SAMPLES.map(
  ({ ratio }, b) => logProb(rowOf(ACTION, b), rowOf(MEAN, b), LOG_STD) - Math.log(ratio),
);

/** −E[min(ρ A, clip(ρ) A)] − w · H, with H the sum of log std, in double precision. */
function loss(mean: readonly number[], logStd: readonly number[]): number {
  const surrogate = SAMPLES.map(({ advantage }, b) => {
    const normalised = (advantage - ADVANTAGE_MEAN) / ADVANTAGE_STD;
    const ratio = Math.exp(logProb(rowOf(ACTION, b), rowOf(mean, b), logStd) - OLD_LOG_PROB[b]);
    const clipped = Math.min(Math.max(ratio, 1 - CLIP), 1 + CLIP);
    return Math.min(ratio * normalised, clipped * normalised);
  });
  const entropy = logStd.reduce((a, b) => a + b);
  return -surrogate.reduce((a, b) => a + b) / B - ENTROPY_WEIGHT * entropy;
}

/** Central difference in one of the numbers. */
function slope(of: (values: number[]) => number, values: readonly number[], i: number): number {
  const h = 1e-5;
  const [up, down] = [h, -h].map((step) => of(values.map((value, k) => (k === i ? value + step : value))));
  return (up - down) / (2 * h);
}

/** The rollout holds the samples in reverse order, behind two that are not in the minibatch. */
const INDICES = Int32Array.from(SAMPLES, (_, b) => 2 + (B - 1 - b));

function createRollout(): Rollout {
  const rollout = new Rollout(1, B + 2, 1, gaussianSpace(A));
  rollout.logProb.fill(-50);
  SAMPLES.forEach(({ advantage }, b) => {
    const k = INDICES[b];
    rollout.advantage[k] = advantage;
    rollout.logProb[k] = OLD_LOG_PROB[b];
    rollout.action.set(rowOf(ACTION, b), k * A);
    rollout.output.set(
      rowOf(MEAN, b).map((m) => m - 0.1),
      k * A,
    );
  });
  return rollout;
}

function gradients(entropyWeight = ENTROPY_WEIGHT) {
  const dMean = new Float32Array(B * A);
  const offset = 3;
  const dLogStd = new Float32Array(offset + A + 1);
  const kl = policyGradient(
    dMean,
    dLogStd,
    offset,
    Float32Array.from(MEAN),
    Float32Array.from(LOG_STD),
    Float32Array.from(OLD_STD),
    createRollout(),
    INDICES,
    ADVANTAGE_MEAN,
    ADVANTAGE_STD,
    CLIP,
    entropyWeight,
  );
  return { dMean, dLogStd, offset, kl };
}

describe("the policy's gradient", () => {
  it("is the slope of the clipped loss in every mean, on either side of the clip and for either sign", () => {
    const { dMean } = gradients();
    dMean.forEach((value, i) => {
      expect(value).toBeCloseTo(
        slope((mean) => loss(mean, LOG_STD), MEAN, i),
        4,
      );
    });
  });

  it.each(SAMPLES.map((sample, b) => ({ ...sample, b })))(
    "is nothing exactly where the clip holds it: advantage $advantage, ratio $ratio",
    ({ b, clipped }) => {
      const { dMean } = gradients();
      expect(dMean.subarray(b * A, (b + 1) * A).every((value) => value === 0)).toBe(clipped);
    },
  );

  it("is the slope of loss and entropy in every log std, added at its place", () => {
    const { dLogStd, offset } = gradients();
    for (let i = 0; i < A; i++) {
      expect(dLogStd[offset + i]).toBeCloseTo(
        slope((logStd) => loss(MEAN, logStd), LOG_STD, i),
        4,
      );
    }
    expect([...dLogStd.subarray(0, offset), dLogStd[offset + A]]).toEqual([0, 0, 0, 0]);
    // The entropy of a Gaussian is its log std and a constant.
    const without = gradients(0);
    expect(dLogStd[offset] - without.dLogStd[offset]).toBeCloseTo(-ENTROPY_WEIGHT, 6);
  });

  it("stays finite for a policy that has moved far away", () => {
    const rollout = createRollout();
    rollout.logProb.fill(-1000);
    const dMean = new Float32Array(B * A);
    const dLogStd = new Float32Array(A);
    const [mean, logStd, oldStd] = [MEAN, LOG_STD, OLD_STD].map((values) => Float32Array.from(values));
    policyGradient(dMean, dLogStd, 0, mean, logStd, oldStd, rollout, INDICES, 0, 1, CLIP, 0);
    for (const value of [...dMean, ...dLogStd]) expect(Number.isFinite(value)).toBe(true);
  });
});

describe("the KL divergence", () => {
  it("is that from the old Gaussian to the new one, mean over the samples", () => {
    // Means have moved by .1 in both dimensions of every sample; log(σ/σ₀) + (σ₀² + .01) / 2σ² − ½ each.
    const perDimension = LOG_STD.map((logStd, i) => {
      const variance = Math.exp(2 * logStd);
      return logStd - Math.log(OLD_STD[i]) + (OLD_STD[i] ** 2 + 0.01) / (2 * variance) - 0.5;
    });
    expect(gradients().kl).toBeCloseTo(perDimension[0] + perDimension[1], 5);
  });

  it.each([
    // N(0, 1) to N(1, 2²): log 2 + (1 + 1) / 8 − ½ = .443147
    [0, 1, 1, 2, 0.443147],
    // N(1, 2²) to N(0, 1): −log 2 + (4 + 1) / 2 − ½ = 1.306853
    [1, 2, 0, 1, 1.306853],
    [0.3, 0.5, 0.3, 0.5, 0],
  ])("from N(%f, %f²) to N(%f, %f²) is %f", (oldMean, oldStd, mean, std, expected) => {
    const rollout = new Rollout(1, 1, 1, gaussianSpace(1));
    rollout.output[0] = oldMean;
    const kl = policyGradient(
      new Float32Array(1),
      new Float32Array(1),
      0,
      Float32Array.of(mean),
      Float32Array.of(Math.log(std)),
      Float32Array.of(oldStd),
      rollout,
      Int32Array.of(0),
      0,
      1,
      CLIP,
      0,
    );
    expect(kl).toBeCloseTo(expected, 5);
  });
});

describe("the value's gradient", () => {
  it("is that of half the mean squared error", () => {
    const rollout = new Rollout(1, 4, 1, gaussianSpace(1));
    rollout.returns.set([9, 4, 9, 0]);
    const dValue = new Float32Array(2);
    // Errors 1 − 0 = 1 and 2 − 4 = −2: gradients 1/2 and −2/2, mean square (1 + 4) / 2.
    const loss = valueGradient(dValue, Float32Array.of(1, 2), rollout, Int32Array.of(3, 1));
    expect([...dValue]).toEqual([0.5, -1]);
    expect(loss).toBe(2.5);
  });
});
