import { describe, expect, it } from "vitest";
import { Adam, norm2 } from "../../../policy/ppo/adam.js";

const NO_LIMIT = 1e9;

function step(adam: Adam, params: Float32Array, gradient: number[], rate: number, maxNorm = NO_LIMIT): void {
  adam.tick();
  adam.update(params, Float32Array.from(gradient), 0, params.length, rate, maxNorm);
}

describe("Adam", () => {
  it("moves every parameter by the learning rate in its first step, against its gradient", () => {
    const params = Float32Array.of(1, 1, 1);
    step(new Adam(3), params, [0.5, -2, 300], 0.1);
    // m̂ = g, v̂ = g²: rate · g / |g|
    [0.9, 1.1, 0.9].forEach((expected, i) => {
      expect(params[i]).toBeCloseTo(expected, 5);
    });
  });

  it("takes the second step by hand", () => {
    const params = Float32Array.of(1);
    const adam = new Adam(1);
    step(adam, params, [1], 0.1);
    step(adam, params, [-0.5], 0.1);
    // m = .9·.1 − .1·.5 = .04, m̂ = .04 / (1 − .9²) = .210526;  v = .999·.001 + .001·.25 = .001249,
    // v̂ = .001249 / (1 − .999²) = .624812, √v̂ = .790451;  1 − .1 − .1 · .210526 / .790451 = .873366
    expect(adam.m[0]).toBeCloseTo(0.04, 7);
    expect(adam.v[0]).toBeCloseTo(0.001249, 8);
    expect(params[0]).toBeCloseTo(0.873366, 5);
    expect(adam.t).toBe(2);
  });

  it("leaves a parameter without gradient where it is", () => {
    const params = Float32Array.of(3, 4);
    step(new Adam(2), params, [0, 1], 0.1);
    expect(params[0]).toBe(3);
  });

  it("touches its slice only, and takes no one else's gradient for its norm", () => {
    const adam = new Adam(4);
    const params = new Float32Array(4);
    adam.tick();
    adam.update(params, Float32Array.of(1e6, 0.3, 0.4, 1e6), 1, 3, 0.1, 1);
    expect([params[0], params[3], adam.m[0], adam.v[3]]).toEqual([0, 0, 0, 0]);
    // The slice's norm is .5: as it is. m = .1 g
    expect(adam.m[1]).toBeCloseTo(0.03, 7);
    expect(adam.m[2]).toBeCloseTo(0.04, 7);
  });

  it("scales a slice's gradient down to the largest norm, keeping its direction", () => {
    const adam = new Adam(2);
    step(adam, new Float32Array(2), [30, -40], 0.1, 5);
    // (30, −40) has norm 50: a tenth of it, (3, −4).  m = .1 g, v = .001 g²
    expect(adam.m[0]).toBeCloseTo(0.3, 6);
    expect(adam.m[1]).toBeCloseTo(-0.4, 6);
    expect(adam.v[0]).toBeCloseTo(0.009, 7);
    expect(adam.v[1]).toBeCloseTo(0.016, 7);
  });

  it("corrects the bias of slices of one update alike", () => {
    const adam = new Adam(2);
    const params = new Float32Array(2);
    adam.tick();
    adam.update(params, Float32Array.of(1, 1), 0, 1, 0.1, NO_LIMIT);
    adam.update(params, Float32Array.of(1, 1), 1, 2, 0.1, NO_LIMIT);
    expect(params[1]).toBe(params[0]);
    expect(params[0]).toBeCloseTo(-0.1, 6);
  });
});

it("norm2 is Euclid's, of a slice", () => {
  expect(norm2(Float32Array.of(9, 3, 4, 9), 1, 3)).toBe(5);
});
