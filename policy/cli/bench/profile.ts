/** Where the time of a training iteration goes, by V8's sampling profiler in every training thread. */

import type { Profiler } from "node:inspector";
import { BroadcastChannel } from "node:worker_threads";
import type { TrainConfig } from "../../config/schema.js";
import type { NamedRobot } from "../files/robot-file.js";
import { textTable } from "../terminal/table.js";
import { startTraining } from "../training/worker-pool.js";
import { PARTS, type Part, partTimesMs } from "./profile-parts.js";

/** Where threads send their profiles. */
export const PROFILES = "gaitway-profiles";
const THREAD = new URL("./profile-worker.js", import.meta.url);
/** Before the first that counts: V8 compiles the hot functions in them. */
const WARM_UP_ITERATIONS = 10;

export interface ThreadProfile {
  readonly worker: number;
  readonly profile: Profiler.Profile;
}

export interface ProfiledTraining {
  readonly iterations: number;
  readonly stepsPerIteration: number;
  /** ms of an iteration, one for each thread. */
  readonly partsMs: Readonly<Record<string, readonly number[]>>;
}

/** Trains for `iterations` after a warm-up. Returns what each thread did, and V8's profiles, the warm-up included. */
export async function profileTraining(
  config: TrainConfig,
  robot: NamedRobot,
  iterations: number,
  onProgress: (fraction: number) => void,
): Promise<{ parts: ProfiledTraining; profiles: Profiler.Profile[] }> {
  const all = WARM_UP_ITERATIONS + iterations;
  let fromMicros = 0;
  const iteration = ({ iteration }: { iteration: number }) => {
    onProgress(iteration / all);
    if (iteration === WARM_UP_ITERATIONS) fromMicros = Number(process.hrtime.bigint() / 1000n);
  };
  const receive = receiveProfiles(config.workers);
  const events = { iteration, checkpoint: () => undefined };
  await startTraining(config, robot, { iterations: all }, undefined, events, THREAD).finished;
  const profiles = await receive;
  const threads = profiles.map((profile) => partTimesMs(profile, fromMicros));
  const perIteration = (part: Part) => threads.map((timesMs) => timesMs[part] / iterations);
  const partsMs = Object.fromEntries(PARTS.map((part) => [part, perIteration(part)]));
  const parts = { iterations, stepsPerIteration: config.numEnvs * config.ppo.horizon, partsMs };
  return { parts, profiles };
}

/** Resolves when every thread has sent its profile. */
function receiveProfiles(workers: number): Promise<Profiler.Profile[]> {
  const channel = new BroadcastChannel(PROFILES);
  const profiles: Profiler.Profile[] = [];
  let missing = workers;
  return new Promise((resolve) => {
    channel.onmessage = (message) => {
      const { worker, profile } = (message as { data: ThreadProfile }).data;
      profiles[worker] = profile;
      missing--;
      if (missing > 0) return;
      channel.close();
      resolve(profiles);
    };
  });
}

export function profileText({ iterations, stepsPerIteration, partsMs }: ProfiledTraining): string {
  const threads = partsMs.physics.map((_, worker) => worker);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const totals = threads.map((worker) => sum(PARTS.map((part) => partsMs[part][worker])));
  const row = (name: string, ms: readonly number[]) => [
    name,
    ...ms.map((value) => value.toFixed(2)),
    ((1000 * sum(ms)) / stepsPerIteration).toFixed(1),
    `${((100 * sum(ms)) / sum(totals)).toFixed(1)} %`,
  ];
  const head = ["ms of an iteration", ...threads.map((worker) => `thread ${worker}`), "thread µs a step", "share"];
  const rows = [...PARTS.map((part) => row(part, partsMs[part])), row("all", totals)];
  return `${iterations} iterations of ${stepsPerIteration} robot steps\n${textTable(head, rows)}`;
}
