import { describe, expect, it } from "vitest";
import { estimatorGradient } from "../../../policy/ppo/estimator-loss.js";

describe("the state estimator's loss", () => {
  // Two samples of a rollout of three; the second output is a correction that is right, contacts are all likely.
  const outputs = Float32Array.of(1, 0.5, 0, 0, 0, 2, 0, 0, /**/ 0, 0, 0, -1, 0, 0, 0, 0);
  const unused = Array(8).fill(9);
  const targets = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 0, ...unused, 0.5, 0.5, 0, 0, 1, 0, 0, 0);
  const indices = Int32Array.of(2, 0);

  it("is half the squared error of corrections and the cross entropy of contacts", () => {
    const dOutputs = new Float32Array(16);
    const loss = estimatorGradient(dOutputs, outputs, targets, indices);
    // First sample: ½ (0.5² + 0 + 0 + 0) = 0.125; contacts −ln σ(0) for three = 3 · 0.693147, −ln(1 − σ(2)) = 2.126928.
    // Second: ½ (−1 − 1)² = 2; contacts 4 · 0.693147. Mean of 4.331369 and 4.772589.
    expect(loss).toBeCloseTo(4.551979, 5);
  });

  it("has the gradient (said − target) / B", () => {
    const dOutputs = new Float32Array(16);
    estimatorGradient(dOutputs, outputs, targets, indices);
    const expected = [0.5, 0, 0, 0, -0.5, 0.880797, 0.5, 0.5, 0, 0, 0, -2, 0.5, 0.5, 0.5, 0.5];
    dOutputs.forEach((d, i) => {
      expect(d).toBeCloseTo(expected[i] / 2, 5);
    });
  });
});
