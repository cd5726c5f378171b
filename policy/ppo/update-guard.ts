/** Keeps updates that would spoil the networks from being made. All workers see the same sums, so they decide the same. */

import type { WorkerGroup } from "../threads/all-reduce.js";
import type { ActorCriticLayout } from "./actor-critic.js";
import { norm2 } from "./adam.js";

/** Good updates have norms and losses of order 1, and KL divergences of a few hundredths. */
export const MAX_GRADIENT_NORM = 1e6;
export const MAX_VALUE_LOSS = 1e6;
export const MAX_KL = 10;

export class UpdateGuard {
  /** Updates that were refused since the last `clear`. */
  skipped = 0;
  /** Why and where, of the first of them. */
  fault = "";

  constructor(
    private readonly layout: ActorCriticLayout,
    private readonly group: WorkerGroup,
  ) {}

  clear(): void {
    this.skipped = 0;
    this.fault = "";
  }

  /** Whether to make the update. `gradient`: the sum over workers, with KL divergence and value loss behind it. */
  accepts(gradient: Float32Array): boolean {
    const { size } = this.layout;
    const norm = norm2(gradient, 0, size);
    // Asked what is within its limit, not what is beyond: NaN is neither, and must not pass.
    const isSound =
      norm <= MAX_GRADIENT_NORM && Math.abs(gradient[size]) <= MAX_KL && gradient[size + 1] <= MAX_VALUE_LOSS;
    if (isSound) return true;
    if (this.skipped++ === 0) this.fault = this.describe(gradient, norm);
    return false;
  }

  private describe(gradient: Float32Array, norm: number): string {
    const { size } = this.layout;
    const index = gradient.findIndex((value) => !Number.isFinite(value));
    if (index >= 0 && index < size) {
      const thread = this.group.floats.firstNotFinite(index);
      return `gradient of ${parameterPlace(this.layout, index)} is ${gradient[index]}, from thread ${thread}`;
    }
    if (!(norm <= MAX_GRADIENT_NORM)) return `gradient's norm is ${norm.toPrecision(3)}`;
    return `KL divergence is ${gradient[size].toPrecision(3)}, value loss ${gradient[size + 1].toPrecision(3)}`;
  }
}

/** Which layer a parameter belongs to, such as "actor layer 2". */
export function parameterPlace({ actor, critic, estimator, logStd }: ActorCriticLayout, index: number): string {
  if (index >= logStd) return `standard deviation ${index - logStd}`;
  const networks = Object.entries({ actor, critic, estimator });
  const [name, { layers }] = networks.find(([, { end }]) => index < end)!;
  return `${name} layer ${1 + layers.findIndex(({ biases, outputs }) => index < biases + outputs)}`;
}
