/** One Rapier world with many copies of a robot in it, apart by collision groups, all on the same ground. */

import RAPIER from "@dimforge/rapier3d";
import { GRAVITY_M_PER_S2 } from "../../gaits/library.js";
import { JOINTS_PER_LEG, NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import type { Vec3 } from "../math.js";
import { add, rotate } from "../math.js";
import { principalAxes } from "../robot/principal-axes.js";
import { createRobotState, type RobotState, SHELL_NEAR_M } from "../robot/state.js";
import type { RobotModel } from "../robot/types.js";
import type { Terrain } from "../terrain/height-field.js";
import { addRobot, bodyPoses, quat, type RobotBodies, vec } from "./bodies.js";
import { ContactTracker } from "./contacts.js";
import type { Engine, Pose } from "./engine.js";
import { FootFriction } from "./friction.js";
import { createGround } from "./ground.js";
import { Planks } from "./planks.js";
import { integrateAccelerometer, type Motors, readRobot } from "./read-state.js";

export interface PhysicsOptions {
  readonly timestepS: number;
  /** Rapier's small steps within one timestep. */
  readonly solverIterations: number;
  /** Constraint sweeps within one small step: what makes stiff joint motors converge. */
  readonly pgsIterations: number;
  /** Coulomb friction coefficient between feet and ground. */
  readonly friction: number;
  readonly fixedBase?: boolean;
}

/**
 * Shapes closer than this at a timestep's start are kept apart in its small steps: what a foot covers in half a policy step at
 * 1 m/s. Feet that come faster sink in before they are noticed; with 2 mm and timesteps of 20 ms, trots of 1.5 m/s broke down.
 */
const PREDICTION_M = 0.01;

let ready: Promise<void> | undefined;

/** Loads the physics engine's WebAssembly once; must be awaited before the first `PhysicsWorld`. */
export function loadPhysics(): Promise<void> {
  ready ??= RAPIER.init();
  return ready;
}

export class PhysicsWorld implements Engine {
  readonly lateTargets = "blended";
  readonly state: RobotState;
  /** None until one is dropped. */
  readonly planks: Planks;
  private readonly world: RAPIER.World;
  private readonly robots: RobotBodies[];
  private readonly contacts: ContactTracker;
  private readonly footFriction: FootFriction;
  private readonly motors: Motors;
  /** Centre of mass of each trunk in its frame, m. [N, 3] */
  private readonly trunkComM: Float32Array;
  /** Velocity of each trunk's origin when it was last read, world frame, m/s. [N, 3] */
  private readonly lastVelocity: Float32Array;
  /** Time since the last `read`, s. */
  private unreadS = 0;

  /** @param model all robots are copies of it; `loadPhysics()` must have resolved. */
  constructor(
    readonly model: RobotModel,
    readonly numRobots: number,
    terrain: Terrain,
    readonly options: PhysicsOptions,
  ) {
    this.world = new RAPIER.World({ x: 0, y: 0, z: -GRAVITY_M_PER_S2 });
    this.world.timestep = options.timestepS;
    this.world.integrationParameters.numSolverIterations = options.solverIterations;
    this.world.integrationParameters.numInternalPgsIterations = options.pgsIterations;
    this.world.integrationParameters.normalizedPredictionDistance = PREDICTION_M;
    const ground = createGround(this.world, terrain);
    const build = { friction: options.friction, fixedBase: options.fixedBase ?? false };
    this.robots = Array.from({ length: numRobots }, () => addRobot(this.world, model, build));
    this.planks = new Planks(this.world);
    this.contacts = new ContactTracker(this.world, ground, terrain, model, this.robots, this.planks);
    this.footFriction = new FootFriction(terrain, model, this.robots, options.friction);
    this.state = createRobotState(numRobots);
    const forAll = (values: ArrayLike<number>) =>
      Float32Array.from({ length: numRobots * values.length }, (_, i) => values[i % values.length]);
    const { kp, kd, torqueMaxNm, qDefaultRad } = model;
    this.motors = { target: forAll(qDefaultRad), kp: forAll(kp), kd: forAll(kd), torqueMaxNm: forAll(torqueMaxNm) };
    this.trunkComM = forAll(model.links[0].comM);
    this.lastVelocity = new Float32Array(numRobots * 3);
  }

  place(robot: number, pose: Pose, velocity: Vec3 = [0, 0, 0]): void {
    const poses = bodyPoses(this.model, pose);
    const { bodies } = this.robots[robot];
    const linear = vec(velocity);
    const still = vec([0, 0, 0]);
    for (let i = 0; i < bodies.length; i++) {
      const body = bodies[i];
      if (!body.isEnabled()) body.setEnabled(true);
      body.setTranslation(vec(poses[i].position), true);
      body.setRotation(quat(poses[i].rotation), true);
      body.setLinvel(linear, true);
      body.setAngvel(still, true);
    }
    for (let j = 0; j < NUM_JOINTS; j++) this.setTarget(robot, j, pose.joints[j]);
    this.footFriction.update(robot);
    this.readRobot(robot, 0);
    this.state.deltaVelocity.fill(0, 3 * robot, 3 * robot + 3);
    this.clearContacts(robot);
  }

  setTargets(q: Float32Array): void {
    for (let robot = 0; robot < this.numRobots; robot++) {
      for (let j = 0; j < NUM_JOINTS; j++) this.setTarget(robot, j, q[robot * NUM_JOINTS + j]);
    }
  }

  private setTarget(robot: number, j: number, q: number): void {
    const { qMinRad, qMaxRad } = this.model;
    const { target, kp, kd } = this.motors;
    const i = robot * NUM_JOINTS + j;
    target[i] = Math.min(Math.max(q, qMinRad[j]), qMaxRad[j]);
    this.robots[robot].joints[j].configureMotor(target[i], 0, kp[i], kd[i]);
  }

  advance(durationS: number): void {
    const steps = Math.round(durationS / this.options.timestepS);
    for (let i = 0; i < steps; i++) this.world.step(this.contacts.events);
    this.unreadS += steps * this.options.timestepS;
  }

  read(): void {
    for (let robot = 0; robot < this.numRobots; robot++) this.readRobot(robot, this.unreadS);
    this.unreadS = 0;
    this.contacts.read(this.state);
    for (let robot = 0; robot < this.numRobots; robot++) this.footFriction.update(robot);
  }

  /** Reads all of one robot but its contacts. @param sinceS time since it was last read or placed */
  private readRobot(robot: number, sinceS: number): void {
    readRobot(this.state, robot, this.robots[robot], this.model, this.motors, this.trunkComM);
    integrateAccelerometer(this.state, robot, this.lastVelocity, sinceS);
  }

  /** False once a number of the robot is not finite: the engine takes such bodies out of the simulation, until a reset. */
  isIntact(robot: number): boolean {
    for (const body of this.robots[robot].bodies) if (!body.isEnabled()) return false;
    return true;
  }

  private clearContacts(robot: number): void {
    this.state.footContact.fill(0, robot * NUM_LEGS, (robot + 1) * NUM_LEGS);
    this.state.shellContact[robot] = 0;
    this.state.shellGapM[robot] = SHELL_NEAR_M;
  }

  /**
   * A sudden push on the trunk at one leg's hip, as from a foot that catches on something: it would change the whole robot's
   * velocity by `velocityChange` (world frame, m/s), and turns it as well.
   */
  pushHip(robot: number, leg: number, velocityChange: Vec3): void {
    const { massKg, joints } = this.model;
    const [dx, dy, dz] = velocityChange;
    this.pushTrunk(robot, joints[JOINTS_PER_LEG * leg].originM, [massKg * dx, massKg * dy, massKg * dz]);
  }

  /** A sudden push on the trunk: an impulse (world frame, N·s) at a point of its own frame (m). */
  pushTrunk(robot: number, point: Vec3, impulse: Vec3): void {
    const trunk = this.robots[robot].bodies[0];
    const { x, y, z, w } = trunk.rotation();
    const at = trunk.translation();
    trunk.applyImpulseAtPoint(vec(impulse), vec(add([at.x, at.y, at.z], rotate([x, y, z, w], point))), true);
  }

  /** Friction coefficient between this robot and ordinary ground. */
  setFriction(robot: number, friction: number): void {
    this.footFriction.set(robot, friction);
  }

  /** One robot's motors as shares of the model's: torque limit and gains. */
  setMotors(robot: number, strength: number, stiffness: number, damping: number): void {
    const { model, motors } = this;
    for (let j = 0; j < NUM_JOINTS; j++) {
      const i = robot * NUM_JOINTS + j;
      motors.kp[i] = stiffness * model.kp[j];
      motors.kd[i] = damping * model.kd[j];
      motors.torqueMaxNm[i] = strength * model.torqueMaxNm[j];
      this.robots[robot].joints[j].setMotorMaxForce(motors.torqueMaxNm[i]);
    }
  }

  /** Adds a payload (kg) to one robot's trunk as if the trunk were denser, and shifts the trunk's centre of mass by `shiftM`. */
  setPayload(robot: number, payloadKg: number, shiftM: Vec3): void {
    const { massKg, comM, inertiaKgM2 } = this.model.links[0];
    const { moments, frame } = principalAxes(inertiaKgM2);
    const share = (massKg + payloadKg) / massKg;
    const com = add(comM, shiftM);
    this.trunkComM.set(com, 3 * robot);
    const inertia: Vec3 = [share * moments[0], share * moments[1], share * moments[2]];
    this.robots[robot].bodies[0].setAdditionalMassProperties(share * massKg, vec(com), vec(inertia), quat(frame), true);
  }

  /**
   * Tilts gravity for one robot, as a slope does that its sensors do not tell of: a constant force on the trunk of the robot's
   * weight times the tilt (rad) towards `direction` (rad from the world's x axis).
   */
  setGravityTilt(robot: number, tilt: number, direction: number): void {
    const trunk = this.robots[robot].bodies[0];
    const force = this.model.massKg * GRAVITY_M_PER_S2 * Math.sin(tilt);
    trunk.resetForces(false);
    trunk.addForce(vec([force * Math.cos(direction), force * Math.sin(direction), 0]), true);
  }

  /** Gives the engine's memory back; the world can't be used after it. */
  free(): void {
    this.contacts.free();
    this.world.free();
  }
}
