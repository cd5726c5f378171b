/** Compiles an exported C controller where there is a compiler, runs it beside its golden vectors, and measures it. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../../sim/errors.js";
import { compile, hasCompiler } from "./c-controller.js";
import type { ExportReport } from "./check.js";

/** What the controller costs. */
export interface CFigures {
  /** Median time of a step on this machine, µs. */
  readonly stepUs: number;
  /** Bytes of one robot's state. */
  readonly stateBytes: number;
  /** Bytes of code and constants, made as small as this compiler can; null where no `size` tells. */
  readonly flashBytes: number | null;
}

/**
 * @param folder of the controller's files within the export's `root`
 * @returns null where there is no compiler
 * @throws InputError where it does not compile, or differs from the golden vectors
 */
export function checkController(root: string, folder: string): { report: ExportReport; figures: CFigures } | null {
  if (!hasCompiler()) return null;
  const cwd = join(root, folder);
  const source = readdirSync(cwd).find((name) => /^gaitway_\w+\.c$/.test(name))!;
  const build = mkdtempSync(join(tmpdir(), "gaitway-export-"));
  const file = `${folder}/${source}`;
  try {
    const program = join(build, "check_golden");
    compile(["-std=c99", "-O2", "-o", program, "check_golden.c", source, "-lm"], file, cwd);
    const { report, ...measured } = runCheck(program, cwd, file);
    return { report, figures: { ...measured, flashBytes: flashBytes(join(build, "controller.o"), cwd, source, file) } };
  } finally {
    rmSync(build, { recursive: true });
  }
}

/** @throws InputError with the columns that differ, or why it could not tell */
function runCheck(program: string, cwd: string, file: string) {
  const { status, stdout, stderr } = spawnSync(program, ["golden.csv"], { cwd, encoding: "utf8" });
  const steps = /over (\d+) steps/.exec(stdout);
  const [, verdict, largest, tolerance] = /^(agrees|DIFFERS): (\S+), tolerance (\S+)$/m.exec(stdout) ?? [];
  const measured = /median (\S+) us; state: (\d+) bytes/.exec(stdout);
  if (verdict === "DIFFERS") {
    const columns = [...stdout.matchAll(/^(\w+) +(\S+)$/gm)].filter(
      ([, , value]) => !(Number(value) <= Number(tolerance)),
    );
    const which = columns.map(([, name, value]) => `${name} by ${value}`).join(", ");
    throw new InputError(
      `${file}: differs from golden.csv: ${which}; expected at most ${tolerance}: nothing was written`,
    );
  }
  if (status !== 0 || !steps || !measured) {
    const why = stderr.trim() || "check_golden broke down";
    throw new InputError(`${file}: cannot be compared with golden.csv: ${why}: nothing was written`);
  }
  const report = { file, runtime: "cc", observations: Number(steps[1]), largestDifference: Number(largest) };
  return { report, stepUs: Number(measured[1]), stateBytes: Number(measured[2]) };
}

function flashBytes(object: string, cwd: string, source: string, file: string): number | null {
  compile(["-std=c99", "-Os", "-c", "-o", object, source], file, cwd);
  const { stdout } = spawnSync("size", [object], { encoding: "utf8" });
  // Below a line of names: text, which holds code and constants, data, and more.
  const sizes = /^\s*(\d+)\s+(\d+)\s/m.exec(stdout ?? "");
  return sizes && Number(sizes[1]) + Number(sizes[2]);
}

export function describeFigures({ stepUs, stateBytes, flashBytes }: CFigures): string {
  const flash = flashBytes === null ? "" : `, code and constants ${Math.round(flashBytes / 1000)} kB (cc -Os)`;
  return `The C: a step takes ${stepUs} µs (median), state ${stateBytes} bytes${flash}`;
}
