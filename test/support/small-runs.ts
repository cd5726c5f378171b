/** Training runs of a second, for tests that kill them and look at what is left. */

import { type RunningCommand, Workspace } from "./command-line.js";
import type { Fault } from "./faults.js";

export const ITERATIONS = 6;
export const CHECKPOINT_EVERY = 2;

const CONFIG = `numEnvs: 4
checkpointEvery: ${CHECKPOINT_EVERY}
keepCheckpoints: 2
network: { actorHidden: [8], criticHidden: [8] }
ppo: { horizon: 4, epochs: 1, minibatches: 1 }
`;
/** A workspace whose runs are small and all the same. */
export class SmallRuns extends Workspace {
  constructor(workers: number) {
    super();
    this.write("small.yaml", `workers: ${workers}\n${CONFIG}`);
  }

  train(name: string, iterations = ITERATIONS): RunningCommand {
    return this.start("train", ...this.flags(name, iterations));
  }

  trainFaulty(fault: Fault, name: string, iterations = ITERATIONS): RunningCommand {
    return this.startFaulty(fault, "train", ...this.flags(name, iterations));
  }

  resume(name: string, iterations = ITERATIONS): RunningCommand {
    return this.start("train", "--resume", `runs/${name}`, "--iterations", `${iterations}`);
  }

  flags(name: string, iterations = ITERATIONS): string[] {
    return ["--config", "small.yaml", "--iterations", `${iterations}`, "--name", name];
  }
}
