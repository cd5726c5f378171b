import { describe, expect, it } from "vitest";
import { estimateAdvantages } from "../../../policy/ppo/gae.js";

/** Advantages and returns of one or more robots, time-major. */
function estimate(
  reward: number[],
  value: number[],
  done: number[],
  { numEnvs = 1, discount = 0.5, lambda = 0.5 } = {},
): { advantage: number[]; returns: number[] } {
  const advantage = new Float32Array(reward.length);
  const returns = new Float32Array(reward.length);
  estimateAdvantages(
    advantage,
    returns,
    Float32Array.from(reward),
    Float32Array.from(value),
    Uint8Array.from(done),
    numEnvs,
    discount,
    lambda,
  );
  return { advantage: [...advantage], returns: [...returns] };
}

const REWARD = [1, 2, 3];
/** The last one is the value after the last step. */
const VALUE = [4, 5, 6, 7];

describe("generalised advantage estimation with γ = λ = 0.5", () => {
  it("goes on beyond the last step by its value", () => {
    // δ2 = 3 + .5·7 − 6 = .5;  δ1 = 2 + .5·6 − 5 = 0;  δ0 = 1 + .5·5 − 4 = −.5
    // A2 = .5;  A1 = 0 + .25·.5 = .125;  A0 = −.5 + .25·.125 = −.46875;  R = A + V
    const { advantage, returns } = estimate(REWARD, VALUE, [0, 0, 0]);
    expect(advantage).toEqual([-0.46875, 0.125, 0.5]);
    expect(returns).toEqual([3.53125, 5.125, 6.5]);
  });

  it("stops at a fall: nothing after it counts", () => {
    // δ1 = 2 − 5 = −3 = A1;  A0 = −.5 + .25·(−3) = −1.25
    const { advantage, returns } = estimate(REWARD, VALUE, [0, 1, 0]);
    expect(advantage).toEqual([-1.25, -3, 0.5]);
    expect(returns).toEqual([2.75, 2, 6.5]);
  });

  it("takes the value after a fall in the last step for nothing", () => {
    // δ2 = 3 − 6 = −3
    expect(estimate(REWARD, VALUE, [0, 0, 1]).advantage[2]).toBe(-3);
  });

  it("goes on to the final state's value where time ran out, which the reward carries", () => {
    // Time runs out in step 1, in a state of value 8: r1 = 2 + .5·8 = 6.  δ1 = 6 − 5 = 1 = A1;  A0 = −.5 + .25·1 = −.25
    const { advantage, returns } = estimate([1, 6, 3], VALUE, [0, 1, 0]);
    expect(advantage).toEqual([-0.25, 1, 0.5]);
    expect(returns).toEqual([3.75, 6, 6.5]);
  });

  it("keeps robots apart", () => {
    const interleave = (a: number[], b: number[]) => a.flatMap((x, t) => [x, b[t]]);
    const other = { reward: [0, -1, 2], value: [1, 1, 2, 3], done: [0, 0, 1] };
    const both = estimate(
      interleave(REWARD, other.reward),
      interleave(VALUE, other.value),
      interleave([0, 1, 0], other.done),
      { numEnvs: 2 },
    );
    const [first, second] = [estimate(REWARD, VALUE, [0, 1, 0]), estimate(other.reward, other.value, other.done)];
    expect(both.advantage).toEqual(interleave(first.advantage, second.advantage));
    expect(both.returns).toEqual(interleave(first.returns, second.returns));
  });
});

describe("the extremes of λ", () => {
  it("are the one-step error at 0", () => {
    expect(estimate(REWARD, VALUE, [0, 0, 0], { lambda: 0 }).advantage).toEqual([-0.5, 0, 0.5]);
  });

  it("are the discounted sum of rewards at 1", () => {
    // 1 + .5·2 + .25·3 + .125·7 = 3.625;  2 + .5·3 + .25·7 = 5.25;  3 + .5·7 = 6.5
    expect(estimate(REWARD, VALUE, [0, 0, 0], { lambda: 1 }).returns).toEqual([3.625, 5.25, 6.5]);
  });
});
