/** A controller walks in MuJoCo, with sensors and motors as wrong and late as in its training. */

import { BiomechanicsAccumulator, type BiomechanicsSummary } from "../../gaits/biomechanics.js";
import { LocomotionControl } from "../../sim/control/locomotion-control.js";
import type { EnvConfig } from "../../sim/env-config.js";
import { deriveSeed, Rng } from "../../sim/rng.js";
import { hasFallen } from "../../sim/robot/state.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { SimulatedRobots } from "../../sim/simulated-robots.js";
import { drawStart, StartPose } from "../../sim/task/start-pose.js";
import { isInside, type Terrain } from "../../sim/terrain/height-field.js";
import { SETTLE_S } from "../evaluation/evaluate.js";
import type { Instruction, Scenario } from "../evaluation/scenario.js";
import type { MujocoRobot } from "./mujoco-robot.js";
import { type RobotController, tell } from "./robot-controller.js";

/** Where trials are walked, and what is asked of them. */
export interface Course {
  readonly model: RobotModel;
  /** What the controller was trained in: the errors of sensors and motors are taken from it. */
  readonly env: EnvConfig;
  readonly terrain: Terrain;
  readonly scenario: Scenario;
  /** Moves starts and noise. */
  readonly seed: number;
}

export interface TrialResult extends BiomechanicsSummary {
  /** Whether it fell, or its controller gave up. Figures are of the time before. */
  readonly fell: boolean;
}

export class MujocoTrial {
  private readonly robots: SimulatedRobots;
  private readonly actionDelaySteps = new Float32Array(1);
  private readonly metrics: BiomechanicsAccumulator;
  /** Keeps the schedule that the feet are held to, as the controller does or should. */
  private readonly schedule: LocomotionControl;
  private readonly rng: Rng;
  private readonly velocity = new Float32Array(3);

  /** @param number of the trial, from 0: the command follows from it */
  constructor(
    private readonly robot: MujocoRobot,
    private readonly controller: RobotController,
    private readonly course: Course,
    private readonly number: number,
  ) {
    const { model, env, seed } = course;
    const { massKg, torqueMaxNm } = model;
    this.rng = new Rng(deriveSeed(seed, number));
    this.robots = new SimulatedRobots(robot, env, this.actionDelaySteps, this.rng);
    this.metrics = new BiomechanicsAccumulator({ numRobots: 1, massKg, torqueMaxNm });
    this.schedule = new LocomotionControl(model, { ...env.control, estimator: "none" }, 1);
  }

  /** Walks from rest until the time or the ground is over, or it falls. */
  async run(): Promise<TrialResult> {
    const { course, robot, controller } = this;
    const { stepS } = course.env.control;
    const steps = Math.round(course.scenario.trialS / stepS);
    this.place();
    controller.reset();
    for (let step = 0; step < steps; step++) {
      const told = course.scenario.tell(this.number, step * stepS);
      const target = await controller.step(this.robots.sensors.readings, told);
      if (!target) return this.result(true);
      this.keepSchedule(told, step === 0);
      this.robots.step(target);
      if (hasFallen(robot.state, 0)) return this.result(true);
      if (!isInside(course.terrain, robot.state.basePosition[0], robot.state.basePosition[1])) break;
      if ((step + 1) * stepS > SETTLE_S) this.score();
    }
    return this.result(false);
  }

  private place(): void {
    const { model, env, terrain } = this.course;
    this.robots.place(0, new StartPose(model, terrain).at(drawStart(terrain, this.rng)));
    this.actionDelaySteps[0] = this.rng.uniform(...env.randomization.actionDelayS) / env.control.stepS;
  }

  private keepSchedule(told: Instruction, isFirst: boolean): void {
    const { schedule } = this;
    const { readings } = this.robots.sensors;
    tell(schedule, told);
    if (isFirst) schedule.reset(0, 0, readings);
    else schedule.advance(0, readings);
  }

  private score(): void {
    const { state } = this.robot;
    const { baseVelocity, baseAngularVelocity } = state;
    this.velocity.set([baseVelocity[0], baseVelocity[1], baseAngularVelocity[2]]);
    const { contact } = this.schedule.gait.reference;
    const { jointTorque, jointVelocity, footContact } = state;
    this.metrics.add(0, jointTorque, jointVelocity, footContact, contact, this.schedule.command, this.velocity);
  }

  private result(fell: boolean): TrialResult {
    return { fell, ...this.metrics.summary(0) };
  }
}
