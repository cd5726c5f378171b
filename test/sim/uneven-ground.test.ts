import { beforeAll, expect, test } from "vitest";
import { NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import { loadPhysics } from "../../sim/physics.js";
import { createEnv } from "../support/envs.js";

const ROBOTS = 4;
const actions = new Float32Array(ROBOTS * NUM_JOINTS);

beforeAll(loadPhysics);

test("each swing ends on ground of another height, within the bound", () => {
  const env = createEnv(ROBOTS, { randomization: { unevenGroundM: 0.03 }, episodeS: 60 });
  const error = env.control.footHeightError;
  const seen = new Set<number>();
  for (let step = 0; step < 60; step++) {
    const before = error.slice();
    const { contact } = env.control.gait.reference;
    const wasDown = contact.slice();
    env.step(actions);
    for (let i = 0; i < ROBOTS * NUM_LEGS; i++) {
      expect(Math.abs(error[i])).toBeLessThanOrEqual(0.03);
      if (error[i] === before[i]) continue;
      // Only a foot that has just been lifted gets a new height; 0 is a robot that starts anew.
      expect(error[i] === 0 || (wasDown[i] === 1 && contact[i] === 0)).toBe(true);
      seen.add(error[i]);
    }
  }
  env.free();
  // 60 steps of 20 ms are three strides of 0.4 s: each of the 16 feet lifts off two or three times.
  expect(seen.size).toBeGreaterThan(2 * ROBOTS * NUM_LEGS - 8);
});

test("on even ground the reference is the gait memory's own", () => {
  const env = createEnv(ROBOTS);
  for (let step = 0; step < 30; step++) env.step(actions);
  expect([...env.control.footHeightError]).toEqual(new Array(ROBOTS * NUM_LEGS).fill(0));
  env.free();
});
