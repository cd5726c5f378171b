/** What differs from robot to robot, so that a policy does not rely on one: drawn anew for every episode. */

import type { RandomizationConfig } from "../config-sections.js";
import type { Vec3 } from "../math.js";
import type { PhysicsWorld } from "../physics/world.js";
import type { Rng } from "../rng.js";

export class Randomization {
  /** Coulomb friction coefficient. [N] */
  readonly friction: Float32Array;
  /** What the trunk carries besides, kg. [N] */
  readonly payloadKg: Float32Array;
  /** Share of the torque that motors can give. [N] */
  readonly motorStrength: Float32Array;
  /** How late motors get their targets, in policy steps, 0..1. [N] */
  readonly actionDelaySteps: Float32Array;

  constructor(
    private readonly config: RandomizationConfig,
    private readonly physics: PhysicsWorld,
    private readonly stepS: number,
  ) {
    const { numRobots } = physics;
    this.friction = new Float32Array(numRobots);
    this.payloadKg = new Float32Array(numRobots);
    this.motorStrength = new Float32Array(numRobots).fill(1);
    this.actionDelaySteps = new Float32Array(numRobots);
  }

  /** Draws one robot's properties and gives them to the physics. */
  draw(robot: number, rng: Rng): void {
    const { config, physics } = this;
    this.friction[robot] = rng.uniform(...config.friction);
    physics.setFriction(robot, this.friction[robot]);
    if (varies(config.payloadKg, 0) || config.centerOfMassM > 0) this.drawTrunk(robot, rng);
    if (varies(config.motorStrength, 1) || varies(config.stiffness, 1) || varies(config.damping, 1)) {
      this.motorStrength[robot] = rng.uniform(...config.motorStrength);
      physics.setMotors(
        robot,
        this.motorStrength[robot],
        rng.uniform(...config.stiffness),
        rng.uniform(...config.damping),
      );
    }
    if (config.gravityTiltRad > 0) {
      const tilt = rng.uniform(0, config.gravityTiltRad);
      physics.setGravityTilt(robot, tilt, rng.uniform(-Math.PI, Math.PI));
    }
    if (varies(config.actionDelayS, 0)) this.actionDelaySteps[robot] = rng.uniform(...config.actionDelayS) / this.stepS;
  }

  private drawTrunk(robot: number, rng: Rng): void {
    const { payloadKg, centerOfMassM: limit } = this.config;
    this.payloadKg[robot] = rng.uniform(...payloadKg);
    const shift: Vec3 = [rng.uniform(-limit, limit), rng.uniform(-limit, limit), rng.uniform(-limit, limit)];
    this.physics.setPayload(robot, this.payloadKg[robot], shift);
  }
}

/** False where there is nothing to draw: every robot has the value `neutral`. */
function varies([low, high]: readonly [number, number], neutral: number): boolean {
  return low !== neutral || high !== neutral;
}
