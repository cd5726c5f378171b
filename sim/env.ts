/** Many robots learning at once: one physics world stepped at the policy's rate, robots reset one by one as they end. */

import { NUM_JOINTS, NUM_LEGS } from "../gaits/types.js";
import { CommandSampler } from "./commands.js";
import type { EnvConfig } from "./env-config.js";
import { EpisodeStatistics } from "./episode-statistics.js";
import { LocomotionControl } from "./locomotion-control.js";
import { OBSERVATION_SPEC, type ObservationSpec, ObservationWriter, type PrivilegedState } from "./observation.js";
import { PhysicsWorld } from "./physics.js";
import { REWARD_NAMES, REWARD_TERMS, type RewardSources } from "./reward.js";
import { deriveSeed, Rng } from "./rng.js";
import { StartPose } from "./start-pose.js";
import { heightAt, type Terrain } from "./terrain.js";
import type { RobotModel, Vec3 } from "./types.js";

/** A tilt of 60° can't be recovered from at these gaits' heights: it counts as a fall before the trunk hits the ground. */
const FALL_COS_TILT = 0.5;
/** Robots start within this square around the origin, ± m: far enough from the terrain's edge for any 10 s walk. */
const START_SQUARE_M = 4;
const REWARD_CLIP_BELOW = 0;

export class VecEnv {
  readonly spec: ObservationSpec = OBSERVATION_SPEC;
  /** What the policy acts on next. [N, spec.size] */
  readonly obs: Float32Array;
  /** Of the state in which an episode ended, where `terminated` or `truncated` is 1. [N, spec.size] */
  readonly finalObs: Float32Array;
  readonly reward: Float32Array;
  /** 1 where the robot fell in the last step. [N] */
  readonly terminated: Uint8Array;
  /** 1 where the episode's time ran out in the last step. [N] */
  readonly truncated: Uint8Array;
  readonly statistics = new EpisodeStatistics(REWARD_NAMES);
  readonly physics: PhysicsWorld;
  readonly control: LocomotionControl;
  readonly privileged: PrivilegedState;
  /** Policy steps since the episode began. [N] */
  readonly age: Int32Array;
  /** Time spent in the physics engine so far, ms. */
  physicsMs = 0;
  private readonly writer: ObservationWriter;
  private readonly rewardSources: RewardSources;
  private readonly commands: CommandSampler;
  private readonly previousAction: Float32Array;
  private readonly startPose: StartPose;
  /** Joint angles that episodes start at, rad. [N, 12] */
  private readonly startJoints: Float32Array;
  private readonly rng: Rng;
  private readonly decimation: number;
  private readonly episodeSteps: number;
  private readonly resampleSteps: number;
  private readonly pushSteps: number;

  /** @param seed everything random in this environment follows from it */
  constructor(
    readonly model: RobotModel,
    readonly config: EnvConfig,
    readonly numEnvs: number,
    readonly terrain: Terrain,
    seed: number,
  ) {
    const { control, command, randomization, physics } = config;
    this.physics = new PhysicsWorld(model, numEnvs, terrain, physics);
    this.control = new LocomotionControl(model, control, numEnvs);
    this.commands = new CommandSampler(command);
    this.rng = new Rng(deriveSeed(seed));
    this.decimation = Math.round(control.stepS / physics.timestepS);
    this.episodeSteps = Math.round(config.episodeS / control.stepS);
    this.resampleSteps = Math.round(command.resampleS / control.stepS);
    this.pushSteps = Math.max(1, Math.round(randomization.pushIntervalS / control.stepS));
    this.obs = new Float32Array(numEnvs * this.spec.size);
    this.finalObs = new Float32Array(numEnvs * this.spec.size);
    this.reward = new Float32Array(numEnvs);
    this.terminated = new Uint8Array(numEnvs);
    this.truncated = new Uint8Array(numEnvs);
    this.age = new Int32Array(numEnvs);
    this.previousAction = new Float32Array(numEnvs * NUM_JOINTS);
    this.startPose = new StartPose(model, terrain);
    this.startJoints = new Float32Array(numEnvs * NUM_JOINTS);
    this.privileged = { baseHeight: new Float32Array(numEnvs), friction: new Float32Array(numEnvs) };
    const sources = { state: this.physics.state, control: this.control, privileged: this.privileged };
    this.writer = new ObservationWriter(sources);
    this.rewardSources = { ...sources, previousAction: this.previousAction };
    for (let robot = 0; robot < numEnvs; robot++) {
      this.reset(robot);
      // Staggered ages: episodes don't all end in the same step.
      this.age[robot] = this.rng.integer(this.episodeSteps);
    }
  }

