import { describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { gaussianSpace } from "../../../policy/config/task.js";
import { Mirror } from "../../../policy/ppo/mirror.js";
import { Rollout } from "../../../policy/ppo/rollout.js";
import { Rng } from "../../../sim/rng.js";
import { mirrorRow } from "../../../sim/task/mirror.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { randomNumbers } from "../../support/learning.js";

const { size, mirror: map } = OBSERVATION_SPEC;

describe("a rollout in the mirror", () => {
  it("has about half of its robots mirrored, each in all its steps, with actions and means alike", () => {
    const rollout = new Rollout(3, 40, size, gaussianSpace(NUM_JOINTS));
    rollout.obs.set(randomNumbers(rollout.obs.length, 1));
    rollout.action.set(randomNumbers(rollout.action.length, 2));
    rollout.output.set(randomNumbers(rollout.output.length, 3));
    const [obs, action, mean] = [rollout.obs.slice(), rollout.action.slice(), rollout.output.slice()];
    new Mirror(OBSERVATION_SPEC).apply(rollout, new Rng(4));
    let mirrored = 0;
    for (let robot = 0; robot < 40; robot++) {
      const isMirrored = [0, 1, 2].map((t) => {
        const k = t * 40 + robot;
        // The hip of the front left leg: minus that of the front right one in the mirror.
        const before = [action[12 * k], mean[12 * k], obs[size * k + 1]];
        const after = [rollout.action[12 * k], rollout.output[12 * k], rollout.obs[size * k + 1]];
        const image = [-action[12 * k + 3], -mean[12 * k + 3], -obs[size * k + 1]];
        const same = after.every((x, i) => x === before[i]);
        expect(same || after.every((x, i) => x === image[i])).toBe(true);
        return !same;
      });
      expect(new Set(isMirrored).size).toBe(1);
      mirrored += isMirrored[0] ? 1 : 0;
    }
    // 20 ± 3.2 of 40.
    expect(Math.abs(mirrored - 20)).toBeLessThan(4 * 3.2);
    // The row behind the last step, which nothing is learned from.
    expect([...rollout.obs.subarray(120 * size)]).toEqual([...obs.subarray(120 * size)]);
  });
});

describe("sums over observations", () => {
  it("become those of the observations and their mirror images", () => {
    const rows = [randomNumbers(size, 5), randomNumbers(size, 6)];
    const images = rows.map((row) => {
      const image = row.slice();
      mirrorRow(map, image, 0, new Float32Array(size));
      return image;
    });
    const sumsOf = (list: readonly Float32Array[]) => {
      const sums = new Float64Array(1 + 2 * size);
      for (const row of list) {
        sums[0] += 1;
        row.forEach((x, i) => {
          sums[1 + i] += x;
          sums[1 + size + i] += x * x;
        });
      }
      return sums;
    };
    const sums = sumsOf(rows);
    new Mirror(OBSERVATION_SPEC).doubleSums(sums);
    sumsOf([...rows, ...images]).forEach((expected, i) => {
      expect(sums[i]).toBeCloseTo(expected, 9);
    });
  });
});

describe("exploration noise", () => {
  it("is the same for both sides: the mean of their logarithms", () => {
    const logStd = Float32Array.of(0, 1, 2, 4, 5, 6, 0, 0, 0, -1, -1, -1);
    new Mirror(OBSERVATION_SPEC).tieLogStd(logStd);
    expect([...logStd]).toEqual([2, 3, 4, 2, 3, 4, -0.5, -0.5, -0.5, -0.5, -0.5, -0.5]);
  });
});
