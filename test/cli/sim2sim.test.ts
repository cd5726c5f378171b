import { appendFileSync, cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeBundle } from "../../policy/bundle/bundle.js";
import { decodeStudent, encodeStudent } from "../../policy/student/bundle.js";
import { hasCompiler } from "../support/c-compiler.js";
import { Workspace } from "../support/command-line.js";
import { freshBundle } from "../support/fresh-bundle.js";
import { rollsOver } from "../support/rolls-over.js";
import { quietStudent, testStudent } from "../support/student.js";

const workspace = new Workspace();
afterAll(() => workspace.remove());

describe("gaitway sim2sim", () => {
  it("walks a student, here one that falls soon, the same way with any number of threads", async () => {
    workspace.write("random-student.json", encodeStudent(testStudent(2)));
    const walk = (workers: string) =>
      workspace.run("sim2sim", "random-student.json", "--repeats", "1", "--workers", workers, "--json");
    const { code, stdout } = await walk("1");
    expect(code).toBe(0);
    const { contact, seed, rows } = JSON.parse(stdout);
    expect({ contact, seed }).toEqual({ contact: "rigid", seed: 1 });
    // It knows no other gait, so the eight are left out; there is no policy to walk in Rapier.
    expect(rows).toMatchObject([
      {
        controller: "random-student.json",
        engine: "MuJoCo",
        course: "trot, flat",
        trials: 25,
        contactErrorPercent: null,
      },
      { controller: "random-student.json", engine: "MuJoCo", course: "trot, rough 2", trials: 25 },
    ]);
    expect(rows[0].falls).toBeGreaterThan(0);
    expect((await walk("2")).stdout).toBe(stdout);
  });
});

describe("gaitway sim2sim of an export", () => {
  /** Of a policy and a student that fall soon, so that it does not take long. */
  beforeAll(async () => {
    const bundle = freshBundle();
    const student = quietStudent(2);
    workspace.write("policy.json", encodeBundle({ ...bundle, layers: rollsOver(bundle.layers) }));
    workspace.write("student.json", encodeStudent({ ...student, layers: rollsOver(student.layers) }));
    const flags = ["--format", "onnx,c,rl_sar", "--student", "student.json", "--out", "robot"];
    expect(await workspace.run("export", "policy.json", ...flags)).toMatchObject({ code: 0 });
  });

  /** An export of which a part is another. */
  function mixed(name: string, change: (folder: string) => void): string {
    cpSync(workspace.path("robot"), workspace.path(name), { recursive: true });
    change(workspace.path(name));
    return name;
  }

  it("walks all that was exported in MuJoCo, with the same outcome in ONNX and C, and the policy itself in Rapier", async () => {
    const { code, stdout } = await workspace.run("sim2sim", "robot", "--repeats", "1", "--json");
    expect(code).toBe(0);
    const { rows } = JSON.parse(stdout);
    const walked = [/^ONNX/, /^student, ONNX/, ...(hasCompiler ? [/^C$/] : [])];
    const expectRows = (controller: RegExp, engine: string) =>
      ["trot, flat", "trot, rough 2"].map((course) => ({
        ...{ controller: expect.stringMatching(controller), engine, course, trials: 25 },
      }));
    expect(rows).toMatchObject([
      ...walked.flatMap((controller) => expectRows(controller, "MuJoCo")),
      ...expectRows(/^as trained$/, "Rapier"),
    ]);
    for (const { falls } of rows) expect(falls).toBeGreaterThanOrEqual(10);
    if (!hasCompiler) return;
    // On flat ground.
    const [onnx, c] = [rows[0], rows[4]];
    expect(c.falls).toBe(onnx.falls);
    expect(c.velocityErrorX).toBeCloseTo(onnx.velocityErrorX, 1);
  });

  it.each<[string, string, (folder: string) => void]>([
    [
      "C of another export",
      "c/gaitway_a1.c: SHA-256: got ",
      (folder) => appendFileSync(join(folder, "c", "gaitway_a1.c"), "\n"),
    ],
    [
      "C of another robot",
      "c/gaitway_b1.h: not in manifest.json, expected the files of one export",
      (folder) => cpSync(join(folder, "c", "gaitway_a1.h"), join(folder, "c", "gaitway_b1.h")),
    ],
    [
      "an ONNX file of another export",
      "onnx/policy.onnx: SHA-256: got ",
      (folder) => appendFileSync(join(folder, "onnx", "policy.onnx"), "\n"),
    ],
    [
      "a student of another export",
      "rl_sar/a1/gaitway/policy.onnx: SHA-256: got ",
      (folder) => appendFileSync(join(folder, "rl_sar", "a1", "gaitway", "policy.onnx"), "\n"),
    ],
  ])("refuses a folder with %s", async (what, message, change) => {
    const folder = mixed(what.replaceAll(" ", "-"), change);
    const { code, stdout, stderr } = await workspace.run("sim2sim", folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.startsWith(`gaitway: ${folder}/${message}`)).toBe(true);
    expect(stderr.trimEnd()).not.toContain("\n");
  });

  it("says which format it needs where the policy's is not there", async () => {
    const folder = mixed("no-onnx", (path) => rmSync(join(path, "onnx"), { recursive: true }));
    const { code, stderr } = await workspace.run("sim2sim", folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^gaitway: no-onnx: no onnx\/policy\.onnx, which tells robot and environment; expected /);
  });
});

describe("gaitway distill", () => {
  it("writes a student of a policy", async () => {
    workspace.write("teacher.json", encodeBundle(freshBundle()));
    const flags = ["--history", "2", "--rounds", "1", "--json"];
    const { code, stdout } = await workspace.run("distill", "teacher.json", "--out", "made/student.json", ...flags);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ out: "made/student.json", rounds: 1, errorRad: expect.any(Number) });
    const path = workspace.path("made", "student.json");
    expect(decodeStudent(readFileSync(path, "utf8"), path)).toMatchObject({ historyLength: 2, gait: "trot" });
  });
});
