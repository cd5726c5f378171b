import { existsSync } from "node:fs";
import { basename, dirname, extname } from "node:path";
import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import { writeFileAtomic } from "../files/atomic-file.js";
import { type EpisodeSource, readEpisodes } from "../run-folder/episode-source.js";
import { checkAbove } from "../terminal/flags.js";
import { JSON_OPTION, RUNS_OPTION } from "../terminal/options.js";
import { filmEpisode, type Shot } from "../viewer/film-episode.js";

interface RenderArguments {
  episode: string;
  out?: string | undefined;
  size: string;
  seconds?: number | undefined;
  runs: string;
  json: boolean;
}

/** px. What every codec and most machines take. */
const MAX_SIDE = 3840;

/** `gaitway render <episode>`: a video or picture of an episode. */
export const renderCommand: CommandModule<object, RenderArguments> = {
  command: "render <episode>",
  describe: "Render an episode's 3D view as a video (WebM) or picture (PNG), in a Chromium without a window",
  builder: (yargs) =>
    yargs
      .positional("episode", { type: "string", demandOption: true, describe: "An episode file" })
      .option("out", {
        type: "string",
        requiresArg: true,
        describe: "File to write, .webm or .png (default: <episode's name>.webm)",
      })
      .option("size", { type: "string", default: "1280x720", requiresArg: true, describe: "Width x height, px" })
      .option("seconds", {
        type: "number",
        requiresArg: true,
        describe: "Length of the video (default: the whole episode); of a picture the moment (default: the middle)",
      })
      .options(RUNS_OPTION)
      .options(JSON_OPTION)
      .example("$0 render runs/long/episodes/flat-policy-001.episode", "A video, into flat-policy-001.webm")
      .example("$0 render runs/long/episodes/flat-policy-001.episode --out walk.png --seconds 2.5", "A picture"),
  handler: async ({ episode, out, size, seconds, runs, json }) => {
    const path = checkOutput(out ?? `${basename(episode, ".episode")}.webm`);
    checkAbove("seconds", seconds, 0);
    const { width, height } = parseSize(size);
    const source = readEpisodes(episode, runs);
    const { header, numFrames } = onlyEpisode(source, episode).log;
    const durationS = numFrames * header.dtS;
    const shot: Shot =
      extname(path) === ".png"
        ? { kind: "picture", width, height, timeS: Math.min(seconds ?? durationS / 2, durationS) }
        : { kind: "video", width, height, lengthS: Math.min(seconds ?? durationS, durationS) };
    const bytes = await filmEpisode(source.run, source.episodes[0].name, shot);
    writeFileAtomic(path, bytes);
    const told = json
      ? JSON.stringify({ out: path, width, height, bytes: bytes.length })
      : `Wrote ${path}: ${width}x${height}, ${(bytes.length / 1e6).toFixed(1)} MB`;
    process.stdout.write(`${told}\n`);
  },
};

/** Rendering takes a while, so what can be known to be wrong is said before. */
function checkOutput(path: string): string {
  if (![".webm", ".png"].includes(extname(path))) {
    throw new InputError(`--out: got ${path}, expected a name that ends with .webm or .png`);
  }
  if (!existsSync(dirname(path))) throw new InputError(`--out: got ${path}, but there is no folder ${dirname(path)}`);
  return path;
}

/** Even numbers, because video codecs halve the resolution of colours. */
function parseSize(size: string): { width: number; height: number } {
  const [width, height] = (/^(\d+)x(\d+)$/.exec(size)?.slice(1) ?? []).map(Number);
  const fits = (side: number | undefined) => side !== undefined && side >= 16 && side <= MAX_SIDE && side % 2 === 0;
  if (fits(width) && fits(height)) return { width, height };
  throw new InputError(`--size: got ${size}, expected even numbers from 16 to ${MAX_SIDE}, such as 1280x720`);
}

function onlyEpisode({ run, episodes }: EpisodeSource, path: string): EpisodeSource["episodes"][number] {
  if (episodes.length === 1) return episodes[0];
  const example = `${run.path}/episodes/${episodes[0].name}.episode`;
  throw new InputError(`${path} is a run of ${episodes.length} episodes: name one of them, such as ${example}`);
}
