/** The same robot in MuJoCo, as a reference for the physics that we train in. */

import loadMujoco, { type MainModule, type MjData, type MjModel } from "mujoco-js";
import { NUM_JOINTS } from "../../gaits/types.js";
import type { CollisionShape, LinkModel, Quat, RobotModel, Vec3 } from "../../sim/types.js";

export interface MujocoOptions {
  readonly timestepS: number;
  /** Coulomb friction coefficient between robot and ground. */
  readonly friction: number;
  /** Holds the trunk where `setPose` puts it. */
  readonly fixedBase?: boolean;
}

/**
 * MJCF of a robot on a plane: its own masses, tensors, axes, limits and gains, torques capped as motors cap them, no armature or
 * joint friction, and contacts between robot and ground only.
 */
export function mjcfOf(model: RobotModel, { timestepS, friction, fixedBase = false }: MujocoOptions): string {
  const actuators = model.joints.map((_, j) => {
    const torque = model.torqueMaxNm[j];
    const range = `ctrlrange="${model.qMinRad[j]} ${model.qMaxRad[j]}" forcerange="-${torque} ${torque}"`;
    return `<position joint="joint${j}" kp="${model.kp[j]}" kv="${model.kd[j]}" ${range}/>`;
  });
  // MuJoCo's contacts are springs, by default soft ones that feet creep on. Stiff ones with firm friction come close to Rapier's
  // rigid ground; at 1 ms the result has converged: halving the timestep moves the joints by less than 1 mrad rms.
  // A pair collides when one's contype meets the other's conaffinity: plane and robot do, robot and robot don't.
  return `<mujoco>
    <compiler angle="radian" autolimits="true"/>
    <option timestep="${timestepS}" integrator="implicitfast" cone="elliptic" impratio="100"/>
    <default><geom solref="0.004 1" contype="0" conaffinity="1" friction="${friction} 0.005 0.0001"/></default>
    <worldbody>
      <geom type="plane" size="50 50 1" contype="1" conaffinity="0"/>
      ${bodyOf(model, 0, fixedBase ? "" : "<freejoint/>", [0, 0, 0])}
    </worldbody>
    <actuator>${actuators.join("\n")}</actuator>
  </mujoco>`;
}

/** A link with its joint, its shapes and, inside it, the links that hang on it. */
function bodyOf(model: RobotModel, index: number, joint: string, originM: Vec3): string {
  const link = model.links[index];
  const feet = model.feet
    .filter((foot) => foot.link === index)
    .map((foot) => `<geom type="sphere" size="${foot.radiusM}" pos="${foot.centerM.join(" ")}"/>`);
  const children = model.joints.map((child, j) => {
    if (child.parent !== index) return "";
    const range = `${model.qMinRad[j]} ${model.qMaxRad[j]}`;
    const hinge = `<joint name="joint${j}" axis="${child.axis.join(" ")}" range="${range}"/>`;
    return bodyOf(model, child.child, hinge, child.originM);
  });
  return `<body pos="${originM.join(" ")}">${joint}
    ${inertialOf(link)}${link.collisions.map(geomOf).join("")}${feet.join("")}${children.join("")}</body>`;
}

function inertialOf({ massKg, comM, inertiaKgM2 }: LinkModel): string {
  const [xx, xy, xz, yy, yz, zz] = inertiaKgM2;
  return `<inertial mass="${massKg}" pos="${comM.join(" ")}" fullinertia="${xx} ${yy} ${zz} ${xy} ${xz} ${yz}"/>`;
}

function geomOf(shape: CollisionShape): string {
  const pose = `pos="${shape.originM.join(" ")}" quat="${wxyz(shape.rotation).join(" ")}"`;
  if (shape.kind === "box") return `<geom type="box" size="${shape.halfExtentsM.join(" ")}" ${pose}/>`;
  if (shape.kind === "sphere") return `<geom type="sphere" size="${shape.radiusM}" ${pose}/>`;
  return `<geom type="cylinder" size="${shape.radiusM} ${shape.halfLengthM}" ${pose}/>`;
}

/** MuJoCo's quaternions have w first. */
function wxyz([x, y, z, w]: Quat): number[] {
  return [w, x, y, z];
}

let module: Promise<MainModule> | undefined;

/** One robot in a MuJoCo simulation of its own. `free` it in the end. */
export class MujocoRobot {
  private constructor(
    private readonly mujoco: MainModule,
    private readonly model: MjModel,
    private readonly data: MjData,
    private readonly fixedBase: boolean,
  ) {}

  static async create(robot: RobotModel, options: MujocoOptions): Promise<MujocoRobot> {
    module ??= loadMujoco();
    const mujoco = await module;
    mujoco.FS.writeFile("/robot.xml", mjcfOf(robot, options));
    const model = mujoco.MjModel.loadFromXML("/robot.xml");
    return new MujocoRobot(mujoco, model, new mujoco.MjData(model), options.fixedBase ?? false);
  }

  /** Places the robot at rest, its motors holding `q12` (rad, leg order). Base in the world frame, m and (x, y, z, w). */
  setPose(basePosition: Vec3, baseRotation: Quat, q12: ArrayLike<number>): void {
    const { mujoco, model, data } = this;
    mujoco.mj_resetData(model, data);
    const base = [...basePosition, ...wxyz(baseRotation)];
    if (this.fixedBase) {
      // Body 0 is the world, body 1 the trunk.
      model.body_pos.set(base.slice(0, 3), 3);
      model.body_quat.set(base.slice(3), 4);
    }
    data.qpos.set(this.fixedBase ? Array.from(q12) : [...base, ...Array.from(q12)]);
    this.setTargets(q12);
    mujoco.mj_forward(model, data);
  }

  /** Motor targets, rad, leg order; targets beyond the joint limits are clamped to them. */
  setTargets(q12: ArrayLike<number>): void {
    this.data.ctrl.set(Array.from(q12));
  }

  /** Advances by n timesteps. */
  step(n: number): void {
    for (let i = 0; i < n; i++) this.mujoco.mj_step(this.model, this.data);
  }

  /** rad, leg order. */
  readJointAngles(out12: Float32Array): void {
    const first = this.fixedBase ? 0 : 7;
    out12.set(this.data.qpos.subarray(first, first + NUM_JOINTS));
  }

  /** World frame, m and (x, y, z, w). */
  readBase(outPosition3: Float32Array, outRotation4: Float32Array): void {
    const { qpos } = this.data;
    const position = this.fixedBase ? this.model.body_pos.subarray(3, 6) : qpos.subarray(0, 3);
    const [w, x, y, z] = this.fixedBase ? this.model.body_quat.subarray(4, 8) : qpos.subarray(3, 7);
    outPosition3.set(position);
    outRotation4.set([x, y, z, w]);
  }

  /** Motor torques of the last step, N·m, leg order. */
  jointTorques(out12: Float32Array): void {
    out12.set(this.data.actuator_force);
  }

  free(): void {
    this.data.delete();
    this.model.delete();
  }
}
