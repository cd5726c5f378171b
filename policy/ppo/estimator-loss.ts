import { ESTIMATOR_OUTPUTS } from "../../sim/control/state-estimate.js";

/** Outputs before this are corrections, those from it on logits of contact. */
export const FIRST_LOGIT = 4;

/**
 * Gradient of the state estimator's loss with respect to its outputs: half the squared error of corrections, the cross entropy
 * of contacts. Both have the same form: what is said less what should have been said.
 *
 * @param dOutputs out, [B, ESTIMATOR_OUTPUTS]
 * @param outputs [B, ESTIMATOR_OUTPUTS]
 * @param targets of the whole rollout; contacts as 0 and 1
 * @param indices samples of the rollout that make the minibatch, [B]
 * @returns the loss, mean of a sample
 */
export function estimatorGradient(
  dOutputs: Float32Array,
  outputs: Float32Array,
  targets: Float32Array,
  indices: Int32Array,
): number {
  const B = indices.length;
  let loss = 0;
  for (let b = 0; b < B; b++) {
    for (let k = 0; k < ESTIMATOR_OUTPUTS; k++) {
      const i = b * ESTIMATOR_OUTPUTS + k;
      const target = targets[indices[b] * ESTIMATOR_OUTPUTS + k];
      const isLogit = k >= FIRST_LOGIT;
      const said = isLogit ? 1 / (1 + Math.exp(-outputs[i])) : outputs[i];
      dOutputs[i] = (said - target) / B;
      loss += isLogit ? -Math.log(Math.max(1e-12, target === 1 ? said : 1 - said)) : 0.5 * (said - target) ** 2;
    }
  }
  return loss / B;
}
