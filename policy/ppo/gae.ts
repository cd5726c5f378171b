/**
 * Generalised advantage estimation (Schulman et al. 2016, eq. 16):
 *   δ_t = r_t + γ (1 − done_t) V(s_{t+1}) − V(s_t),   A_t = δ_t + γ λ (1 − done_t) A_{t+1},   R_t = A_t + V(s_t).
 * All arrays are time-major, [T, N]; `value` has one more row, the values after the last step.
 * A truncated step must carry γ V(final state) in its reward (see `bootstrapTruncated`) and count as done.
 */
export function estimateAdvantages(
  advantage: Float32Array,
  returns: Float32Array,
  reward: Float32Array,
  value: Float32Array,
  done: Uint8Array,
  numEnvs: number,
  discount: number,
  lambda: number,
): void {
  const horizon = reward.length / numEnvs;
  for (let env = 0; env < numEnvs; env++) {
    let next = 0;
    for (let t = horizon - 1; t >= 0; t--) {
      const k = t * numEnvs + env;
      const keep = done[k] ? 0 : discount;
      const delta = reward[k] + keep * value[k + numEnvs] - value[k];
      next = delta + keep * lambda * next;
      advantage[k] = next;
      returns[k] = next + value[k];
    }
  }
}
