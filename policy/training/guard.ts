/** Tells of values that cannot be learned from, and stops a training that goes on making them. */

import type { VecEnv } from "../../sim/env.js";
import { InputError } from "../../sim/errors.js";
import type { Learner, UpdateStatistics } from "../ppo/learner.js";
import { parameterPlace } from "../ppo/update-guard.js";
import type { WorkerGroup } from "../threads/all-reduce.js";

/** So many spoiled iterations in a row end the training. */
const PATIENCE = 10;
/** An iteration is spoiled when more than this share of the robots broke down in it. */
const MAX_BLOW_UP_SHARE = 0.05;

export class TrainingGuard {
  /** What was found for the first time and nobody has been told of. */
  readonly warnings: string[] = [];
  /** First of the spoiled iterations in a row. */
  private since: number | undefined;
  private hasBlowUps = false;
  private hasSkippedUpdates = false;

  constructor(
    private readonly learner: Learner,
    private readonly group: WorkerGroup,
    private readonly robots: number,
  ) {}

  /** Numbers that a worker's part of a report takes in the sums over workers. */
  static reportLength(workers: number): number {
    return 2 * workers;
  }

  /**
   * Looks back at an iteration; every worker must call it.
   * @param blowUps robots of all workers that broke down; `watch` tells of this worker's first
   * @throws InputError, the same in all workers, with what, where and since when, once the training cannot be saved
   */
  check(iteration: number, blowUps: number, watch: VecEnv["blowUps"], update: UpdateStatistics): void {
    this.warnOfFirst(iteration, blowUps, watch, update);
    const lost = this.lostParameter();
    const spoiled = lost !== "" || update.skippedUpdates > 0 || update.stdAtCeiling > 0;
    if (!spoiled && blowUps <= MAX_BLOW_UP_SHARE * this.robots) {
      this.since = undefined;
      return;
    }
    this.since ??= iteration;
    if (lost === "" && iteration - this.since + 1 < PATIENCE) return;
    const causes = [lost, this.learner.guard.fault, this.blowUpReport(blowUps, watch), stdReport(update)];
    throw new InputError(
      `training stopped at iteration ${iteration}: nothing can be learned since iteration ${this.since}: ` +
        causes.filter((cause) => cause !== "").join("; "),
    );
  }

  private warnOfFirst(iteration: number, blowUps: number, watch: VecEnv["blowUps"], update: UpdateStatistics): void {
    if (blowUps > 0 && !this.hasBlowUps) {
      this.hasBlowUps = true;
      this.warnings.push(`iteration ${iteration}: ${this.blowUpReport(blowUps, watch)}; placed anew`);
    }
    if (update.skippedUpdates > 0 && !this.hasSkippedUpdates) {
      this.hasSkippedUpdates = true;
      const { fault } = this.learner.guard;
      this.warnings.push(`iteration ${iteration}: updates skipped: ${update.skippedUpdates}, first as ${fault}`);
    }
  }

  /** The first parameter that is not finite: no later update mends it. */
  private lostParameter(): string {
    const { params, layout } = this.learner;
    const index = params.findIndex((value) => !Number.isFinite(value));
    return index < 0 ? "" : `parameters of ${parameterPlace(layout, index)} are ${params[index]}`;
  }

  private blowUpReport(blowUps: number, { first, places }: VecEnv["blowUps"]): string {
    const { worker, size } = this.group;
    const found = new Float64Array(TrainingGuard.reportLength(size));
    if (first) found.set([1 + first.robot, first.place], 2 * worker);
    this.group.doubles.sum(found);
    const thread = found.findIndex((value, i) => i % 2 === 0 && value > 0) / 2;
    if (thread < 0) return "";
    const place = places[found[2 * thread + 1]];
    return `simulations of ${blowUps} robots broke down, first ${place} of robot ${found[2 * thread] - 1} in thread ${thread}`;
  }
}

function stdReport({ stdAtCeiling }: UpdateStatistics): string {
  return stdAtCeiling === 0 ? "" : `exploration noise of ${stdAtCeiling} actions is at its upper limit`;
}
