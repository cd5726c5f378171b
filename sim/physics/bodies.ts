/** Turns a RobotModel into Rapier bodies, joints, motors and colliders. */

import RAPIER from "@dimforge/rapier3d";
import { JOINTS_PER_LEG, NUM_JOINTS } from "../../gaits/types.js";
import type { Quat, Vec3 } from "../math.js";
import { add, fromAxisAngle, IDENTITY, multiply, rotate } from "../math.js";
import { principalAxes } from "../robot/principal-axes.js";
import type { CollisionShape, FootModel, RobotModel } from "../robot/types.js";
import type { Pose } from "./engine.js";

/** Robots touch the ground and nothing else: not each other, not themselves. Upper 16 bits: member of; lower: collides with. */
export const GROUND_GROUPS = (0x0001 << 16) | 0x0002;
const ROBOT_GROUPS = (0x0002 << 16) | 0x0001;

/** Bodies, joints and colliders of one robot in a world. */
export interface RobotBodies {
  readonly bodies: RAPIER.RigidBody[];
  readonly joints: RAPIER.RevoluteImpulseJoint[];
  readonly feet: RAPIER.Collider[];
  readonly shell: RAPIER.Collider[];
}

/** A point in the world frame, m. */
export interface FootPosition {
  x: number;
  y: number;
  z: number;
}

// Scratch that Rapier fills.
const bodyTranslation: RAPIER.Vector = { x: 0, y: 0, z: 0 };
const bodyRotation: RAPIER.Rotation = { x: 0, y: 0, z: 0, w: 1 };

/** Writes the centre of a foot to `out`. */
export function readFootPosition(out: FootPosition, bodies: readonly RAPIER.RigidBody[], foot: FootModel): void {
  const body = bodies[foot.link];
  body.translation(bodyTranslation);
  body.rotation(bodyRotation);
  const { x, y, z, w } = bodyRotation;
  const [cx, cy, cz] = foot.centerM;
  // c + w t + (x, y, z) × t with t = 2 (x, y, z) × c.
  const tx = 2 * (y * cz - z * cy);
  const ty = 2 * (z * cx - x * cz);
  const tz = 2 * (x * cy - y * cx);
  out.x = bodyTranslation.x + cx + w * tx + y * tz - z * ty;
  out.y = bodyTranslation.y + cy + w * ty + z * tx - x * tz;
  out.z = bodyTranslation.z + cz + w * tz + x * ty - y * tx;
}

/** Poses of all bodies (13 positions and rotations) for a trunk pose and joint angles `q[offset .. offset + 12]`. */
export function bodyPoses(
  model: RobotModel,
  { position, rotation, joints }: Pose,
): { position: Vec3; rotation: Quat }[] {
  const poses = [{ position, rotation }];
  model.joints.forEach((joint, j) => {
    const parent = poses[joint.parent];
    poses[joint.child] = {
      position: add(parent.position, rotate(parent.rotation, joint.originM)),
      rotation: multiply(parent.rotation, fromAxisAngle(joint.axis, joints[j])),
    };
  });
  return poses;
}

export interface RobotBuildOptions {
  readonly friction: number;
  /** Holds the trunk in the air, for motor tests. */
  readonly fixedBase: boolean;
}

/** Adds one robot in its default pose at the origin; the caller places it. */
export function addRobot(world: RAPIER.World, model: RobotModel, options: RobotBuildOptions): RobotBodies {
  const poses = bodyPoses(model, { position: [0, 0, 0], rotation: IDENTITY, joints: model.qDefaultRad });
  const bodies = model.links.map((link, i) => {
    const fixed = options.fixedBase && i === 0;
    const { moments, frame } = principalAxes(link.inertiaKgM2);
    const desc = (fixed ? RAPIER.RigidBodyDesc.fixed() : RAPIER.RigidBodyDesc.dynamic())
      .setTranslation(...poses[i].position)
      .setRotation(quat(poses[i].rotation))
      .setCanSleep(false)
      .setAdditionalMassProperties(link.massKg, vec(link.comM), vec(moments), quat(frame));
    return world.createRigidBody(desc);
  });
  const shell = model.links.flatMap((link, i) =>
    link.collisions.map((shape) => attach(world, bodies[i], shape, options.friction)),
  );
  const feet = model.feet.map((foot) =>
    attach(
      world,
      bodies[foot.link],
      { kind: "sphere", originM: foot.centerM, rotation: IDENTITY, radiusM: foot.radiusM },
      options.friction,
    ),
  );
  return { bodies, joints: addJoints(world, model, bodies), feet, shell };
}

