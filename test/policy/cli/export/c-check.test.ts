import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { checkController, describeFigures } from "../../../../policy/cli/export/c-check.js";
import { hasCompiler } from "../../../../policy/cli/export/c-controller.js";
import { readCSources } from "../../../../policy/cli/export/c-sources.js";
import { exportC } from "../../../../policy/export/c.js";
import { exportGolden } from "../../../../policy/export/golden.js";
import { InputError } from "../../../../sim/errors.js";
import { loadPhysics } from "../../../../sim/physics/world.js";
import { modelOf } from "../../../support/a1.js";
import { works } from "../../../support/c-compiler.js";
import { freshBundle } from "../../../support/fresh-bundle.js";

const root = mkdtempSync(join(tmpdir(), "gaitway-test-"));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

let good: ReadonlyMap<string, string>;
beforeAll(async () => {
  await loadPhysics();
  good = new Map([...exportC(freshBundle(), modelOf(), readCSources()), ...exportGolden(freshBundle(), modelOf())]);
});

/** Checks an export in which a file is another. */
function check(name = "README.md", change = (text: string) => text) {
  mkdirSync(join(root, "c"), { recursive: true });
  for (const [file, text] of good) writeFileSync(join(root, "c", file), file === name ? change(text) : text);
  return checkController(root, "c");
}

/** The error where a file of the export is another. */
function errorWhere(name: string, change: (text: string) => string): unknown {
  try {
    return check(name, change);
  } catch (error) {
    return error;
  }
}

/** The text with another last number in its 100th line. */
function withLastNumber(text: string, number: string): string {
  return text
    .split("\n")
    .map((line, i) => (i === 99 ? line.replace(/[^,]+$/, number) : line))
    .join("\n");
}

describe.skipIf(!hasCompiler())("checking an exported C controller (skipped without cc)", () => {
  it("tells how far it is off, how long a step takes and how large it is, and leaves nothing in its folder", () => {
    const { report, figures } = check()!;
    expect(report).toMatchObject({ file: "c/gaitway_a1.c", runtime: "cc", observations: 200 });
    expect(report.largestDifference).toBeLessThan(1e-5);
    expect(figures.stepUs).toBeGreaterThan(0.1);
    expect(figures.stateBytes).toBeGreaterThan(500);
    expect(figures.stateBytes).toBeLessThan(10_000);
    expect(readdirSync(join(root, "c")).sort()).toEqual([...good.keys()].sort());
    if (!works("size")) return;
    // Weights and biases are floats.
    const weights = freshBundle().layers.reduce((sum, { inputs, outputs }) => sum + 4 * (inputs + 1) * outputs, 0);
    expect(figures.flashBytes).toBeGreaterThan(weights);
    expect(figures.flashBytes).toBeLessThan(weights + 60_000);
  });

  it("names the columns that differ", () => {
    // The last number is the angle of a calf, bent by two and a half radians or so.
    const far = errorWhere("golden.csv", (csv) => withLastNumber(csv, "7"));
    expect(far).toBeInstanceOf(InputError);
    expect((far as Error).message).toMatch(
      /^c\/gaitway_a1\.c: differs from golden\.csv: jointTarget by 9\.\d+; expected at most 1e-05: nothing was written$/,
    );
    const none = errorWhere("golden.csv", (csv) => withLastNumber(csv, "NaN"));
    expect((none as Error).message).toContain("differs from golden.csv: jointTarget by inf; ");
  });

  it.each<[string, string, string, (text: string) => string]>([
    [
      "that vectors lack a number",
      "golden.csv",
      "golden.csv:100: a number is missing",
      (csv) => withLastNumber(csv, "seven"),
    ],
    [
      "that vectors are others",
      "golden.csv",
      "golden.csv: cannot be read, or its columns are not those of gaitway_a1.h",
      () => "x\n",
    ],
    [
      "that it crashes",
      "check_golden.c",
      "check_golden broke down",
      (source) => source.replace("int main(", "int main(void) { abort(); }\nint other("),
    ],
  ])("tells %s", (_, name, why, change) => {
    const message = `c/gaitway_a1.c: cannot be compared with golden.csv: ${why}: nothing was written`;
    expect(errorWhere(name, change)).toEqual(new InputError(message));
  });

  it("says in one line what the compiler finds wrong", () => {
    const error = errorWhere("gaitway_a1.c", (source) => `${source}\nint x = ;\n`);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/^c\/gaitway_a1\.c does not compile: gaitway_a1\.c:\d+:\d+: error: .*$/);
  });
});

describe("an exported C controller", () => {
  it("is not checked without a compiler", () => {
    vi.stubEnv("PATH", join(root, "no-programs"));
    expect(check()).toBeNull();
  });

  it("has its figures in one line, code size only where it is known", () => {
    const figures = { stepUs: 14.2, stateBytes: 1788, flashBytes: 279_400 };
    const start = "The C: a step takes 14.2 µs (median), state 1788 bytes";
    expect(describeFigures(figures)).toBe(`${start}, code and constants 279 kB (cc -Os)`);
    expect(describeFigures({ ...figures, flashBytes: null })).toBe(start);
  });
});