  /** Starts one robot's episode anew: place, heading, pose, command, point of the stride, friction. */
  reset(robot: number): void {
    const { rng, physics } = this;
    const { startJointRad, startVelocityMPerS, friction } = this.config.randomization;
    const x = rng.uniform(-START_SQUARE_M, START_SQUARE_M);
    const y = rng.uniform(-START_SQUARE_M, START_SQUARE_M);
    const yaw = rng.uniform(-Math.PI, Math.PI);
    const z = this.startPose.write(this.startJoints, robot * NUM_JOINTS, x, y, yaw);
    for (let i = robot * NUM_JOINTS; i < (robot + 1) * NUM_JOINTS; i++) {
      this.startJoints[i] = this.startJoints[i] + rng.uniform(-startJointRad, startJointRad);
    }
    const v = startVelocityMPerS;
    const velocity: Vec3 = [rng.uniform(-v, v), rng.uniform(-v, v), 0];
    physics.resetRobot(robot, [x, y, z], [0, 0, Math.sin(yaw / 2), Math.cos(yaw / 2)], this.startJoints, velocity);
    this.privileged.friction[robot] = rng.uniform(...friction);
    physics.setFriction(robot, this.privileged.friction[robot]);
    this.age[robot] = 0;
    this.commands.sample(this.control.command, robot, rng);
    physics.readRobot(robot);
    physics.clearContacts(robot);
    this.control.reset(robot, rng.next(), physics.state);
    this.observe(robot, this.obs);
  }

  /** One policy step for all robots. `actions` [N, 12] */
  step(actions: Float32Array): void {
    this.previousAction.set(this.control.action);
    for (let robot = 0; robot < this.numEnvs; robot++) this.control.act(robot, actions, robot * NUM_JOINTS);
    const start = performance.now();
    this.physics.setTargets(this.control.jointTarget);
    this.physics.step(this.decimation);
    this.physicsMs += performance.now() - start;
    this.physics.read();
    for (let robot = 0; robot < this.numEnvs; robot++) this.finish(robot);
  }

  /** Gives the physics engine's memory back. */
  free(): void {
    this.physics.free();
  }

  /** Reward, end of episode, and the next observation of one robot. */
  private finish(robot: number): void {
    const age = this.age[robot] + 1;
    this.age[robot] = age;
    this.readPrivileged(robot);
    const fell = this.hasFallen(robot);
    const timeOut = !fell && age >= this.episodeSteps;
    this.reward[robot] = this.rewardOf(robot, fell);
    this.terminated[robot] = fell ? 1 : 0;
    this.truncated[robot] = timeOut ? 1 : 0;
    this.statistics.add(this.physics.state, this.control, robot, fell, fell || timeOut);
    if (!fell && !timeOut) {
      if (age % this.resampleSteps === 0) this.commands.sample(this.control.command, robot, this.rng);
      if (age % this.pushSteps === 0) this.push(robot);
    }
    this.control.advance(robot, this.physics.state);
    if (fell || timeOut) {
      this.writer.write(this.finalObs, robot * this.spec.size, robot);
      this.reset(robot);
    } else {
      this.writer.write(this.obs, robot * this.spec.size, robot);
    }
  }

  private hasFallen(robot: number): boolean {
    const { shellContact, projectedGravity } = this.physics.state;
    return shellContact[robot] === 1 || projectedGravity[3 * robot + 2] > -FALL_COS_TILT;
  }

  private rewardOf(robot: number, fell: boolean): number {
    const weights = this.config.reward;
    const sources = this.rewardSources;
    let sum = 0;
    for (let i = 0; i < REWARD_NAMES.length; i++) {
      const name = REWARD_NAMES[i];
      const value = weights[name] * REWARD_TERMS[name](sources, robot);
      this.statistics.addReward(i, value);
      sum += value;
    }
    return Math.max(sum, REWARD_CLIP_BELOW) * weights.scale + (fell ? weights.fall : 0);
  }

  private push(robot: number): void {
    const { pushMPerS } = this.config.randomization;
    if (pushMPerS === 0) return;
    // A direction even over the sphere, by Archimedes: height and angle are both uniform.
    const up = this.rng.uniform(-1, 1);
    const angle = this.rng.uniform(-Math.PI, Math.PI);
    const speed = this.rng.uniform(0, pushMPerS);
    const level = speed * Math.sqrt(1 - up * up);
    const change: Vec3 = [level * Math.cos(angle), level * Math.sin(angle), speed * up];
    this.physics.pushHip(robot, this.rng.integer(NUM_LEGS), change);
  }

  private readPrivileged(robot: number): void {
    const p = this.physics.state.basePosition;
    this.privileged.baseHeight[robot] = p[3 * robot + 2] - heightAt(this.terrain, p[3 * robot], p[3 * robot + 1]);
  }

  private observe(robot: number, out: Float32Array): void {
    this.readPrivileged(robot);
    this.writer.write(out, robot * this.spec.size, robot);
  }
}
