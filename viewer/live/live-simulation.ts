/** One robot under somebody's command, step by step, for as long as asked for. Runs in Node and in browsers alike. */

import type { PolicyBundle } from "../../policy/bundle/bundle.js";
import { FrameWriter } from "../../policy/evaluation/episode-frames.js";
import { Controller } from "../../policy/runtime/controller.js";
import { isStandstill } from "../../sim/control/standstill.js";
import { type ControllerKind, EPISODE_FRAME_SIZE } from "../../sim/episode-log.js";
import type { Vec3 } from "../../sim/math.js";
import { loadPhysics, PhysicsWorld } from "../../sim/physics/world.js";
import { deriveSeed, Rng } from "../../sim/rng.js";
import { createRobotModel } from "../../sim/robot/model.js";
import { hasFallen } from "../../sim/robot/state.js";
import { SimulatedRobots } from "../../sim/simulated-robots.js";
import { type Start, StartPose } from "../../sim/task/start-pose.js";
import { createTerrain } from "../../sim/terrain/create.js";
import type { Terrain, TerrainSpec } from "../../sim/terrain/height-field.js";
import type { Push } from "../scene/push-arrow.js";
import { dropPlanks, type Pull, pullTrunk, pushAtRandom } from "./disturbances.js";

const STREAM_SENSORS = 1;
/** A robot that stands would fall over when it is pulled at, so it steps: hardly more than the least command that makes it. */
const STEPPING_M_PER_S = 0.025;

export interface LiveOptions {
  readonly bundle: PolicyBundle;
  /** Address of the code of the task that it was trained for, where that is none that comes along. */
  readonly task: string | null;
  readonly terrain: TerrainSpec;
  /** Of pushes and of where planks fall. */
  readonly seed: number;
}

/** What holds during the coming steps. */
export interface LiveInput {
  /** v_x m/s, v_y m/s, yaw rate rad/s. */
  readonly command: Vec3;
  /** Index in the gait library of the gait to be in while the command is not to stand still; "policy": as that selects it. */
  readonly gait: number | "policy";
  /** Whether the policy corrects the gait memory, or lets it walk alone. */
  readonly controller: ControllerKind;
  /** What tugs at the trunk. */
  readonly pull: Pull | null;
}

/** What happens once, before the next step. */
export type LiveEvent = "reset" | "push" | "planks";

export interface LiveState {
  /** Laid out as an episode's; the first one is the start, if these begin with it. [count, EPISODE_FRAME_SIZE] */
  readonly frames: Float32Array;
  /** The frames begin with a new start. */
  readonly restarted: boolean;
  /** The robot lies on the ground, or is about to: it gets no more commands until the next start. */
  readonly fell: boolean;
  /** What pushed the robot before the first step, if anything did. */
  readonly push: Push | null;
  /** Position (3, m) and rotation (x, y, z, w) of each plank. [planks, 7] */
  readonly planks: Float32Array;
}

export class LiveSimulation {
  readonly terrain: Terrain;
  private readonly physics: PhysicsWorld;
  private readonly controller: Controller;
  private readonly robot: SimulatedRobots;
  private readonly startPose: StartPose;
  private readonly frameWriter: FrameWriter;
  private readonly rng: Rng;
  private readonly start: Start;
  private steps = 0;
  private fell = false;

  /** Loads the physics engine first. @throws InputError for a robot or ground that does not work */
  static async create(options: LiveOptions): Promise<LiveSimulation> {
    await loadPhysics();
    return new LiveSimulation(options);
  }

  private constructor({ bundle, terrain, seed }: LiveOptions) {
    const { env } = bundle;
    const model = createRobotModel(bundle.robot, bundle.robot.name);
    this.terrain = createTerrain(terrain);
    const fromMiddle = ({ x, y }: { x: number; y: number }) => Math.hypot(x, y);
    const { x, y } = this.terrain.tiles.toSorted((a, b) => fromMiddle(a) - fromMiddle(b))[0] ?? { x: 0, y: 0 };
    this.start = { x, y, yaw: 0 };
    this.physics = new PhysicsWorld(model, 1, this.terrain, env.physics);
    // The mean of the training's delays: whoever drives a robot meets an ordinary one.
    const [leastS, mostS] = env.randomization.actionDelayS;
    const actionDelaySteps = Float32Array.of((leastS + mostS) / 2 / env.control.stepS);
    const sensorRng = new Rng(deriveSeed(seed, STREAM_SENSORS));
    this.robot = new SimulatedRobots(this.physics, env, actionDelaySteps, sensorRng);
    this.controller = new Controller(model, bundle, this.robot.sensors.readings);
    this.startPose = new StartPose(model, this.terrain);
    this.frameWriter = new FrameWriter(
      { physics: this.physics, control: this.controller.control },
      this.controller.gaitProbability,
    );
    this.rng = new Rng(deriveSeed(seed));
  }

  /** Lets events happen, and goes on by this many policy steps. */
  advance(steps: number, input: LiveInput, events: readonly LiveEvent[] = []): LiveState {
    const restarted = events.includes("reset");
    const frames = new Float32Array((steps + (restarted ? 1 : 0)) * EPISODE_FRAME_SIZE);
    let end = 0;
    if (restarted) end = this.write(frames, end, () => this.reset());
    const push = events.includes("push") ? pushAtRandom(this.physics, this.rng) : null;
    if (events.includes("planks")) dropPlanks(this.physics, this.terrain, this.rng);
    for (let i = 0; i < steps; i++) end = this.write(frames, end, () => this.step(input));
    return { frames, restarted, fell: this.fell, push, planks: this.physics.planks.poses() };
  }

  /** Gives the physics engine's memory back. */
  free(): void {
    this.physics.free();
  }

  /** Appends the frame that `change` leads to; returns where the next one stands. */
  private write(frames: Float32Array, offset: number, change: () => void): number {
    this.frameWriter.beforeStep();
    change();
    frames.set(this.frameWriter.write(0, this.steps * this.controller.control.config.stepS), offset);
    return offset + EPISODE_FRAME_SIZE;
  }

  /** At rest in the middle of the ground, or of the tile nearest to it, heading along x. */
  private reset(): void {
    this.robot.place(0, this.startPose.at(this.start));
    this.controller.control.command.fill(0);
    this.controller.reset(0);
    this.steps = 0;
    this.fell = false;
  }

  private step({ command, gait, controller: kind, pull }: LiveInput): void {
    const { physics, controller } = this;
    const { control } = controller;
    if (!this.fell) {
      control.command.set(command);
      if (pull && isStandstill(control.command, 0)) control.command[0] = STEPPING_M_PER_S;
      if (gait === "policy") controller.selectGait();
      else controller.tellGait(gait);
      controller.act(kind);
    }
    if (pull) pullTrunk(physics, pull, control.config.stepS);
    this.robot.step(control.jointTarget);
    this.fell ||= hasFallen(physics.state, 0);
    controller.sense();
    this.steps++;
  }
}
