/** Many robots learning at once: one physics world stepped at the policy's rate, robots reset one by one as they end. */

import { NUM_JOINTS, NUM_LEGS } from "../gaits/types.js";
import { LocomotionControl } from "./control/locomotion-control.js";
import type { Sensors } from "./control/sensors.js";
import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS, type Estimator } from "./control/state-estimate.js";
import type { EnvConfig } from "./env-config.js";
import type { Vec3 } from "./math.js";
import { PhysicsWorld } from "./physics/world.js";
import { deriveSeed, Rng } from "./rng.js";
import { hasFallen } from "./robot/state.js";
import type { RobotModel } from "./robot/types.js";
import { SimulatedRobots } from "./simulated-robots.js";
import { BlowUpWatch } from "./task/blow-up.js";
import { CommandSampler, type CurriculumState, fullCurriculum, type VelocityCommand } from "./task/commands.js";
import { EpisodeStatistics } from "./task/episode-statistics.js";
import { type JointObservation, OBSERVATION } from "./task/observation.js";
import type { ObservationSpec, ObservationWriter } from "./task/observation-layout.js";
import type { PrivilegedState } from "./task/observation-term.js";
import { Randomization } from "./task/randomization.js";
import { REWARD_TERMS } from "./task/reward.js";
import { RewardScales } from "./task/reward-scales.js";
import type { RewardTerms } from "./task/reward-term.js";
import { drawStart, type Start, StartPose } from "./task/start-pose.js";
import type { TerrainCurriculum } from "./task/terrain-curriculum.js";
import { WeightedReward } from "./task/weighted-reward.js";
import { heightAt, isInside, type Terrain } from "./terrain/height-field.js";

/** Stream of the sensors' random numbers, so that others stay as they are without noise. */
const STREAM_SENSORS = 1;

export interface VecEnvOptions {
  /** What the policy is told. */
  readonly observation?: JointObservation | undefined;
  /** What its robots are rewarded for, with the weights of the config. */
  readonly rewards?: RewardTerms | undefined;
  /** Makes the outputs of `control.estimate` of its inputs; for `control.estimator: learned`. */
  readonly estimator?: Estimator | undefined;
  /** Draws velocity commands instead of what the config says of them. */
  readonly velocityCommand?: VelocityCommand | undefined;
  /** Where commands stand; read at every new command. */
  readonly curriculum?: CurriculumState | undefined;
  /** Running means of reward terms. */
  readonly rewardScales?: RewardScales | undefined;
  /** Chooses the tiles that robots start on. */
  readonly terrainCurriculum?: TerrainCurriculum | undefined;
  /** Where robots start, every time; those without one, where chance says. */
  readonly starts?: readonly Start[] | undefined;
}