/**
 * The engine's sweeps take joints in the order of their creation, and converge faster from the feet, where the forces come in,
 * to the trunk: joint angles stray by 0.016 rad instead of 0.018.
 */
function addJoints(world: RAPIER.World, model: RobotModel, bodies: RAPIER.RigidBody[]): RAPIER.RevoluteImpulseJoint[] {
  const joints: RAPIER.RevoluteImpulseJoint[] = [];
  for (let j = 0; j < NUM_JOINTS; j += JOINTS_PER_LEG) {
    for (let k = j + JOINTS_PER_LEG - 1; k >= j; k--) joints[k] = addJoint(world, model, bodies, k);
  }
  return joints;
}

function addJoint(
  world: RAPIER.World,
  model: RobotModel,
  bodies: RAPIER.RigidBody[],
  j: number,
): RAPIER.RevoluteImpulseJoint {
  const { parent, child, originM, axis } = model.joints[j];
  const data = RAPIER.JointData.revolute(vec(originM), vec([0, 0, 0]), vec(axis));
  const joint = world.createImpulseJoint(data, bodies[parent], bodies[child], true) as RAPIER.RevoluteImpulseJoint;
  joint.setContactsEnabled(false);
  // `JointData.limits` is ignored for revolute joints: limits only hold when set on the joint itself.
  joint.setLimits(model.qMinRad[j], model.qMaxRad[j]);
  joint.configureMotorModel(RAPIER.MotorModel.ForceBased);
  joint.setMotorMaxForce(model.torqueMaxNm[j]);
  joint.configureMotor(model.qDefaultRad[j], 0, model.kp[j], model.kd[j]);
  return joint;
}

/** A massless collider: mass and inertia come from the link. */
function attach(world: RAPIER.World, body: RAPIER.RigidBody, shape: CollisionShape, friction: number): RAPIER.Collider {
  const desc = colliderOf(shape)
    .setTranslation(...shape.originM)
    .setRotation(quat(multiply(shape.rotation, Z_FROM_Y)))
    .setDensity(0)
    .setFriction(friction)
    .setFrictionCombineRule(RAPIER.CoefficientCombineRule.Multiply)
    .setCollisionGroups(ROBOT_GROUPS);
  return world.createCollider(desc, body);
}

/** Rapier's cylinders stand along y, URDF's along z: every shape is built with y and z swapped and turned by 90° about x. */
const Z_FROM_Y: Quat = [Math.SQRT1_2, 0, 0, Math.SQRT1_2];

function colliderOf(shape: CollisionShape): RAPIER.ColliderDesc {
  if (shape.kind === "sphere") return RAPIER.ColliderDesc.ball(shape.radiusM);
  if (shape.kind === "cylinder") {
    // A capsule in the cylinder's place: same ends and radius, no sharp rims to catch on the ground.
    const halfLength = Math.max(shape.halfLengthM - shape.radiusM, 1e-3);
    return RAPIER.ColliderDesc.capsule(halfLength, shape.radiusM);
  }
  const [x, y, z] = shape.halfExtentsM;
  return RAPIER.ColliderDesc.cuboid(x, z, y);
}

export function vec(v: Vec3): RAPIER.Vector3 {
  return new RAPIER.Vector3(v[0], v[1], v[2]);
}

export function quat(q: Quat): RAPIER.Quaternion {
  return new RAPIER.Quaternion(q[0], q[1], q[2], q[3]);
}
