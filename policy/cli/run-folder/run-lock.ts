/** Keeps two processes from training one run, or one sweep: run.lock names the process that does, while it lives. */

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname, uptime } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../../sim/errors.js";
import { asInputError } from "../files/atomic-file.js";

const ownerSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process took the lock, in seconds since 1970. */
  sinceS: z.number(),
});

type Owner = z.infer<typeof ownerSchema>;

/** Clocks are set now and then. */
const BOOT_TOLERANCE_S = 60;

const LOCK_FILE = "run.lock";
/** What file systems without hard links answer. */
const NO_LINKS: readonly (string | undefined)[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

const held = new Set<RunLock>();
process.on("exit", () => {
  for (const lock of held) lock.release();
});

export class RunLock {
  private constructor(private readonly path: string) {
    held.add(this);
  }

  /**
   * Takes the lock of a run's folder, over from a process that is dead if need be. The end of this process releases it.
   * @throws InputError if another process trains the run, or the folder cannot be written
   */
  static acquire(folder: string): RunLock {
    const path = join(folder, LOCK_FILE);
    const mine = JSON.stringify({ pid: process.pid, host: hostname(), sinceS: Date.now() / 1000 } satisfies Owner);
    while (!tryToWrite(path, mine)) {
      const theirs = read(path);
      const owner = parseOwner(theirs);
      if (owner && isAlive(owner)) {
        const who = `process ${owner.pid}${owner.host === hostname() ? "" : ` on ${owner.host}`}`;
        throw new InputError(`${folder} is being trained by ${who}; if it is not, delete ${path}`);
      }
      discard(path, theirs);
    }
    return new RunLock(path);
  }

  release(): void {
    if (!held.delete(this)) return;
    rmSync(this.path, { force: true });
  }
}

/** Whether a process that lives trains what is in the folder, as far as its lock can be read. Changes nothing. */
export function isBeingTrained(folder: string): boolean {
  try {
    const owner = parseOwner(readFileSync(join(folder, LOCK_FILE), "utf8"));
    return owner !== undefined && isAlive(owner);
  } catch {
    return false;
  }
}

/** False where there is a lock already. */
function tryToWrite(path: string, contents: string): boolean {
  const aside = `${path}.${process.pid}.new.tmp`;
  try {
    writeFileSync(aside, contents);
    linkOrWrite(aside, path, contents);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw asInputError(error, `cannot write ${path}`);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** By a link the lock is there whole at once: one that is still empty would look like one that a dead process tore. */
function linkOrWrite(aside: string, path: string, contents: string): void {
  try {
    linkSync(aside, path);
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error))) throw error;
    writeFileSync(path, contents, { flag: "wx" });
  }
}

/** Nothing where the lock has been released meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw asInputError(error, `cannot read ${path}`);
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Processes of another machine, on a shared disk, count as alive. Numbers of processes start anew with each boot. */
function isAlive({ pid, host, sinceS }: Owner): boolean {
  if (host !== hostname()) return true;
  if (sinceS < Date.now() / 1000 - uptime() - BOOT_TOLERANCE_S) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is another user's.
    return codeOf(error) === "EPERM";
  }
}

/** Removes a dead process's lock, unless another process has been faster and put its own there. */
function discard(path: string, stale: string): void {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw asInputError(error, `cannot remove ${path}`);
  }
  const taken = read(aside);
  if (taken !== stale) tryToWrite(path, taken);
  rmSync(aside, { force: true });
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