export class VecEnv {
  readonly spec: ObservationSpec;
  /** What the policy acts on next. [N, spec.size] */
  readonly obs: Float32Array;
  /** Of the state in which an episode ended, where `terminated` or `truncated` is 1. [N, spec.size] */
  readonly finalObs: Float32Array;
  readonly reward: Float32Array;
  /** 1 where the robot fell in the last step. [N] */
  readonly terminated: Uint8Array;
  /** 1 where the episode's time, or the ground, ran out in the last step. [N] */
  readonly truncated: Uint8Array;
  readonly statistics: EpisodeStatistics;
  readonly blowUps: BlowUpWatch;
  readonly physics: PhysicsWorld;
  readonly control: LocomotionControl;
  readonly privileged: PrivilegedState;
  readonly sensors: Sensors;
  /** What a learned estimator was told in the last step. [N, ESTIMATOR_INPUTS] Empty without one. */
  readonly estimatorInputs: Float32Array;
  /** What it should have said to that. [N, ESTIMATOR_OUTPUTS] Empty without one. */
  readonly estimatorTargets: Float32Array;
  /** Policy steps since the episode began. [N] */
  readonly age: Int32Array;
  private readonly writer: ObservationWriter;
  private readonly weightedReward: WeightedReward;
  private readonly commands: CommandSampler;
  private readonly randomization: Randomization;
  private readonly robots: SimulatedRobots;
  private readonly previousAction: Float32Array;
  /** 1 where the simulation broke down in the last step. [N] */
  private readonly isBroken: Uint8Array;
  private readonly startPose: StartPose;
  private readonly rng: Rng;
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
    private readonly options: VecEnvOptions = {},
  ) {
    const { control, command, randomization, physics, reward } = config;
    const { observation = OBSERVATION, rewards = REWARD_TERMS } = options;
    this.spec = observation.spec;
    this.statistics = new EpisodeStatistics(Object.keys(rewards));
    this.physics = new PhysicsWorld(model, numEnvs, terrain, physics);
    this.control = new LocomotionControl(model, control, numEnvs);
    this.blowUps = new BlowUpWatch(this.physics, this.control, this.spec, Object.keys(rewards));
    this.commands = new CommandSampler(command, options.curriculum ?? fullCurriculum(), options.velocityCommand);
    this.rng = new Rng(deriveSeed(seed));
    const sensorRng = new Rng(deriveSeed(seed, STREAM_SENSORS));
    this.randomization = new Randomization(randomization, this.physics, control.stepS);
    this.robots = new SimulatedRobots(this.physics, config, this.randomization.actionDelaySteps, sensorRng);
    this.sensors = this.robots.sensors;
    this.episodeSteps = Math.round(config.episodeS / control.stepS);
    this.resampleSteps = Math.round(command.resampleS / control.stepS);
    this.pushSteps = Math.max(1, Math.round(randomization.pushIntervalS / control.stepS));
    this.obs = new Float32Array(numEnvs * this.spec.size);
    this.finalObs = new Float32Array(numEnvs * this.spec.size);
    this.reward = new Float32Array(numEnvs);
    this.terminated = new Uint8Array(numEnvs);
    this.truncated = new Uint8Array(numEnvs);
    this.isBroken = new Uint8Array(numEnvs);
    this.age = new Int32Array(numEnvs);
    this.previousAction = new Float32Array(numEnvs * NUM_JOINTS);
    this.estimatorInputs = new Float32Array(options.estimator ? numEnvs * ESTIMATOR_INPUTS : 0);
    this.estimatorTargets = new Float32Array(options.estimator ? numEnvs * ESTIMATOR_OUTPUTS : 0);
    this.startPose = new StartPose(model, terrain);
    this.privileged = { baseHeight: new Float32Array(numEnvs), randomization: this.randomization };
    const { readings } = this.sensors;
    const sources = { state: this.physics.state, readings, control: this.control, privileged: this.privileged };
    this.writer = observation.writer(sources);
    const { previousAction } = this;
    const scales = options.rewardScales ?? new RewardScales(rewards);
    this.weightedReward = new WeightedReward(rewards, reward, { ...sources, previousAction }, scales, control, terrain);
    for (let robot = 0; robot < numEnvs; robot++) {
      this.reset(robot);
      // Staggered ages: episodes don't all end in the same step.
      this.age[robot] = this.rng.integer(this.episodeSteps);
    }
  }

  /** Starts one robot's episode anew: place, heading, pose, command, point of the stride, friction. */
  reset(robot: number): void {
    const { rng } = this;
    const { startJointRad, startVelocityMPerS } = this.config.randomization;
    const { starts, terrainCurriculum } = this.options;
    const start = starts?.[robot] ?? drawStart(this.terrain, rng, terrainCurriculum?.start(robot));
    const pose = this.startPose.at(start);
    for (let j = 0; j < NUM_JOINTS; j++) pose.joints[j] = pose.joints[j] + rng.uniform(-startJointRad, startJointRad);
    const v = startVelocityMPerS;
    const velocity: Vec3 = [rng.uniform(-v, v), rng.uniform(-v, v), 0];
    this.randomization.draw(robot, rng);
    this.robots.place(robot, pose, velocity);
    this.weightedReward.reset(robot);
    this.age[robot] = 0;
    this.control.gaitCommand[robot] = this.commands.gait(rng);
    this.commands.velocity(this.control.command, robot, this.control.gaitCommand[robot], rng);
    this.control.reset(robot, rng.next(), this.sensors.readings);
    this.observe(robot, this.obs);
  }

  /** One policy step for all robots. `actions` [N, 12] */
  step(actions: Float32Array): void {
    this.previousAction.set(this.control.action);
    for (let robot = 0; robot < this.numEnvs; robot++) this.control.act(robot, actions, robot * NUM_JOINTS);
    this.robots.step(this.control.jointTarget);
    for (let robot = 0; robot < this.numEnvs; robot++) this.sense(robot);
    this.estimate();
    for (let robot = 0; robot < this.numEnvs; robot++) this.finish(robot);
  }

  /** Time spent in the physics engine so far, ms. */
  get physicsMs(): number {
    return this.robots.engineMs;
  }

  private sense(robot: number): void {
    this.isBroken[robot] = this.blowUps.inState(robot) ? 1 : 0;
    // Before anything else is computed of its state. From here on it is a robot at its start.
    if (this.isBroken[robot]) this.discard(robot);
    this.readPrivileged(robot);
    this.control.sense(robot, this.sensors.readings);
  }

  /** A learned estimator has its say, before robots that have ended start anew. */
  private estimate(): void {
    const { estimator } = this.options;
    if (!estimator) return;
    const { estimate } = this.control;
    this.estimatorInputs.set(estimate.inputs);
    for (let robot = 0; robot < this.numEnvs; robot++) {
      estimate.writeTargets(this.estimatorTargets, robot, this.physics.state, this.privileged.baseHeight);
    }
    estimator(estimate.outputs, estimate.inputs);
  }

  /** Gives the physics engine's memory back. */
  free(): void {
    this.physics.free();
  }

  /** Reward, end of episode, and the next observation of one robot. */
  private finish(robot: number): void {
    if (this.isBroken[robot]) return;
    const age = this.age[robot] + 1;
    this.age[robot] = age;
    const fell = hasFallen(this.physics.state, robot);
    const timeOut = !fell && (age >= this.episodeSteps || !this.isOnGround(robot));
    const ended = fell || timeOut;
    const { terms } = this.weightedReward;
    this.weightedReward.write(this.reward, robot, fell);
    if (this.blowUps.inReward(terms, robot)) {
      this.discard(robot);
      return;
    }
    this.weightedReward.accept();
    this.terminated[robot] = fell ? 1 : 0;
    this.truncated[robot] = timeOut ? 1 : 0;
    this.statistics.add(this.physics.state, this.control, robot, fell, ended);
    this.statistics.addRewards(terms);
    const { terrainCurriculum } = this.options;
    terrainCurriculum?.add(robot, this.control.command, this.physics.state.baseVelocity);
    if (ended) this.endOnTerrain(robot, fell);
    if (!ended) {
      if (age % this.resampleSteps === 0) this.newCommand(robot);
      if (age % this.pushSteps === 0) this.push(robot);
    }
    this.control.advance(robot, this.sensors.readings);
    const rows = ended ? this.finalObs : this.obs;
    this.writer.write(rows, robot * this.spec.size, robot);
    if (this.blowUps.inObservation(rows, robot)) this.discard(robot);
    else if (ended) this.reset(robot);
  }

  private isOnGround(robot: number): boolean {
    const { basePosition } = this.physics.state;
    return isInside(this.terrain, basePosition[3 * robot], basePosition[3 * robot + 1]);
  }

  private endOnTerrain(robot: number, fell: boolean): void {
    const { basePosition } = this.physics.state;
    this.options.terrainCurriculum?.end(robot, fell, basePosition[3 * robot], basePosition[3 * robot + 1], this.rng);
  }

  /** Ends the episode of a robot whose simulation broke down, as if it had never taken the step. */
  discard(robot: number): void {
    this.statistics.addBlowUp();
    this.reward[robot] = 0;
    this.terminated[robot] = 1;
    this.truncated[robot] = 0;
    this.reset(robot);
  }

  private newCommand(robot: number): void {
    const { rng, control, config } = this;
    const { gaits, gaitSwitchShare, gaitsChosen } = config.command;
    if (gaits.length > 1 && !gaitsChosen && rng.next() < gaitSwitchShare)
      control.gaitCommand[robot] = this.commands.gait(rng);
    this.commands.velocity(control.command, robot, control.gaitCommand[robot], rng);
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
