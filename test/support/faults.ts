/**
 * Breaks a `gaitway` from inside, for tests: `node --import faults.js main.js` loads it first, into every thread, and the
 * environment variable GAITWAY_TEST_FAULT says what is to break. The product knows nothing of it.
 */

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread, workerData } from "node:worker_threads";
import type { RobotBodies } from "../../sim/physics/bodies.js";
import type { PhysicsWorld } from "../../sim/physics/world.js";

export type Fault = WritingFault | ThreadFault;

/** A signal to the process itself, before a step of writing a file: opening it is step 0. */
export interface WritingFault {
  readonly kind: "signal";
  readonly signal: "SIGKILL" | "SIGTERM";
  /** End of the path that is being written. */
  readonly file: string;
  /** Which writing of it, from 1 on, the first unless given. */
  readonly occurrence?: number;
  readonly step: number;
  /** Before that, a write has half its bytes written. */
  readonly half?: boolean;
}

/** What goes wrong in one training thread, or in the one that learns for all, in one iteration or from it on. */
export interface ThreadFault {
  readonly kind: "throw" | "exit" | "hang" | "state" | "gradient";
  readonly thread: number | "learner";
  readonly iteration: number;
  /** Goes wrong in all iterations after it as well. */
  readonly persists?: boolean;
  /** A file that is written when it goes wrong. While it is there, nothing does. */
  readonly once?: string;
}

const fault = JSON.parse(process.env.GAITWAY_TEST_FAULT ?? "null") as Fault | null;
if (isMainThread && fault?.kind === "signal") breakWriting(fault);
if (!isMainThread && fault && fault.kind !== "signal" && fault.thread === (workerData.worker ?? "learner"))
  await breakThread(fault);

/** Counts the calls of the file system from the one on that opens the file for the time that is meant. */
function breakWriting({ file, occurrence = 1, step, signal, half }: WritingFault): void {
  let openings = 0;
  let calls = -1;
  const beforeCall = (name: string, first: unknown, second: unknown): void => {
    if (calls < 0) {
      if (name === "openSync" && String(first).includes(`${file}.`)) openings++;
      if (openings < occurrence) return;
    }
    calls++;
    if (calls !== step) return;
    if (half) {
      const bytes = second as Uint8Array;
      fs.writeSync(first as number, bytes.subarray(0, bytes.length >> 1));
    }
    process.kill(process.pid, signal);
  };
  for (const name of ["openSync", "writeFileSync", "fsyncSync", "closeSync", "renameSync", "rmSync"] as const) {
    const original = fs[name] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
      [name]: (...args: unknown[]) => {
        beforeCall(name, args[0], args[1]);
        return original(...args);
      },
    });
  }
  syncBuiltinESMExports();
}

/** Wraps what the thread is going to run. */
async function breakThread(fault: ThreadFault): Promise<void> {
  const { Trainer } = await import("../../policy/training/trainer.js");
  const { DeviceExchange } = await import("../../policy/ppo/device-exchange.js");
  const { VecEnv } = await import("../../sim/env.js");
  const { Learner } = await import("../../policy/ppo/learner.js");
  let iteration = 0;
  let isDone = false;
  const isDue = (): boolean => {
    const isTime = fault.persists ? iteration >= fault.iteration : iteration === fault.iteration && !isDone;
    if (!isTime || (fault.once && fs.existsSync(fault.once))) return false;
    if (fault.once) fs.writeFileSync(fault.once, "");
    isDone = true;
    return true;
  };
  const act = { throw: fail, exit: () => process.exit(0), hang }[fault.kind as string];
  around(Trainer.prototype, "runIteration", (trainer) => {
    iteration = 1 + (Reflect.get(trainer, "iteration") as number);
    if (act && isDue()) act();
  });
  around(DeviceExchange.prototype, "awaitRollouts", undefined, () => {
    iteration++;
    if (act && isDue()) act();
  });
  if (fault.kind === "state") {
    around(VecEnv.prototype, "step", (env) => {
      if (isDue()) loseState(env.physics);
    });
  }
  if (fault.kind === "gradient") {
    around(Learner.prototype, "minibatchGradient", undefined, (learner) => {
      if (isDue()) (Reflect.get(learner, "gradient") as Float32Array)[0] = Number.NaN;
    });
  }
}

/** Runs something before and after a method of a class. */
function around<T extends object>(
  prototype: T,
  method: string,
  before?: (self: T) => void,
  after?: (self: T) => void,
): void {
  const original = Reflect.get(prototype, method) as (...args: unknown[]) => unknown;
  Reflect.set(prototype, method, function (this: T, ...args: unknown[]) {
    before?.(this);
    const result = original.apply(this, args);
    after?.(this);
    return result;
  });
}

function fail(): never {
  throw new Error("a fault that a test has made");
}

function hang(): never {
  for (;;);
}

/** The trunk of robot 0 moves at NaN m/s. */
function loseState(physics: PhysicsWorld): void {
  const robots = Reflect.get(physics, "robots") as readonly RobotBodies[];
  robots[0].bodies[0].setLinvel({ x: Number.NaN, y: 0, z: 0 }, true);
}
