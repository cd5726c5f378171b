/** One robot in a MuJoCo simulation of its own, with the same state to read as in Rapier's. */

import type { MainModule, MjData, MjModel } from "mujoco-js";
import { NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import { InputError } from "../../sim/errors.js";
import type { Vec3 } from "../../sim/math.js";
import { conjugate, rotate } from "../../sim/math.js";
import type { Engine, Pose } from "../../sim/physics/engine.js";
import { integrateAccelerometer } from "../../sim/physics/read-state.js";
import { createRobotState, type RobotState } from "../../sim/robot/state.js";
import type { RobotModel } from "../../sim/robot/types.js";
import type { Terrain } from "../../sim/terrain/height-field.js";
import { type MujocoSetting, mjcfOf, PLANE, wxyz } from "./mjcf.js";
import { mujocoGround } from "./mujoco-ground.js";

export interface MujocoOptions {
  readonly setting: MujocoSetting;
  /** Coulomb friction coefficient between robot and ground. */
  readonly friction: number;
  /** Flat without one. */
  readonly terrain?: Terrain;
  /** Holds the trunk where `place` puts it. */
  readonly fixedBase?: boolean;
}

let module: Promise<MainModule> | undefined;

/** Loads MuJoCo once. @throws InputError where mujoco-js, an optional dependency, is not installed */
export function loadMujoco(): Promise<MainModule> {
  module ??= import("mujoco-js").then(
    ({ default: load }) => load(),
    (error: Error) => {
      throw new InputError("MuJoCo is not installed: `npm install mujoco-js` brings it", { cause: error });
    },
  );
  return module;
}

export class MujocoRobot implements Engine {
  readonly numRobots = 1;
  readonly lateTargets = "held";
  readonly state: RobotState = createRobotState(1);
  private readonly lastVelocity = new Float32Array(3);
  /** Time since the last `read`, and time asked for that makes no whole timestep yet, s. */
  private unreadS = 0;
  private dueS = 0;

  private constructor(
    private readonly mujoco: MainModule,
    private readonly model: MjModel,
    private readonly data: MjData,
    private readonly options: MujocoOptions,
  ) {}

  /** `free` it in the end. @throws InputError where MuJoCo is not installed */
  static async create(robot: RobotModel, options: MujocoOptions): Promise<MujocoRobot> {
    const mujoco = await loadMujoco();
    const ground = options.terrain ? mujocoGround(options.terrain) : { ...PLANE, elevation: new Float32Array(0) };
    const { setting, friction, fixedBase = false } = options;
    mujoco.FS.writeFile("/robot.xml", mjcfOf(robot, { setting, friction, fixedBase, ground }));
    const model = mujoco.MjModel.loadFromXML("/robot.xml");
    model.hfield_data.set(ground.elevation);
    return new MujocoRobot(mujoco, model, new mujoco.MjData(model), options);
  }

  place(_robot: number, { position, rotation, joints }: Pose, velocity: Vec3 = [0, 0, 0]): void {
    const { mujoco, model, data } = this;
    const { fixedBase } = this.options;
    mujoco.mj_resetData(model, data);
    const base = [...position, ...wxyz(rotation)];
    if (fixedBase) {
      // Body 0 is the world, body 1 the trunk.
      model.body_pos.set(base.slice(0, 3), 3);
      model.body_quat.set(base.slice(3), 4);
    }
    data.qpos.set(fixedBase ? Array.from(joints) : [...base, ...Array.from(joints)]);
    if (!fixedBase) data.qvel.set(velocity);
    data.ctrl.set(Array.from(joints));
    mujoco.mj_forward(model, data);
    this.lastVelocity.set(fixedBase ? [0, 0, 0] : velocity);
    this.unreadS = 0;
    this.dueS = 0;
    this.read();
  }

  setTargets(q: Float32Array): void {
    this.data.ctrl.set(q);
  }

  /** To the timestep that is closest to so long after what was asked for until now. */
  advance(durationS: number): void {
    const { timestepS } = this.options.setting;
    this.dueS += durationS;
    const steps = Math.round(this.dueS / timestepS);
    for (let i = 0; i < steps; i++) this.mujoco.mj_step(this.model, this.data);
    this.dueS -= steps * timestepS;
    this.unreadS += steps * timestepS;
  }

  /** Forces are those of the last timestep's start. */
  read(): void {
    const { state, data, options } = this;
    const firstJoint = options.fixedBase ? 0 : 1;
    this.readBase();
    state.jointPosition.set(data.qpos.subarray(7 * firstJoint, 7 * firstJoint + NUM_JOINTS));
    state.jointVelocity.set(data.qvel.subarray(6 * firstJoint, 6 * firstJoint + NUM_JOINTS));
    state.jointTorque.set(data.actuator_force);
    const touchN: Float64Array = data.sensordata;
    for (let leg = 0; leg < NUM_LEGS; leg++) state.footContact[leg] = touchN[leg] > 0 ? 1 : 0;
    state.shellContact[0] = touchN.subarray(NUM_LEGS).some((forceN) => forceN > 0) ? 1 : 0;
    integrateAccelerometer(state, 0, this.lastVelocity, this.unreadS);
    this.unreadS = 0;
  }

  free(): void {
    this.data.delete();
    this.model.delete();
  }

  private readBase(): void {
    const { state, data, model, options } = this;
    // Body 1 is the trunk.
    const position = options.fixedBase ? model.body_pos.subarray(3, 6) : data.qpos.subarray(0, 3);
    const [w, x, y, z] = options.fixedBase ? model.body_quat.subarray(4, 8) : data.qpos.subarray(3, 7);
    const inverse = conjugate([x, y, z, w]);
    state.basePosition.set(position);
    state.baseRotation.set([x, y, z, w]);
    state.projectedGravity.set(rotate(inverse, [0, 0, -1]));
    if (options.fixedBase) return;
    // A free joint's velocity: of the trunk's origin in the world frame, then turning in the trunk's own.
    const [vx, vy, vz] = data.qvel;
    state.baseVelocity.set(rotate(inverse, [vx, vy, vz]));
    state.baseAngularVelocity.set(data.qvel.subarray(3, 6));
  }
}
