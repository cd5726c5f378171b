import { beforeAll, describe, expect, it } from "vitest";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { FootMotion } from "../../../sim/task/foot-motion.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import { heightAt } from "../../../sim/terrain/height-field.js";
import { advance, createWorld, FLAT, model, place } from "../../support/world.js";

beforeAll(loadPhysics);

describe("the motion of feet", () => {
  it("has them under their hips in the default pose, at the base's velocity", () => {
    const state = createRobotState(2);
    state.jointPosition.set(model.qDefaultRad, 12);
    state.baseVelocity.set([0.5, 0.1, -0.2], 3);
    const feet = new FootMotion(model, state, FLAT);
    feet.read(1);
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
    const feet = new FootMotion(model, state, FLAT);
    feet.read(0);
    expect(feet.velocity[0]).toBeCloseTo(-feet.position[1], 6);
    expect(feet.velocity[1]).toBeCloseTo(feet.position[0], 6);
  });

  it("agrees with where the feet of a robot held in the air go", () => {
    const world = createWorld(1, { timestepS: 0.001, fixedBase: true });
    place(world, 0, [0, 0, 1]);
    world.setTargets(Float32Array.from(model.qDefaultRad, (q, j) => q + (j % 3 === 1 ? 0.3 : 0)));
    advance(world, 0.03);
    const feet = new FootMotion(model, world.state, FLAT);
    feet.read(0);
    const before = [...feet.position];
    advance(world, 0.001);
    feet.read(0);
    for (let k = 0; k < 3; k++) {
      expect(Math.abs((feet.position[k] - before[k]) / 0.001 - feet.velocity[k])).toBeLessThan(0.05);
    }
    expect(Math.abs(feet.velocity[0])).toBeGreaterThan(0.3);
    world.free();
  });

  it("tells how high soles are above the ground under them, whatever the trunk's pose", () => {
    const state = createRobotState(2);
    state.jointPosition.set(model.qDefaultRad, 12);
    state.baseRotation.set([0, 0, 0, 1], 4);
    state.basePosition.set([2, 3, model.nominalHeightM + 0.25], 3);
    const ramp = createTerrain({ kind: "slope-up", level: 3, seed: 1 });
    const [flat, sloped] = [new FootMotion(model, state, FLAT), new FootMotion(model, state, ramp)];
    flat.read(1);
    sloped.read(1);
    // Lifted by 0.25 m from where its soles stand.
    expect(flat.heightM(2)).toBeCloseTo(0.25, 2);
    const [x, y] = [2 + flat.position[6], 3 + flat.position[7]];
    expect(sloped.heightM(2)).toBeCloseTo(flat.heightM(2) - heightAt(ramp, x, y), 5);
    // Upside down, half a turn about x: the foot is as far above the trunk as it was below.
    state.baseRotation.set([1, 0, 0, 0], 4);
    const above = model.nominalHeightM + 0.25 - flat.position[8] - model.legs.footRadiusM;
    expect(flat.heightM(2)).toBeCloseTo(above, 5);
  });
});
