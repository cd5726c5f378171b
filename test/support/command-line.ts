/** Runs the built command line, as a user would, in a folder of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeCheckpoint } from "../../policy/training/checkpoint.js";
import type { Fault } from "./faults.js";

/** `npm test` has built it before. */
const MAIN = fileURLToPath(new URL("../../dist/policy/cli/main.js", import.meta.url));
const FAULTS = new URL("../../dist/test/support/faults.js", import.meta.url).href;
const POLL_MS = 5;

export interface CommandResult {
  /** Exit code; null after a signal that ended the process. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly finished: Promise<CommandResult>;
}

/** A temporary folder in which commands run. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), "gaitway-cli-"));

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  write(name: string, contents: string | Uint8Array): void {
    writeFileSync(this.path(name), contents);
  }

  /** Names of the runs there are. */
  runs(): string[] {
    return existsSync(this.path("runs")) ? readdirSync(this.path("runs")) : [];
  }

  /** Runs `gaitway` to its end. */
  run(...args: string[]): Promise<CommandResult> {
    return this.start(...args).finished;
  }

  /** The same with some variables of the environment set. */
  runIn(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<CommandResult> {
    return this.spawn(process.execPath, [MAIN, ...args], environment).finished;
  }

  start(...args: string[]): RunningCommand {
    return this.spawn(process.execPath, [MAIN, ...args]);
  }

  /** Starts `gaitway` with a fault that shows at some moment. */
  startFaulty(fault: Fault, ...args: string[]): RunningCommand {
    const env = { GAITWAY_TEST_FAULT: JSON.stringify(fault) };
    return this.spawn(process.execPath, ["--import", FAULTS, MAIN, ...args], env);
  }

  /** The words with which a shell runs `gaitway`. */
  readonly program = `"${process.execPath}" "${MAIN}"`;

  /** Starts a command line as a shell would. */
  startShell(command: string): RunningCommand {
    return this.spawn("sh", ["-c", `exec ${command}`]);
  }

  private spawn(program: string, args: readonly string[], environment = {}): RunningCommand {
    const env = { ...process.env, ...environment };
    const child = spawn(program, args, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"], env });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (part) => {
      stdout += part;
    });
    child.stderr.on("data", (part) => {
      stderr += part;
    });
    const finished = new Promise<CommandResult>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
    return { child, finished };
  }

  /** Every file below a folder of it, with its contents. */
  snapshot(folder = ""): Map<string, string> {
    const entries = readdirSync(this.path(folder), { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((file) => join(file.parentPath, file.name));
    return new Map(paths.sort().map((path) => [path, readFileSync(path, "latin1")]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** Waits until the condition holds, which a command that has ended can no longer bring about. */
export async function waitUntil(condition: () => boolean, { child, finished }: RunningCommand): Promise<void> {
  while (!condition()) {
    if (child.exitCode !== null) throw new Error(`ended too early: ${(await finished).stderr}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Iterations of the rows in a run's metrics.jsonl. */
export function iterationsIn(runPath: string): number[] {
  const path = join(runPath, "metrics.jsonl");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line).iteration);
}

/** All that a run goes on from, as its last checkpoint tells it, but for the time it took: large arrays as digests of their bits. */
export function learnedState(runPath: string) {
  const folder = join(runPath, "checkpoints");
  const files = readdirSync(folder).filter((name) => name.endsWith(".ckpt"));
  const file = files.sort().at(-1)!;
  const checkpoint = decodeCheckpoint(readFileSync(join(folder, file)), file);
  const { params, averageActor, adamM, adamV, trainingS: _, config: _config, robot: _robot, ...rest } = checkpoint;
  return {
    ...{ file, ...rest },
    ...{ params: digest(params), averageActor: digest(averageActor), adamM: digest(adamM), adamV: digest(adamV) },
  };
}

function digest(values: Float32Array): string {
  return createHash("sha256").update(values).digest("hex");
}
