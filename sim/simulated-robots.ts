/** Robots as a controller meets them, whatever simulates them: joint targets go in, sensor readings come out. */

import { NUM_JOINTS } from "../gaits/types.js";
import { Sensors } from "./control/sensors.js";
import type { EnvConfig } from "./env-config.js";
import type { Vec3 } from "./math.js";
import type { Engine, Pose } from "./physics/engine.js";
import type { Rng } from "./rng.js";

export class SimulatedRobots {
  readonly sensors: Sensors;
  /** Time that the engine has taken to go on so far, ms. */
  engineMs = 0;
  private readonly stepS: number;
  /** What motors are told: joint targets as late, and as far off, as the robot's are. [N, 12] */
  private readonly motorTarget: Float32Array;
  /** Joint targets of the step before. [N, 12] */
  private readonly lastTarget: Float32Array;

  /**
   * @param actionDelaySteps how late motors get their targets, in policy steps, 0..1; looked at in every step. [N]
   * @param rng of the sensors' errors
   */
  constructor(
    private readonly engine: Engine,
    { control: { stepS }, sensors }: Pick<EnvConfig, "control" | "sensors">,
    private readonly actionDelaySteps: Float32Array,
    rng: Rng,
  ) {
    this.stepS = stepS;
    this.sensors = new Sensors(engine.state, sensors, engine.numRobots, stepS, rng);
    this.motorTarget = new Float32Array(engine.numRobots * NUM_JOINTS);
    this.lastTarget = new Float32Array(engine.numRobots * NUM_JOINTS);
  }

  /** Places one robot as the engine does, and draws its sensors' errors anew. */
  place(robot: number, pose: Pose, velocity?: Vec3): void {
    this.engine.place(robot, pose, velocity);
    this.lastTarget.set(pose.joints, robot * NUM_JOINTS);
    this.sensors.reset(robot);
  }

  /** A policy step of all robots: motors get their targets, the engine goes on, sensors read. @param jointTarget rad. [N, 12] */
  step(jointTarget: Float32Array): void {
    const { engine, actionDelaySteps, stepS } = this;
    const isHeld = engine.lateTargets === "held";
    const lateS = isHeld ? actionDelaySteps[0] * stepS : 0;
    for (let robot = 0; robot < engine.numRobots; robot++) {
      this.writeMotorTarget(robot, jointTarget, isHeld ? 0 : actionDelaySteps[robot]);
    }
    const start = performance.now();
    engine.advance(lateS);
    engine.setTargets(this.motorTarget);
    engine.advance(stepS - lateS);
    this.engineMs += performance.now() - start;
    engine.read();
    for (let robot = 0; robot < engine.numRobots; robot++) this.sensors.read(robot);
  }

  /** @param lastShare of the last target in the mean over the step. Motors go by joint encoders, and are off by what these are. */
  private writeMotorTarget(robot: number, jointTarget: Float32Array, lastShare: number): void {
    const { motorTarget, lastTarget, sensors } = this;
    for (let i = robot * NUM_JOINTS; i < (robot + 1) * NUM_JOINTS; i++) {
      const target = jointTarget[i];
      motorTarget[i] = target + lastShare * (lastTarget[i] - target) - sensors.jointOffset[i];
      lastTarget[i] = target;
    }
  }
}
