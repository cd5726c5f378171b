import { basename } from "node:path";
import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import { writeFileAtomic } from "../files/atomic-file.js";
import { readEpisodes } from "../run-folder/episode-source.js";
import { JSON_OPTION, RUNS_OPTION } from "../terminal/options.js";

interface ExportLogArguments {
  source: string;
  out?: string | undefined;
  runs: string;
  json: boolean;
}

/** `gaitway export-log <source>`: writes recorded episodes for Foxglove. */
export const exportLogCommand: CommandModule<object, ExportLogArguments> = {
  command: "export-log <source>",
  describe: "Write recorded episodes as an MCAP file, for Foxglove",
  builder: (yargs) =>
    yargs
      .positional("source", {
        type: "string",
        demandOption: true,
        describe: "An episode file, or a run for all its episodes, one after the other",
      })
      .option("out", { type: "string", requiresArg: true, describe: "File to write (default: <source's name>.mcap)" })
      .options(RUNS_OPTION)
      .options(JSON_OPTION)
      .example("$0 export-log runs/long", "All episodes of a run, into long.mcap")
      .example("$0 export-log runs/long/episodes/rough-2-policy-001.episode --out walk.mcap", "A single one"),
  handler: async ({ source, out, runs, json }) => {
    const path = out ?? `${basename(source).replace(/\.episode$/, "")}.mcap`;
    if (!path.endsWith(".mcap")) throw new InputError(`--out: got ${path}, expected a name that ends with .mcap`);
    const episodes = readEpisodes(source, runs);
    const { encodeMcap } = await import("../mcap/log.js"); // brings along Foxglove's schemas, which no other command needs
    const bytes = await encodeMcap(episodes);
    writeFileAtomic(path, bytes);
    const { length } = episodes.episodes;
    const told = json
      ? JSON.stringify({ out: path, episodes: length, bytes: bytes.length })
      : `Wrote ${path}: ${length === 1 ? "1 episode" : `${length} episodes`}, ${(bytes.length / 1e6).toFixed(1)} MB`;
    process.stdout.write(`${told}\n`);
  },
};
