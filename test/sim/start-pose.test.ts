import { describe, expect, it } from "vitest";
import { NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import { StartPose } from "../../sim/start-pose.js";
import { createTerrain, heightAt } from "../../sim/terrain.js";
import { footCentre, linkPoses, matrixOf } from "../support/link-poses.js";
import { FLAT, model } from "../support/world.js";

const RADIUS_M = model.legs.footRadiusM;
const CLEARANCE_M = 0.01;

describe("the start of a robot", () => {
  it("is the default pose on flat ground, 1 cm in the air", () => {
    const q = new Float32Array(2 * NUM_JOINTS);
    expect(new StartPose(model, FLAT).write(q, NUM_JOINTS, 1, 2, 0.5)).toBeCloseTo(model.nominalHeightM + 0.01, 6);
    model.qDefaultRad.forEach((angle, j) => {
      // The legs' kinematics leaves out offsets of the A1's links below 2 mm.
      expect(Math.abs(q[NUM_JOINTS + j] - angle)).toBeLessThan(0.01);
    });
    expect([...q.subarray(0, NUM_JOINTS)]).toEqual(new Array(NUM_JOINTS).fill(0));
  });

  it.each([0, 1.1, -2.5])("has every foot 1 cm above the rough ground under it, heading %f rad", (yaw) => {
    const terrain = createTerrain({ kind: "rough", level: 2, seed: 3 });
    const q = new Float32Array(NUM_JOINTS);
    const pose = new StartPose(model, terrain);
    const grounds: number[] = [];
    for (const [x, y] of [
      [0.4, -1.3],
      [-2.2, 3.1],
    ]) {
      const z = pose.write(q, 0, x, y, yaw);
      const links = linkPoses(
        model,
        { position: [x, y, z], rotation: matrixOf([0, 0, Math.sin(yaw / 2), Math.cos(yaw / 2)]) },
        q,
      );
      let meanM = 0;
      for (let leg = 0; leg < NUM_LEGS; leg++) {
        const [footX, footY, footZ] = footCentre(model, links, leg);
        const ground = heightAt(terrain, footX, footY);
        grounds.push(ground);
        meanM += ground / NUM_LEGS;
        // Offsets below 2 mm that the legs' kinematics leaves out, on slopes of up to 1 in 1.
        expect(Math.abs(footZ - RADIUS_M - ground - CLEARANCE_M)).toBeLessThan(0.004);
      }
      expect(Math.abs(z - meanM - model.nominalHeightM - CLEARANCE_M)).toBeLessThan(0.004);
    }
    expect(Math.max(...grounds) - Math.min(...grounds)).toBeGreaterThan(0.02);
  });
});
