import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { learnedState } from "../support/command-line.js";
import { SmallRuns } from "../support/small-runs.js";

const runs = new SmallRuns(1);
/** A shell with mounts of its own: they end with it. */
const SHELL = "unshare --user --map-root-user --mount sh -c";
const canMount = mounts();

function mounts(): boolean {
  try {
    execFileSync("sh", ["-c", `${SHELL} "mount -t tmpfs tmpfs /mnt"`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

beforeAll(async () => {
  expect(await runs.train("whole").finished).toMatchObject({ code: 0 });
});
afterAll(() => runs.remove());

/** Runs a shell's words where a disk is mounted at `disk/`. */
function onDisk(options: string, words: string) {
  mkdirSync(runs.path("disk"), { recursive: true });
  return runs.startShell(`${SHELL} 'mount ${options} disk && ${words}'`).finished;
}

describe.skipIf(!canMount)("a disk (needs unshare and mount)", () => {
  it("that is full ends the run with the cause; its last whole checkpoint goes on elsewhere", async () => {
    // A run of six iterations needs 270 kB, up to its first checkpoint 180.
    const flags = runs.flags("full").join(" ");
    const words = `${runs.program} train --runs disk ${flags}; code=$?; cp -r disk/full runs/full; exit $code`;
    const { code, stderr } = await onDisk("-t tmpfs -o size=220k tmpfs", words);
    expect(stderr).toMatch(/^gaitway: cannot write disk\/full\/\S+: no space left on device\n$/m);
    expect(stderr).toMatch(/^Resume with: .* --resume disk\/full --iterations 6$/m);
    expect(code).toBe(1);
    const left = readdirSync(runs.path("runs", "full"), { recursive: true, encoding: "utf8" });
    expect(left.filter((file) => /\.tmp$|\.lock$/.test(file))).toEqual([]);
    expect(learnedState(runs.path("runs", "full")).iteration).toBeLessThan(6);
    expect(await runs.resume("full").finished).toMatchObject({ code: 0 });
    expect(learnedState(runs.path("runs", "full"))).toEqual(learnedState(runs.path("runs", "whole")));
  });

  it.each([
    ["nothing", 100, "run.json"],
    ["run.json alone", 96, "run.lock"],
  ])("that has room for %s leaves no run behind", async (_what, filledKb, file) => {
    // A file takes whole pages of 4 kB.
    const fill = `head -c ${filledKb}k /dev/zero > disk/filling`;
    const words = `${fill}; ${runs.program} train --runs disk ${runs.flags("stillborn").join(" ")}; code=$?; ls -A disk; exit $code`;
    const { code, stdout, stderr } = await onDisk("-t tmpfs -o size=100k tmpfs", words);
    expect({ code, stdout, stderr }).toEqual({
      ...{ code: 1, stdout: "filling\n" },
      stderr: `gaitway: cannot write disk/stillborn/${file}: no space left on device\n`,
    });
  });

  it("that cannot be written to is told, for a new run and for one that is to go on", async () => {
    cpSync(runs.path("runs", "whole"), runs.path("runs", "old"), { recursive: true });
    const readOnly = "--bind runs disk && mount -o remount,bind,ro";
    const fresh = await onDisk(readOnly, `${runs.program} train --runs disk ${runs.flags("new").join(" ")}`);
    expect(fresh).toEqual({ code: 1, stdout: "", stderr: "gaitway: cannot make disk/new: read-only file system\n" });
    const resumed = await onDisk(readOnly, `${runs.program} train --resume disk/old --iterations 8`);
    expect(resumed).toEqual({
      ...{ code: 1, stdout: "" },
      stderr: "gaitway: cannot write disk/old/run.lock: read-only file system\n",
    });
    expect(existsSync(runs.path("runs", "new"))).toBe(false);
    expect(readFileSync(runs.path("runs", "old", "run.json"), "utf8")).toContain('"finished"');
  });
});

it.skipIf(canMount)("disks were not tried: mounting is not allowed here", () => {
  expect(canMount).toBe(false);
});
