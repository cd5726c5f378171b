import { beforeAll, describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { IDENTITY } from "../../../sim/math.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { joinMirrorMaps, mirrorMap, mirrorRow } from "../../../sim/task/mirror.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { createEnv, obsRow } from "../../support/envs.js";

beforeAll(loadPhysics);

function inMirror(row: number[], map = OBSERVATION_SPEC.mirror): number[] {
  const rows = Float32Array.from([99, ...row]);
  mirrorRow(map, rows, 1, new Float32Array(map.from.length));
  expect(rows[0]).toBe(99);
  return [...rows.subarray(1)];
}

describe("a number in the mirror", () => {
  it("turns around or goes to the other side by what it is", () => {
    expect(inMirror([1, 2, 3], mirrorMap("vector", 3))).toEqual([1, -2, 3]);
    expect(inMirror([1, 2, 3], mirrorMap("turning", 3))).toEqual([-1, 2, -3]);
    expect(inMirror([1, 2, 3], mirrorMap("command", 3))).toEqual([1, -2, -3]);
    expect(inMirror([1, 2], mirrorMap("same", 2))).toEqual([1, 2]);
    expect(inMirror([1, 2, 3, 4], mirrorMap("legs", 4))).toEqual([2, 1, 4, 3]);
    expect(inMirror([1, 2, 3, 4, 5, 6, 7, 8], mirrorMap("legs", 8))).toEqual([3, 4, 1, 2, 7, 8, 5, 6]);
    const twelve = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    expect(inMirror(twelve, mirrorMap("legVectors", 12))).toEqual([4, -5, 6, 1, -2, 3, 10, -11, 12, 7, -8, 9]);
    expect(inMirror(twelve, mirrorMap("joints", 12))).toEqual([-4, 5, 6, -1, 2, 3, -10, 11, 12, -7, 8, 9]);
  });

  it("keeps to its slice", () => {
    const map = joinMirrorMaps([mirrorMap("vector", 3), mirrorMap("legs", 4)]);
    expect(inMirror([1, 2, 3, 4, 5, 6, 7], map)).toEqual([1, -2, 3, 5, 4, 7, 6]);
  });

  it("has a size that suits its kind", () => {
    expect(() => mirrorMap("vector", 4)).toThrow("vector: a size of 4, expected 3");
    expect(() => mirrorMap("legs", 6)).toThrow("legs: a size of 6, expected a multiple of 4");
  });
});

describe("an observation in the mirror", () => {
  it("is itself again in the mirror", () => {
    const row = Array.from({ length: OBSERVATION_SPEC.size }, (_, i) => i + 1);
    expect(inMirror(inMirror(row))).toEqual(row);
    expect(inMirror(row)).not.toEqual(row);
  });

  it("is what a robot observes that did the mirrored thing", () => {
    const env = createEnv(2, {
      command: { vxMPerS: [0.5, 0.5], vyMPerS: [0, 0], yawRateRadPerS: [0, 0] },
      randomization: { startJointRad: 0, startVelocityMPerS: 0, friction: [0.8, 0.8] },
    });
    const { control, physics } = env;
    // A trot half a stride later is the trot in the mirror. Both stand at the same place, facing along x.
    for (const robot of [0, 1]) {
      physics.place(robot, { position: [0, 0, 0.32], rotation: IDENTITY, joints: control.model.qDefaultRad });
      control.command.set([0.5, robot === 0 ? 0.2 : -0.2, robot === 0 ? 0.4 : -0.4], 3 * robot);
      control.reset(robot, robot === 0 ? 0.1 : 0.6, physics.state);
    }
    env.age.fill(0);
    const actions = new Float32Array(2 * NUM_JOINTS);
    for (let j = 0; j < NUM_JOINTS; j++) actions[j] = 0.3 * Math.sin(j);
    actions.set(inMirror([...actions.subarray(0, NUM_JOINTS)], mirrorMap("joints", NUM_JOINTS)), NUM_JOINTS);
    env.step(actions);
    const mirrored = inMirror(obsRow(env.obs, 0));
    const observed = obsRow(env.obs, 1);
    // The trunk's masses are not quite the same on both sides, and the solver takes joints in an order: 0.2 rad/s of roll.
    observed.forEach((value, i) => {
      expect(Math.abs(value - mirrored[i])).toBeLessThan(0.08);
    });
    expect(obsRow(env.obs, 0).some((value, i) => Math.abs(value - mirrored[i]) > 0.3)).toBe(true);
    env.free();
  });
});
