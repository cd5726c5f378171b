import { NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";

/** What the physics tells of N robots after a policy step; overwritten in place. */
export interface RobotState {
  /** Trunk origin in the world, m. [N, 3] */
  readonly basePosition: Float32Array;
  /** Trunk orientation (x, y, z, w). [N, 4] */
  readonly baseRotation: Float32Array;
  /** Velocity of the trunk's origin in the base frame, m/s. [N, 3] */
  readonly baseVelocity: Float32Array;
  /** In the base frame, rad/s. [N, 3] */
  readonly baseAngularVelocity: Float32Array;
  /**
   * Specific force integrated over the last policy step, in the base frame of its end, m/s: what an IMU's accelerometer at the
   * trunk's origin adds up; g · dt upwards at rest. [N, 3]
   */
  readonly deltaVelocity: Float32Array;
  /** Unit vector of gravity in the base frame: (0, 0, -1) when level. [N, 3] */
  readonly projectedGravity: Float32Array;
  /** rad, rad/s, N·m. [N, 12] */
  readonly jointPosition: Float32Array;
  readonly jointVelocity: Float32Array;
  readonly jointTorque: Float32Array;
  /** 1 where the foot touches the ground. [N, 4] */
  readonly footContact: Uint8Array;
  /** 1 where anything but a foot touches the ground. [N] */
  readonly shellContact: Uint8Array;
  /** Distance to the ground of the closest shape that is no foot, m; `SHELL_NEAR_M` at most. [N] */
  readonly shellGapM: Float32Array;
}

/** Shapes farther from the ground than this are taken to be as far: the physics engine looks no farther for contacts. */
export const SHELL_NEAR_M = 0.01;

export function createRobotState(numRobots: number): RobotState {
  const floats = (width: number) => new Float32Array(numRobots * width);
  return {
    basePosition: floats(3),
    baseRotation: floats(4),
    baseVelocity: floats(3),
    baseAngularVelocity: floats(3),
    deltaVelocity: floats(3),
    projectedGravity: floats(3),
    jointPosition: floats(NUM_JOINTS),
    jointVelocity: floats(NUM_JOINTS),
    jointTorque: floats(NUM_JOINTS),
    footContact: new Uint8Array(numRobots * NUM_LEGS),
    shellContact: new Uint8Array(numRobots),
    shellGapM: new Float32Array(numRobots).fill(SHELL_NEAR_M),
  };
}

/** A tilt of 60° can't be recovered from at these gaits' heights: it counts as a fall before the trunk hits the ground. */
export const FALL_COS_TILT = 0.5;

/** Whether a robot lies on the ground with more than its feet, or tilts by more than 60°. */
export function hasFallen({ shellContact, projectedGravity }: RobotState, robot: number): boolean {
  return shellContact[robot] === 1 || projectedGravity[3 * robot + 2] > -FALL_COS_TILT;
}
