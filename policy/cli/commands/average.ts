import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import { averageBundles } from "../../bundle/average.js";
import { encodeBundle } from "../../bundle/bundle.js";
import { writeFileAtomic } from "../files/atomic-file.js";
import { checkOut } from "../files/out-file.js";
import { loadPolicy, openNamedRun } from "../run-folder/policy-source.js";
import { checkCount } from "../terminal/flags.js";
import { FORCE_OPTION, JSON_OPTION, RUNS_OPTION } from "../terminal/options.js";

interface AverageArguments {
  run: string;
  from: number | undefined;
  out: string;
  runs: string;
  force: boolean;
  json: boolean;
}

/** `gaitway average <run>`: one policy of several of a run's checkpoints. */
export const averageCommand: CommandModule<object, AverageArguments> = {
  command: "average <run>",
  describe: "Make one policy of the mean of a run's checkpoints: steadier than the last one",
  builder: (yargs) =>
    yargs
      .positional("run", { type: "string", demandOption: true, describe: "A run: its folder, else its name" })
      .option("from", {
        type: "number",
        requiresArg: true,
        describe: "Iteration of the first checkpoint to take in [default: of the first that was kept]",
      })
      .option("out", { type: "string", demandOption: true, requiresArg: true, describe: "File for the policy" })
      .options(RUNS_OPTION)
      .options(FORCE_OPTION)
      .options(JSON_OPTION)
      .example("$0 average runs/long --out policy.json", "Of the newest five, which are kept by default")
      .example("$0 average runs/long --from 440 --out policy.json", "Of all since iteration 440 that were kept"),
  handler: ({ run, from, out, runs, force, json }) => {
    checkCount("from", from, 0);
    const checkpoints = openNamedRun(run, runs).checkpoints().reverse();
    const taken = checkpoints.filter(({ iteration }) => iteration >= (from ?? 0));
    if (taken.length < 2) {
      const kept = checkpoints.map(({ iteration }) => iteration).join(", ") || "none";
      throw new InputError(`${run}: ${taken.length} checkpoints to average, expected 2 or more; kept are ${kept}`);
    }
    checkOut(out, force);
    const mean = averageBundles(taken.map(({ path }) => loadPolicy(path, runs).bundle));
    writeFileAtomic(out, encodeBundle(mean));
    const iterations = taken.map(({ iteration }) => iteration);
    const text = json ? JSON.stringify({ out, iterations }) : `Mean of iterations ${iterations.join(", ")}: ${out}`;
    process.stdout.write(`${text}\n`);
  },
};
