import { beforeAll, describe, expect, it } from "vitest";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { FootMotion } from "../../../sim/task/foot-motion.js";
import { advance, createWorld, model, place } from "../../support/world.js";

beforeAll(loadPhysics);

describe("the motion of feet", () => {
  it("has them under their hips in the default pose, at the base's velocity", () => {
    const state = createRobotState(2);
    state.jointPosition.set(model.qDefaultRad, 12);
    state.baseVelocity.set([0.5, 0.1, -0.2], 3);
    const feet = new FootMotion(model);
    feet.read(state, 1);
    for (let leg = 0; leg < 4; leg++) {
      expect(feet.position[3 * leg]).toBeCloseTo(model.legs.hipOffsetM[3 * leg], 2);
      expect(feet.position[3 * leg + 2]).toBeCloseTo(model.legs.footRadiusM - model.nominalHeightM, 2);
      [0.5, 0.1, -0.2].forEach((v, k) => {
        expect(feet.velocity[3 * leg + k]).toBeCloseTo(v, 6);
      });
    }
  });

  it("turns them with the base: at 1 rad/s to the left, by −y forward and x to the left", () => {
    const state = createRobotState(1);
    state.jointPosition.set(model.qDefaultRad);
    state.baseAngularVelocity[2] = 1;
    const feet = new FootMotion(model);
    feet.read(state, 0);
    expect(feet.velocity[0]).toBeCloseTo(-feet.position[1], 6);
    expect(feet.velocity[1]).toBeCloseTo(feet.position[0], 6);
  });

  it("agrees with where the feet of a robot held in the air go", () => {
    const world = createWorld(1, { timestepS: 0.001, fixedBase: true });
    place(world, 0, [0, 0, 1]);
    world.setTargets(Float32Array.from(model.qDefaultRad, (q, j) => q + (j % 3 === 1 ? 0.3 : 0)));
    advance(world, 0.03);
    const feet = new FootMotion(model);
    feet.read(world.state, 0);
    const before = [...feet.position];
    advance(world, 0.001);
    feet.read(world.state, 0);
    for (let k = 0; k < 3; k++) {
      expect(Math.abs((feet.position[k] - before[k]) / 0.001 - feet.velocity[k])).toBeLessThan(0.05);
    }
    expect(Math.abs(feet.velocity[0])).toBeGreaterThan(0.3);
    world.free();
  });
});
