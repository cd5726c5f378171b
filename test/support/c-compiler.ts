/** The machine's C compiler, where it has one. */

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether a program is installed. */
export function works(command: string): boolean {
  return spawnSync(command, ["--version"]).status === 0;
}

/** False where tests that compile C are to be skipped. */
export const hasCompiler = works("cc") && works("c++");

export const C99 = ["cc", "-std=c99"] as const;
export const CLANG = ["clang", "-std=c99"] as const;
export const CPP17 = ["c++", "-x", "c++", "-std=c++17"] as const;
/** Lets the compiler use instructions that multiply and add with one rounding; null where this processor has none. */
export const FMA =
  existsSync("/proc/cpuinfo") && /\bfma\b/.test(readFileSync("/proc/cpuinfo", "utf8")) ? "-mfma" : null;
/** Programs that end with an error at the first access or operation that C does not define. */
export const SANITIZED = [...C99, "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"] as const;
const WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic"];

/** Whether a compiler with these flags makes programs that run. */
export function compiles(compiler: readonly string[]): boolean {
  const folder = new CFolder(new Map([["empty.c", "int main(void) { return 0; }\n"]]));
  try {
    folder.compile("empty", ["empty.c"], compiler);
    return folder.run("empty").status === 0;
  } catch {
    return false;
  } finally {
    folder.remove();
  }
}

/** A temporary folder of sources, and what they are compiled to. */
export class CFolder {
  readonly path = mkdtempSync(join(tmpdir(), "gaitway-c-"));

  /** @param files contents by name */
  constructor(files: ReadonlyMap<string, string>) {
    for (const [name, text] of files) this.write(name, text);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  /** Compiles and links sources to a program; warnings are errors. @throws with what the compiler says */
  compile(program: string, sources: readonly string[], [compiler, ...language]: readonly string[] = C99): void {
    const flags = ["-O2", "-ffp-contract=off", ...WARNINGS, ...language];
    execFileSync(compiler, [...flags, "-o", program, ...sources, "-lm"], { cwd: this.path, stdio: "pipe" });
  }

  /** Runs a program. */
  run(
    program: string,
    ...args: string[]
  ): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
    return spawnSync(`./${program}`, args, { cwd: this.path, encoding: "utf8" });
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
