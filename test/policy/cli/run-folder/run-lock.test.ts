import { spawnSync } from "node:child_process";
import fs, { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isBeingTrained, RunLock } from "../../../../policy/cli/run-folder/run-lock.js";
import { InputError } from "../../../../sim/errors.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gaitway-lock-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  rmSync(folder, { recursive: true });
});

const NOW_S = Date.now() / 1000;

/** A lock that some process has left. */
function leave(owner: object | string): void {
  writeFileSync(join(folder, "run.lock"), typeof owner === "string" ? owner : JSON.stringify(owner));
}

/** The number of a process that has just ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

function expectTaken(): void {
  RunLock.acquire(folder).release();
  expect(readdirSync(folder)).toEqual([]);
}

describe("the lock of a run", () => {
  it("is held by one, and free again after it", () => {
    const lock = RunLock.acquire(folder);
    expect(() => RunLock.acquire(folder)).toThrow(InputError);
    expect(() => RunLock.acquire(folder)).toThrow(
      `${folder} is being trained by process ${process.pid}; if it is not, `,
    );
    lock.release();
    expectTaken();
  });

  it("is taken over from a process that is dead", () => {
    leave({ pid: deadPid(), host: hostname(), sinceS: NOW_S });
    expectTaken();
  });

  it("is taken over from before the machine started, though its number is in use again", () => {
    leave({ pid: process.pid, host: hostname(), sinceS: 1e9 });
    expectTaken();
  });

  it.each(["", "{", '{"pid":-1}'])("is taken over where it was torn: %s", (text) => {
    leave(text);
    expectTaken();
  });

  it("of another machine, on a shared disk, is respected", () => {
    leave({ pid: deadPid(), host: "elsewhere", sinceS: NOW_S });
    expect(() => RunLock.acquire(folder)).toThrow("on elsewhere; if it is not, delete ");
  });

  it("tells whether the run is being trained, and stays as it is", () => {
    expect(isBeingTrained(folder)).toBe(false);
    const lock = RunLock.acquire(folder);
    expect(isBeingTrained(folder)).toBe(true);
    lock.release();
    leave({ pid: deadPid(), host: hostname(), sinceS: NOW_S });
    expect(isBeingTrained(folder)).toBe(false);
    expect(readdirSync(folder)).toEqual(["run.lock"]);
  });

  it("is written elsewhere first: still empty, it would look torn to others", () => {
    const write = vi.spyOn(fs, "writeFileSync");
    syncBuiltinESMExports();
    const lock = RunLock.acquire(folder);
    expect(write.mock.calls.map(([path]) => path)).toEqual([expect.stringMatching(/run\.lock\.\d+\.new\.tmp$/)]);
    expect(readdirSync(folder)).toEqual(["run.lock"]);
    lock.release();
  });

  it("does without hard links where there are none", () => {
    vi.spyOn(fs, "linkSync").mockImplementation(() => {
      throw Object.assign(new Error("EPERM: operation not permitted, link"), { code: "EPERM", syscall: "link" });
    });
    syncBuiltinESMExports();
    const lock = RunLock.acquire(folder);
    expect(isBeingTrained(folder)).toBe(true);
    expect(() => RunLock.acquire(folder)).toThrow("is being trained by process");
    lock.release();
    expectTaken();
  });

  it("is not another's to release", () => {
    const lock = RunLock.acquire(folder);
    lock.release();
    const next = RunLock.acquire(folder);
    lock.release();
    expect(existsSync(join(folder, "run.lock"))).toBe(true);
    next.release();
  });

  it("says where it cannot be written", () => {
    const missing = join(folder, "none");
    expect(() => RunLock.acquire(missing)).toThrow(
      `cannot write ${join(missing, "run.lock")}: no such file or directory`,
    );
  });
});
