import type RAPIER from "@dimforge/rapier3d";
import { GRAVITY_M_PER_S2 } from "../../gaits/library.js";
import { NUM_JOINTS } from "../../gaits/types.js";
import type { RobotState } from "../robot/state.js";
import type { RobotModel } from "../robot/types.js";
import type { RobotBodies } from "./bodies.js";

// Scratch that Rapier fills: reading allocates nothing.
const position: RAPIER.Vector = { x: 0, y: 0, z: 0 };
const linear: RAPIER.Vector = { x: 0, y: 0, z: 0 };
const rotation: RAPIER.Rotation[] = Array.from({ length: NUM_JOINTS + 1 }, () => ({ x: 0, y: 0, z: 0, w: 1 }));
const angular: RAPIER.Vector[] = Array.from({ length: NUM_JOINTS + 1 }, () => ({ x: 0, y: 0, z: 0 }));

/** Targets (rad), gains and torque limits of all robots' motors; N·m. Each [N, 12] */
export interface Motors {
  readonly target: Float32Array;
  readonly kp: Float32Array;
  readonly kd: Float32Array;
  readonly torqueMaxNm: Float32Array;
}

/**
 * Reads one robot's base and joints into `state`.
 * @param trunkComM centres of mass of the trunks, m. [N, 3]
 */
export function readRobot(
  state: RobotState,
  robot: number,
  { bodies }: RobotBodies,
  model: RobotModel,
  motors: Motors,
  trunkComM: Float32Array,
): void {
  for (let i = 0; i <= NUM_JOINTS; i++) {
    bodies[i].rotation(rotation[i]);
    bodies[i].angvel(angular[i]);
  }
  bodies[0].translation(position);
  bodies[0].linvel(linear);
  readBase(state, robot, trunkComM);
  for (let j = 0; j < NUM_JOINTS; j++) readJoint(state, robot * NUM_JOINTS + j, j, model, motors);
}

function readBase(state: RobotState, robot: number, trunkComM: Float32Array): void {
  const { x, y, z, w } = rotation[0];
  const p = 3 * robot;
  state.basePosition[p] = position.x;
  state.basePosition[p + 1] = position.y;
  state.basePosition[p + 2] = position.z;
  const r = 4 * robot;
  state.baseRotation[r] = x;
  state.baseRotation[r + 1] = y;
  state.baseRotation[r + 2] = z;
  state.baseRotation[r + 3] = w;
  rotateInto(state.projectedGravity, p, 0, 0, -1);
  const { x: wx, y: wy, z: wz } = angular[0];
  rotateInto(state.baseAngularVelocity, p, wx, wy, wz);
  rotateInto(state.baseVelocity, p, linear.x, linear.y, linear.z);
  // Rapier's velocity is the centre of mass's; the origin's is v − ω × com.
  const cx = trunkComM[p];
  const cy = trunkComM[p + 1];
  const cz = trunkComM[p + 2];
  const omega = state.baseAngularVelocity;
  const v = state.baseVelocity;
  const ox = omega[p];
  const oy = omega[p + 1];
  const oz = omega[p + 2];
  v[p] = v[p] - (oy * cz - oz * cy);
  v[p + 1] = v[p + 1] - (oz * cx - ox * cz);
  v[p + 2] = v[p + 2] - (ox * cy - oy * cx);
}

/**
 * What an accelerometer integrated since the last call, into `state.deltaVelocity`: the change of velocity less gravity's.
 * @param lastVelocity velocity of the trunk's origin at the last call, world frame, m/s; overwritten with the one now. [N, 3]
 */
export function integrateAccelerometer(
  state: RobotState,
  robot: number,
  lastVelocity: Float32Array,
  dtS: number,
): void {
  const p = 3 * robot;
  const q = 4 * robot;
  const { baseRotation, baseVelocity, projectedGravity, deltaVelocity } = state;
  const x = baseRotation[q];
  const y = baseRotation[q + 1];
  const z = baseRotation[q + 2];
  const w = baseRotation[q + 3];
  rotateInverse(deltaVelocity, p, x, y, z, w, lastVelocity[p], lastVelocity[p + 1], lastVelocity[p + 2]);
  for (let k = 0; k < 3; k++) {
    const gravity = GRAVITY_M_PER_S2 * dtS * projectedGravity[p + k];
    deltaVelocity[p + k] = baseVelocity[p + k] - deltaVelocity[p + k] - gravity;
  }
  rotateInverse(lastVelocity, p, -x, -y, -z, w, baseVelocity[p], baseVelocity[p + 1], baseVelocity[p + 2]);
}

/** World vector to base frame. */
function rotateInto(out: Float32Array, offset: number, vx: number, vy: number, vz: number): void {
  const { x, y, z, w } = rotation[0];
  rotateInverse(out, offset, x, y, z, w, vx, vy, vz);
}

/** Rᵀ v for the rotation R of a unit quaternion; R v for its conjugate's. */
function rotateInverse(
  out: Float32Array,
  offset: number,
  x: number,
  y: number,
  z: number,
  w: number,
  vx: number,
  vy: number,
  vz: number,
): void {
  const tx = 2 * (z * vy - y * vz);
  const ty = 2 * (x * vz - z * vx);
  const tz = 2 * (y * vx - x * vy);
  out[offset] = vx + w * tx + z * ty - y * tz;
  out[offset + 1] = vy + w * ty + x * tz - z * tx;
  out[offset + 2] = vz + w * tz + y * tx - x * ty;
}

/**
 * Angle, rate and torque of one joint. With link frames parallel at zero, the angle about `axis` is
 * 2·atan2(u · axis, w) of the relative rotation (u, w) = conj(parent) · child.
 * The engine integrates its motors implicitly, so the torque of the last small step is the PD law at the state it ended in.
 */
function readJoint(state: RobotState, i: number, j: number, model: RobotModel, motors: Motors): void {
  const { parent, child, axis } = model.joints[j];
  const a = rotation[parent];
  const b = rotation[child];
  const ax = axis[0];
  const ay = axis[1];
  const az = axis[2];
  const ux = a.w * b.x - a.x * b.w - a.y * b.z + a.z * b.y;
  const uy = a.w * b.y + a.x * b.z - a.y * b.w - a.z * b.x;
  const uz = a.w * b.z - a.x * b.y + a.y * b.x - a.z * b.w;
  const uw = a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z;
  let q = 2 * Math.atan2(ux * ax + uy * ay + uz * az, uw);
  if (q > Math.PI) q -= 2 * Math.PI;
  else if (q < -Math.PI) q += 2 * Math.PI;
  // The relative angular velocity in world axes, projected on the axis as the parent carries it.
  const wa = angular[parent];
  const wb = angular[child];
  const dx = wb.x - wa.x;
  const dy = wb.y - wa.y;
  const dz = wb.z - wa.z;
  const tx = 2 * (a.z * dy - a.y * dz);
  const ty = 2 * (a.x * dz - a.z * dx);
  const tz = 2 * (a.y * dx - a.x * dy);
  const qd =
    ax * (dx + a.w * tx + a.z * ty - a.y * tz) +
    ay * (dy + a.w * ty + a.x * tz - a.z * tx) +
    az * (dz + a.w * tz + a.y * tx - a.x * ty);
  const limit = motors.torqueMaxNm[i];
  const torque = motors.kp[i] * (motors.target[i] - q) - motors.kd[i] * qd;
  state.jointPosition[i] = q;
  state.jointVelocity[i] = qd;
  state.jointTorque[i] = torque > limit ? limit : Math.max(torque, -limit);
}
