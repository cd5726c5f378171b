/** One robot walking with its policy, for as long as someone asks for more. Runs in Node and in browsers alike. */

import type { PolicyBundle } from "../policy/bundle.js";
import { evaluationEnv } from "../policy/evaluate.js";
import { createEstimator, PolicyNetwork } from "../policy/inference.js";
import { VecEnv } from "../sim/env.js";
import { loadPhysics } from "../sim/physics.js";
import { createRobotModel } from "../sim/robot-model.js";
import { createTerrain } from "../sim/terrain.js";
import type { TerrainSpec } from "../sim/types.js";

/** The episode must not end of itself. */
const LONGEST_S = 24 * 3600;

export interface LiveOptions {
  readonly bundle: PolicyBundle;
  readonly terrain: TerrainSpec;
  /** Start and commands follow from it. */
  readonly seed: number;
}

/** Where the robot is after `steps` policy steps in all. */
export interface LiveState {
  readonly steps: number;
  readonly timeS: number;
  /** World frame, m. */
  readonly basePosition: readonly number[];
  /** rad. [12] */
  readonly jointPosition: readonly number[];
  /** The robot fell, and lies where it was last seen: the simulation is over. */
  readonly fell: boolean;
}

export class LiveSimulation {
  private steps = 0;
  private fell = false;
  private basePosition: readonly number[] = [];
  private jointPosition: readonly number[] = [];
  private readonly env: VecEnv;
  private readonly network: PolicyNetwork;
  private readonly action: Float32Array;

  /** Loads the physics engine first. */
  static async create(options: LiveOptions): Promise<LiveSimulation> {
    await loadPhysics();
    return new LiveSimulation(options);
  }

  private constructor({ bundle, terrain, seed }: LiveOptions) {
    const model = createRobotModel(bundle.robot, bundle.robot.name);
    const trial = { terrain: terrain.kind, level: terrain.level, trials: 1, seed, trialS: LONGEST_S };
    const estimator = createEstimator(bundle);
    this.env = new VecEnv(model, evaluationEnv(bundle.env, trial), 1, createTerrain(terrain), seed, { estimator });
    this.env.age.fill(0);
    this.network = new PolicyNetwork(bundle);
    this.action = new Float32Array(this.network.outputs);
    this.readPose();
  }

  /** Goes on by this many policy steps, or until the robot falls. */
  step(count: number): LiveState {
    const { env, network, action } = this;
    for (let i = 0; i < count && !this.fell; i++) {
      network.act(action, 0, env.obs, 0);
      env.step(action);
      this.steps++;
      this.fell = env.terminated[0] === 1;
      // A robot that fell has been moved to its next start already.
      if (!this.fell) this.readPose();
    }
    const { steps, fell, basePosition, jointPosition } = this;
    return { steps, timeS: steps * env.config.control.stepS, basePosition, jointPosition, fell };
  }

  /** Gives the physics engine's memory back. */
  free(): void {
    this.env.free();
  }

  private readPose(): void {
    const { state } = this.env.physics;
    this.basePosition = [...state.basePosition];
    this.jointPosition = [...state.jointPosition];
  }
}
