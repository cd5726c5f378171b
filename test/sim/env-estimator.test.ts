import { beforeAll, expect, it } from "vitest";
import { NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../../sim/control/state-estimate.js";
import { VecEnv } from "../../sim/env.js";
import { loadPhysics } from "../../sim/physics/world.js";
import { envConfig } from "../support/envs.js";
import { FLAT, model, rowOf } from "../support/world.js";

beforeAll(loadPhysics);

/** An estimator's inputs: four frames of 49 numbers, whose last four are contacts, then the odometry's velocity and more. */
const NEWEST_CONTACTS = 4 * 49 - NUM_LEGS;
const ODOMETRY_VELOCITY = 4 * 49;
const ROBOTS = 6;

it("an environment's rows of the estimator's inputs and targets are of the same step and robot, also where it ended", () => {
  const config = envConfig({ episodeS: 0.4, control: { estimator: "learned" } });
  let asked = new Float32Array(0);
  const estimator = (outputs: Float32Array, inputs: Float32Array) => {
    asked = inputs.slice();
    outputs.fill(0);
  };
  const env = new VecEnv(model, config, ROBOTS, FLAT, 1, { estimator });
  let ended = 0;
  const patterns = new Set<string>();
  for (let step = 0; step < 40; step++) {
    env.step(new Float32Array(ROBOTS * NUM_JOINTS));
    expect(env.estimatorInputs).toEqual(asked);
    for (let robot = 0; robot < ROBOTS; robot++) {
      const inputs = rowOf(env.estimatorInputs, robot, ESTIMATOR_INPUTS);
      const targets = rowOf(env.estimatorTargets, robot, ESTIMATOR_OUTPUTS);
      // Sensors without errors: the contacts that it is told are the true ones, which are its targets.
      const contacts = [...targets.subarray(4)];
      expect([...inputs.subarray(NEWEST_CONTACTS, NEWEST_CONTACTS + NUM_LEGS)]).toEqual(contacts);
      patterns.add(contacts.join(""));
      if (env.terminated[robot] | env.truncated[robot]) {
        ended += contacts.some((contact) => contact === 1) ? 1 : 0;
        continue;
      }
      const velocity = rowOf(env.physics.state.baseVelocity, robot, 3);
      // An output of 1 corrects the odometry by 1 / 4 m/s.
      for (let k = 0; k < 3; k++) {
        expect(targets[k]).toBeCloseTo(4 * (velocity[k] - inputs[ODOMETRY_VELOCITY + k]), 5);
      }
    }
  }
  env.free();
  expect(patterns.size).toBeGreaterThan(3);
  // Robots stood on some foot when their time ran out; at their new starts they stand on none.
  expect(ended).toBeGreaterThan(ROBOTS);
});
