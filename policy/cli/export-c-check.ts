/** Compiles an exported C controller where there is a compiler, and runs it beside its golden vectors. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../sim/errors.js";
import { hasCompiler } from "./c-controller.js";
import type { ExportReport } from "./export-check.js";

/**
 * @param folder of the controller's files within the export's `root`
 * @returns nothing where there is no compiler
 * @throws InputError where it does not compile, or differs from the golden vectors
 */
export function checkController(root: string, folder: string): ExportReport[] {
  if (!hasCompiler()) return [];
  const cwd = join(root, folder);
  const source = readdirSync(cwd).find((name) => /^gaitway_\w+\.c$/.test(name))!;
  const build = mkdtempSync(join(tmpdir(), "gaitway-export-"));
  const program = join(build, "check_golden");
  try {
    execFileSync("cc", ["-std=c99", "-O2", "-o", program, "check_golden.c", source, "-lm"], { cwd, stdio: "pipe" });
    const { status, stdout } = spawnSync(program, ["golden.csv"], { cwd, encoding: "utf8" });
    const steps = /over (\d+) steps/.exec(stdout);
    const largest = /^agrees: (\S+),/m.exec(stdout);
    if (status !== 0 || !steps || !largest) throw new InputError(`${folder}/${source}: ${lastLine(stdout)}`);
    const file = `${folder}/${source}`;
    return [{ file, runtime: "cc", observations: Number(steps[1]), largestDifference: Number(largest[1]) }];
  } finally {
    rmSync(build, { recursive: true });
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
