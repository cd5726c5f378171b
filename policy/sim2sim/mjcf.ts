/** The robot and its ground as MJCF, MuJoCo's format. */

import type { Quat, Vec3 } from "../../sim/math.js";
import type { CollisionShape, LinkModel, RobotModel } from "../../sim/robot/types.js";

/** How MuJoCo models ground and motors. */
export interface MujocoSetting {
  readonly timestepS: number;
  /** Attributes of all collision shapes, and of feet besides. */
  readonly geom: string;
  /** @param friction Coulomb friction coefficient between robot and ground */
  readonly foot: (friction: number) => string;
  /** Attributes of all joints, besides axis and range. */
  readonly joint: string;
}

/**
 * rigid: contacts as stiff as the timestep takes (MuJoCo wants solref's time constant to be two timesteps at least), which comes
 * close to Rapier's rigid ground. Joints without friction, motors without inertia, as in Rapier.
 *
 * menagerie: as github.com/google-deepmind/mujoco_menagerie has the A1 (unitree_a1/a1.xml): soft rubber feet with torsional and
 * rolling friction, the rotors' inertia of 0.01 kg·m² as the joints feel it, dry friction of 0.2 N·m, MuJoCo's own timestep.
 * Its feet sink in by 18 mm of their radius of 20 where the robot stands: on rough ground calves touch it, too, which counts as a fall.
 * Gains stay the robot's own; its joint damping of 1 to 2 N·m·s/rad is what they hold as kd.
 */
export const MUJOCO_SETTINGS = {
  rigid: {
    timestepS: 0.002,
    geom: 'solref="0.004 1"',
    foot: (friction) => `friction="${friction} 0.005 0.0001"`,
    joint: "",
  },
  menagerie: {
    timestepS: 0.002,
    geom: 'margin="0.001"',
    foot: (friction) => `priority="1" solimp="0.015 1 0.031" condim="6" friction="${friction} 0.02 0.01"`,
    joint: 'armature="0.01" frictionloss="0.2"',
  },
} satisfies Record<string, MujocoSetting>;

export type MujocoSettingName = keyof typeof MUJOCO_SETTINGS;

export interface MjcfOptions {
  readonly setting: MujocoSetting;
  /** Coulomb friction coefficient between robot and ground. */
  readonly friction: number;
  /** Holds the trunk in the air. */
  readonly fixedBase: boolean;
  /** Elements of the ground: a height field asset, if any, and its geom. */
  readonly ground: { readonly asset: string; readonly geom: string };
}

/** Flat ground. */
export const PLANE = { asset: "", geom: '<geom type="plane" size="50 50 1" contype="1" conaffinity="0"/>' };

/** A foot's mass is its calf's already; MuJoCo takes no body without any. kg */
const NO_MASS_KG = 1e-6;
/** Touch sensors feel what is within their site: farther than any shape of a link reaches, m. */
const REACH_M = 2;

/**
 * MJCF of a robot on its ground: its own masses, tensors, axes, limits and gains, torques capped as motors cap them, and contacts
 * between robot and ground only. Touch sensors tell the forces on the four feet, then those on all else of each link, N.
 */
export function mjcfOf(model: RobotModel, { setting, friction, fixedBase, ground }: MjcfOptions): string {
  const actuators = model.joints.map((_, j) => {
    const torque = model.torqueMaxNm[j];
    const range = `ctrlrange="${model.qMinRad[j]} ${model.qMaxRad[j]}" forcerange="-${torque} ${torque}"`;
    return `<position joint="joint${j}" kp="${model.kp[j]}" kv="${model.kd[j]}" ${range}/>`;
  });
  const touch = [...model.feet.map((_, leg) => `foot${leg}`), ...model.links.map((_, i) => `link${i}`)];
  // A pair collides when one's contype meets the other's conaffinity: ground and robot do, robot and robot don't.
  return `<mujoco>
    <compiler angle="radian" autolimits="true"/>
    <option timestep="${setting.timestepS}" integrator="implicitfast" cone="elliptic" impratio="100"/>
    <default>
      <geom contype="0" conaffinity="1" friction="${friction} 0.005 0.0001" ${setting.geom}/>
      <joint ${setting.joint}/>
      <site size="${REACH_M}"/>
    </default>
    <asset>${ground.asset}</asset>
    <worldbody>${ground.geom}${bodyOf(model, 0, fixedBase ? "" : "<freejoint/>", [0, 0, 0], setting.foot(friction))}</worldbody>
    <actuator>${actuators.join("\n")}</actuator>
    <sensor>${touch.map((site) => `<touch site="${site}"/>`).join("")}</sensor>
  </mujoco>`;
}

/** A link with its joint, its shapes and, inside it, the links that hang on it. A foot is a body of its own, to be felt alone. */
function bodyOf(model: RobotModel, index: number, joint: string, originM: Vec3, footAttributes: string): string {
  const link = model.links[index];
  const feet = model.feet.map((foot, leg) => {
    if (foot.link !== index) return "";
    return `<body pos="${foot.centerM.join(" ")}">
      <inertial mass="${NO_MASS_KG}" pos="0 0 0" diaginertia="1e-9 1e-9 1e-9"/><site name="foot${leg}"/>
      <geom type="sphere" size="${foot.radiusM}" ${footAttributes}/></body>`;
  });
  const children = model.joints.map((child, j) => {
    if (child.parent !== index) return "";
    const range = `${model.qMinRad[j]} ${model.qMaxRad[j]}`;
    const hinge = `<joint name="joint${j}" axis="${child.axis.join(" ")}" range="${range}"/>`;
    return bodyOf(model, child.child, hinge, child.originM, footAttributes);
  });
  return `<body pos="${originM.join(" ")}">${joint}<site name="link${index}"/>
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
export function wxyz([x, y, z, w]: Quat): number[] {
  return [w, x, y, z];
}
