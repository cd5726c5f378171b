import { basename, relative } from "node:path";
import type { RunDirectory } from "../run-folder/run-directory.js";
import { log } from "../terminal/log.js";

/** Tells how to go on with what was interrupted, in words that can be pasted into the same terminal. */
export function printResumeHint(command: "train" | "sweep", path: string, flags = ""): void {
  log.info(`Resume with: ${programName()} ${command} --resume ${quoted(path)}${flags}`);
}

/** Passes a training's outcome on. If it fails, tells how to go on from its last checkpoint, if there is one. */
export async function orTellHowToResume<T>(training: Promise<T>, run: RunDirectory, limitFlags: string): Promise<T> {
  try {
    return await training;
  } catch (error) {
    if (run.latestCheckpoint()) printResumeHint("train", run.path, limitFlags);
    throw error;
  }
}

/** As the user started it: an installed command goes by its own name, a checkout by its script. */
function programName(): string {
  const script = process.argv[1];
  return basename(script) === "main.js" ? `node ${quoted(relative(process.cwd(), script))}` : basename(script);
}

function quoted(path: string): string {
  return /\s/.test(path) ? `"${path}"` : path;
}
