/** Whether a robot that should walk alike on both sides does. */

import { type GaitParameters, JOINTS_PER_LEG, NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";

/** Left leg, then right leg. */
const PAIRS = { front: [0, 1], rear: [2, 3] } as const;
const JOINT_KINDS = ["hip", "thigh", "calf"] as const;
/** Cycles within which phases are the same. */
const SAME_PHASE = 1e-6;

/** One figure of a left leg and of the right one opposite. */
export interface SymmetryFigure {
  readonly pair: keyof typeof PAIRS;
  readonly figure: string;
  readonly left: number;
  readonly right: number;
  /** Difference over the mean of both (Robinson et al. 1987); 0 where both are. */
  readonly asymmetry: number;
}

/** Whether a gait's mirror image is the gait itself, half a stride later or at once: trot and pace, but no gallop. */
export function isSymmetric({ phaseOffset: [frontLeft, frontRight, rearLeft, rearRight] }: GaitParameters): boolean {
  const front = cycle(frontRight - frontLeft);
  const rear = cycle(rearRight - rearLeft);
  return isSame(front, rear) && (isSame(front, 0) || isSame(front, 0.5));
}

/** Sums over all robots and steps, leg by leg. */
export class LegStatistics {
  private samples = 0;
  private readonly contacts = new Float64Array(NUM_LEGS);
  private readonly touchdowns = new Float64Array(NUM_LEGS);
  private readonly torqueSquares = new Float64Array(NUM_JOINTS);
  private readonly angles = new Float64Array(NUM_JOINTS);
  private readonly angleSquares = new Float64Array(NUM_JOINTS);
  private readonly lastContact: Uint8Array;

  /** @param stepS s between two calls of `add` for a robot */
  constructor(
    numRobots: number,
    private readonly stepS: number,
  ) {
    this.lastContact = new Uint8Array(numRobots * NUM_LEGS).fill(1);
  }

  /** Takes in one robot's step. Contacts [N, 4]; torques in N·m and joint angles in rad [N, 12]. */
  add(robot: number, contact: Uint8Array, jointTorque: Float32Array, jointPosition: Float32Array): void {
    this.samples++;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const i = NUM_LEGS * robot + leg;
      this.contacts[leg] += contact[i];
      if (contact[i] > this.lastContact[i]) this.touchdowns[leg]++;
      this.lastContact[i] = contact[i];
    }
    for (let joint = 0; joint < NUM_JOINTS; joint++) {
      const i = NUM_JOINTS * robot + joint;
      this.torqueSquares[joint] += jointTorque[i] ** 2;
      this.angles[joint] += jointPosition[i];
      this.angleSquares[joint] += jointPosition[i] ** 2;
    }
  }

  summary(): SymmetryFigure[] {
    return (Object.keys(PAIRS) as (keyof typeof PAIRS)[]).flatMap((pair) => {
      const [left, right] = PAIRS[pair].map((leg) => this.figuresOf(leg));
      return Object.keys(left).map((figure) => compare(pair, figure, left[figure], right[figure]));
    });
  }

  private figuresOf(leg: number): Record<string, number> {
    const { samples } = this;
    const joints = JOINT_KINDS.flatMap((kind, k) => {
      const joint = JOINTS_PER_LEG * leg + k;
      const variance = this.angleSquares[joint] / samples - (this.angles[joint] / samples) ** 2;
      return [
        [`${kind} torque rms, N·m`, Math.sqrt(this.torqueSquares[joint] / samples)],
        [`${kind} angle std, rad`, Math.sqrt(Math.max(0, variance))],
      ] as const;
    });
    return {
      "duty factor": this.contacts[leg] / samples,
      "steps per s": this.touchdowns[leg] / (samples * this.stepS),
      ...Object.fromEntries(joints),
    };
  }
}

function compare(pair: keyof typeof PAIRS, figure: string, left: number, right: number): SymmetryFigure {
  const mean = (left + right) / 2;
  return { pair, figure, left, right, asymmetry: mean === 0 ? 0 : Math.abs(left - right) / mean };
}

function cycle(phase: number): number {
  return phase - Math.floor(phase);
}

function isSame(a: number, b: number): boolean {
  const distance = Math.abs(a - b);
  return Math.min(distance, 1 - distance) < SAME_PHASE;
}
