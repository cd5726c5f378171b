import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { encodeBundle } from "../../policy/bundle.js";
import { decodeStudent, encodeStudent } from "../../policy/student.js";
import { Workspace } from "../support/command-line.js";
import { freshBundle } from "../support/fresh-bundle.js";
import { testStudent } from "../support/student.js";

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
