import { encodeBundle } from "../../bundle/bundle.js";
import { decodeCheckpoint } from "../../training/checkpoint.js";
import { createBundle } from "../../training/create-bundle.js";
import type { IterationMetrics } from "../../training/progress.js";
import type { RunDirectory } from "../run-folder/run-directory.js";
import { log } from "../terminal/log.js";
import type { PoolEvents } from "./worker-pool.js";

/** Writes what a training reports into the run's folder. */
export class RunKeeper implements PoolEvents {
  /** The last iteration's. */
  last: IterationMetrics | undefined;
  /** So far in this sitting. */
  blowUps = 0;
  skippedUpdates = 0;
  private rewardSum = 0;
  private iterations = 0;

  constructor(
    private readonly run: RunDirectory,
    private readonly keepCheckpoints: number,
    private readonly onIteration: (metrics: IterationMetrics) => void,
  ) {}

  iteration(metrics: IterationMetrics): void {
    this.last = metrics;
    this.rewardSum += metrics.reward;
    this.iterations++;
    this.blowUps += metrics.blowUps;
    this.skippedUpdates += metrics.skippedUpdates;
    this.run.writeMetrics(metrics);
    this.onIteration(metrics);
  }

  warning(text: string): void {
    log.warn(text);
  }

  /** The checkpoint itself comes last: a run that is killed before goes on from the one before, and writes all of it anew. */
  checkpoint(iteration: number, bytes: Uint8Array): void {
    const { run } = this;
    const policy = encodeBundle(createBundle(decodeCheckpoint(bytes, `checkpoint ${iteration}`)));
    run.writeIfBest(iteration, bytes, this.rewardSum / this.iterations);
    run.writeFile("policy.json", policy);
    const path = run.writeCheckpoint(iteration, bytes, this.keepCheckpoints);
    log.debug(`saved ${path}`);
    this.startSegment();
  }

  /** Forgets the iterations since the last checkpoint, which are to be made again. */
  startSegment(): void {
    this.rewardSum = 0;
    this.iterations = 0;
  }
}
