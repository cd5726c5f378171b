/** Hands jobs out to threads: each next one to the thread that is free first. */

import { Worker } from "node:worker_threads";

/** What a thread posts of the job that it was posted. */
export type JobMessage<Result> =
  | { readonly kind: "progress"; readonly fraction: number }
  | { readonly kind: "done"; readonly result: Result };

/**
 * Runs all jobs in threads and returns their results in the order of the jobs, however many threads there are.
 *
 * @param entry module that the threads run: it takes jobs and posts `JobMessage`s
 * @param onProgress told the share of all jobs that is done, 0..1
 * @param signal ends all threads; what was done is lost
 * @throws the signal's reason, or the error of a thread that failed, after the others have been ended
 */
export async function runJobs<Job, Result>(
  entry: URL,
  jobs: readonly Job[],
  threads: number,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Result[]> {
  const workers = Array.from({ length: Math.min(threads, jobs.length) }, () => new Worker(entry));
  const queue = new JobQueue<Job, Result>(jobs, onProgress);
  try {
    await Promise.race([aborted(signal), Promise.all(workers.map((worker) => queue.workOff(worker)))]);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return queue.results;
}

class JobQueue<Job, Result> {
  readonly results: Result[];
  private readonly fractions: Float64Array;
  private next = 0;

  constructor(
    private readonly jobs: readonly Job[],
    private readonly onProgress: (fraction: number) => void,
  ) {
    this.results = new Array(jobs.length);
    this.fractions = new Float64Array(jobs.length);
  }

  /** Keeps a thread busy. Resolves when nothing is left for it, rejects when it fails. */
  workOff(worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      let index = -1;
      const handOut = () => {
        index = this.next++;
        if (index < this.jobs.length) worker.postMessage(this.jobs[index]);
        else resolve();
      };
      worker.on("error", reject);
      worker.on("exit", (code) => reject(new Error(`thread ended with code ${code}`)));
      worker.on("message", (message: JobMessage<Result>) => {
        this.report(index, message.kind === "done" ? 1 : message.fraction);
        if (message.kind !== "done") return;
        this.results[index] = message.result;
        handOut();
      });
      handOut();
    });
  }

  private report(index: number, fraction: number): void {
    this.fractions[index] = fraction;
    this.onProgress(this.fractions.reduce((sum, each) => sum + each, 0) / this.jobs.length);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
