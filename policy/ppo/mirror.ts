/**
 * Left-right symmetry: robots of a rollout seen in a mirror. What a symmetric robot does well, its mirror image does as well, so
 * mirrored samples are as good as others, and teach one side what the other has tried (Mittal et al., "Symmetry considerations
 * for learning task symmetric robot policies", ICRA 2024).
 */

import { NUM_JOINTS } from "../../gaits/types.js";
import type { Rng } from "../../sim/rng.js";
import { type MirrorMap, mirrorMap, mirrorRow } from "../../sim/task/mirror.js";
import type { ObservationSpec } from "../../sim/task/observation-layout.js";
import type { Rollout } from "./rollout.js";

export class Mirror {
  private readonly joints: MirrorMap = mirrorMap("joints", NUM_JOINTS);
  private readonly scratch: Float32Array;

  constructor(private readonly spec: ObservationSpec) {
    this.scratch = new Float32Array(spec.size);
  }

  /** Mirrors all steps of every other robot, at random which: observations, actions and what the policy's means were. */
  apply(rollout: Rollout, rng: Rng): void {
    const { spec, joints, scratch } = this;
    for (let robot = 0; robot < rollout.numEnvs; robot++) {
      if (rng.next() < 0.5) continue;
      for (let t = 0; t < rollout.horizon; t++) {
        const k = t * rollout.numEnvs + robot;
        mirrorRow(spec.mirror, rollout.obs, k * spec.size, scratch);
        mirrorRow(joints, rollout.action, k * NUM_JOINTS, scratch);
        mirrorRow(joints, rollout.output, k * NUM_JOINTS, scratch);
      }
    }
  }

  /** Adds the mirror images to sums over observations, as `Normalizer.merge` takes them: statistics of both sides are the same. */
  doubleSums(sums: Float64Array): void {
    const { from, sign } = this.spec.mirror;
    const { size } = this.spec;
    const own = sums.slice();
    sums[0] = 2 * own[0];
    for (let i = 0; i < size; i++) {
      sums[1 + i] = own[1 + i] + sign[i] * own[1 + from[i]];
      sums[1 + size + i] = own[1 + size + i] + own[1 + size + from[i]];
    }
  }

  /** Gives both sides' joints the mean of their log standard deviations. [12] */
  tieLogStd(logStd: Float32Array): void {
    const own = logStd.slice();
    for (let j = 0; j < NUM_JOINTS; j++) logStd[j] = 0.5 * (own[j] + own[this.joints.from[j]]);
  }
}
