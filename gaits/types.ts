/**
 * Shared vocabulary of the gait memory. Leg order everywhere: FL, FR, RL, RR; three joints a leg: hip (abduction), thigh, calf.
 * Arrays are flat, robot-major: `[N, 4]` means element `4 * robot + leg`.
 */

export const LEG_NAMES = ["FL", "FR", "RL", "RR"] as const;
export const NUM_LEGS = 4;
export const JOINTS_PER_LEG = 3;
export const NUM_JOINTS = NUM_LEGS * JOINTS_PER_LEG;

/** One gait: when each foot is on the ground within a stride. */
export interface GaitParameters {
  readonly id: string;
  /** Stride duration in s. */
  readonly periodS: number;
  /** Share of the stride that a foot spends in stance, 0..1. */
  readonly dutyFactor: number;
  /** Phase of each leg relative to the stride, in cycles, 0..1, leg order FL FR RL RR. */
  readonly phaseOffset: readonly [number, number, number, number];
  /** Froude numbers for which the automatic mode picks this gait, or null where it never does. */
  readonly froudeRange: readonly [number, number] | null;
  /** Forward speeds that it is asked for, m/s: what its stride makes without feet out of reach. */
  readonly speedsMPerS: readonly [number, number];
  /** Whether the gait selection policy chooses from it. */
  readonly selectable: boolean;
  readonly source: string;
}

/** A gait of a task's own. */
export type OwnGait = Pick<GaitParameters, "id" | "periodS" | "dutyFactor" | "phaseOffset" | "speedsMPerS">;

/** What the gait memory refers the controller to, for N robots, written in place at every step. */
export interface GaitReference {
  /** Phase of each leg in cycles, in [0, 1). [N, 4] */
  readonly phase: Float32Array;
  /** 1 where the leg is scheduled to be in stance. [N, 4] */
  readonly contact: Uint8Array;
  /** Progress through the swing, 0..1; 0 in stance. [N, 4] */
  readonly swingPhase: Float32Array;
  /** Reference position of each foot's centre in the yaw-aligned base frame, m. [N, 12] */
  readonly footTargetM: Float32Array;
  /** Index in the gait library of the gait that runs, or towards which a transition runs. [N] */
  readonly gaitIndex: Uint8Array;
  /** 1 while a transition between two gaits runs. [N] */
  readonly transition: Uint8Array;
}

/** Geometry of one robot's legs as forward and inverse kinematics need it, leg order FL FR RL RR. */
export interface LegGeometry {
  /** Hip (abduction) joint in the base frame, m. [12] */
  readonly hipOffsetM: Float32Array;
  /** Lateral offset from the hip joint to the thigh joint, positive to the robot's left, m. [4] */
  readonly abductionOffsetM: Float32Array;
  readonly thighLengthM: number;
  readonly calfLengthM: number;
  readonly footRadiusM: number;
  /** Joint limits, rad. [12] */
  readonly qMinRad: Float32Array;
  readonly qMaxRad: Float32Array;
}

/** How a robot moves, in its yaw-aligned base frame: m/s, rad/s and m. */
export interface Motion {
  /** As commanded: moves the stance feet, and sets how long a transition takes. */
  vx: number;
  vy: number;
  yawRate: number;
  /** As measured: places the footholds. */
  baseVx: number;
  baseVy: number;
  baseYawRate: number;
  /** Of the base above the ground. */
  baseHeightM: number;
}
