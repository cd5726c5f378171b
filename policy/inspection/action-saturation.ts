import { NUM_JOINTS } from "../../gaits/types.js";
import { MAX_ACTION } from "../../sim/control/locomotion-control.js";
import type { RobotModel } from "../../sim/robot/types.js";

/** Torques this near to their limit, as a share of it, are at the limit. */
const TORQUE_SHARE = 0.99;

/** How hard a policy pushes one joint. Shares are of robots and steps. */
export interface JointSummary {
  readonly name: string;
  /** Of the network's output. */
  readonly mean: number;
  readonly std: number;
  /** Output at or beyond what counts of an action, ± `MAX_ACTION`. */
  readonly clippedShare: number;
  /** Motor target at a limit of the joint. */
  readonly jointLimitShare: number;
  readonly torqueLimitShare: number;
}

export class ActionSaturation {
  private samples = 0;
  private readonly sum = new Float64Array(NUM_JOINTS);
  private readonly squares = new Float64Array(NUM_JOINTS);
  private readonly clipped = new Float64Array(NUM_JOINTS);
  private readonly atJointLimit = new Float64Array(NUM_JOINTS);
  private readonly atTorqueLimit = new Float64Array(NUM_JOINTS);

  constructor(private readonly model: RobotModel) {}

  /**
   * Takes in one robot's step. Arrays hold all robots, [N, 12].
   * @param action the network's output
   * @param jointTarget motor targets, rad
   * @param jointTorque N·m
   */
  add(robot: number, action: Float32Array, jointTarget: Float32Array, jointTorque: Float32Array): void {
    const { qMinRad, qMaxRad, torqueMaxNm } = this.model;
    this.samples++;
    for (let joint = 0; joint < NUM_JOINTS; joint++) {
      const i = robot * NUM_JOINTS + joint;
      this.sum[joint] += action[i];
      this.squares[joint] += action[i] ** 2;
      if (Math.abs(action[i]) >= MAX_ACTION) this.clipped[joint]++;
      if (jointTarget[i] <= qMinRad[joint] || jointTarget[i] >= qMaxRad[joint]) this.atJointLimit[joint]++;
      if (Math.abs(jointTorque[i]) >= TORQUE_SHARE * torqueMaxNm[joint]) this.atTorqueLimit[joint]++;
    }
  }

  summary(): JointSummary[] {
    const { samples, sum, squares } = this;
    return this.model.jointNames.map((name, joint) => ({
      name,
      mean: sum[joint] / samples,
      std: Math.sqrt(Math.max(0, squares[joint] / samples - (sum[joint] / samples) ** 2)),
      clippedShare: this.clipped[joint] / samples,
      jointLimitShare: this.atJointLimit[joint] / samples,
      torqueLimitShare: this.atTorqueLimit[joint] / samples,
    }));
  }
}
