import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeBundle, encodeBundle } from "../../policy/bundle/bundle.js";
import { encodeManifest } from "../../policy/cli/export/manifest.js";
import { exportOnnx } from "../../policy/export/onnx/write.js";
import { encodeStudent } from "../../policy/student/bundle.js";
import { modelOf } from "../support/a1.js";
import { hasCompiler } from "../support/c-compiler.js";
import { Workspace } from "../support/command-line.js";
import { freshBundle } from "../support/fresh-bundle.js";
import { randomSelector } from "../support/selection.js";
import { quietStudent } from "../support/student.js";

const workspace = new Workspace();
afterAll(() => workspace.remove());

beforeAll(() => {
  const bundle = freshBundle();
  workspace.write("policy.json", encodeBundle(bundle));
  workspace.write("taken", "a file");
  const student = quietStudent(2);
  workspace.write("student.json", encodeStudent(student));
  const robot = { ...student.robot, urdf: student.robot.urdf.replace('robot name="a1"', 'robot name="b1"') };
  workspace.write("other-student.json", encodeStudent({ ...student, robot }));
  workspace.write("mixed.json", encodeBundle({ ...bundle, layers: bundle.layers.slice(0, 2) }));
  mkdirSync(workspace.path("others"));
  workspace.write("others/mine.txt", "mine");
  mkdirSync(workspace.path("site"));
  workspace.write("site/manifest.json", '{"name": "Site", "start_url": "/", "files": []}');
  mkdirSync(workspace.path("broken"));
  workspace.write("broken/manifest.json", "{");
  workspace.write("garbage.onnx", "garbage");
  mkdirSync(workspace.path("partial", "onnx"), { recursive: true });
  const files = exportOnnx({ ...bundle, selector: randomSelector() }, modelOf(), "1.2.3");
  const policy = files.get("policy.onnx")!;
  const about = { gaitway: "1.2.3", robot: "a1", formats: ["onnx"] };
  workspace.write("partial/manifest.json", encodeManifest(about, new Map([["onnx/policy.onnx", policy]])));
  writeFileSync(workspace.path("partial", "onnx", "policy.onnx"), policy);
});

/** An export of the policy for both stock controllers. */
const forStock = (...more: string[]) => ["export", "policy.json", "--format", "unitree,rl_sar", ...more];

const filesIn = (folder: string) => readdirSync(workspace.path(folder)).sort();

describe("gaitway export", () => {
  it("writes a folder with what it is, and says how far the files are from the policy in every runtime", async () => {
    const { code, stdout, stderr } = await workspace.run("export", "policy.json", "--out", "robot");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/onnx\/policy\.onnx +│ own evaluator +│ 1000 +│ \d\.\de-\d/);
    expect(stdout).toMatch(/onnx\/policy\.onnx +│ onnxruntime 1\.\d+\.\d+ +│ 1000 +│ \d\.\de-\d/);
    expect(stdout).toMatch(/^Wrote robot: 4 files$/m);
    expect(filesIn("robot")).toEqual(["README.md", "manifest.json", "onnx"]);
    expect(filesIn("robot/onnx")).toEqual(["README.md", "policy.onnx"]);
  });

  it("writes the whole controller in C, and runs it beside golden vectors where there is a compiler", async () => {
    const { code, stdout } = await workspace.run(
      "export",
      "policy.json",
      "--format",
      "c",
      "--out",
      "c-robot",
      "--json",
    );
    expect(code).toBe(0);
    const { checks, c } = JSON.parse(stdout);
    expect(filesIn("c-robot/c")).toEqual([
      ...["README.md", "check_golden.c", "gaitway_a1.c", "gaitway_a1.h", "golden.csv", "golden.json", "main.c"],
    ]);
    const [check] = checks;
    expect(checks).toHaveLength(hasCompiler ? 1 : 0);
    if (!check) return;
    expect(check).toMatchObject({ file: "c/gaitway_a1.c", runtime: "cc", observations: 200 });
    expect(check.largestDifference).toBeLessThan(1e-5);
    expect(c).toMatchObject({ stepUs: expect.any(Number), stateBytes: expect.any(Number) });
  });

  it("warns where there is no compiler for the C", async () => {
    const flags = ["--format", "c", "--out", "unchecked"];
    const { code, stdout, stderr } = await workspace.runIn({ PATH: "none" }, "export", "policy.json", ...flags);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Wrote unchecked: 9 files\n" });
    expect(stderr).toBe("warning: No C compiler (cc): the C is unchecked\n");
  });

  it("writes nothing where the C does not compile", async () => {
    const fakes = workspace.path("fakes");
    mkdirSync(fakes);
    const refuses = `#!/bin/sh\n[ "$1" = --version ] || { echo "x.c:1:1: error: no room" >&2; exit 1; }\n`;
    writeFileSync(join(fakes, "cc"), refuses, { mode: 0o755 });
    const before = workspace.snapshot();
    const flags = ["--format", "onnx,c", "--out", "robot", "--force"];
    const { code, stdout, stderr } = await workspace.runIn({ PATH: fakes }, "export", "policy.json", ...flags);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe("gaitway: c/gaitway_a1.c does not compile: x.c:1:1: error: no room\n");
    expect(workspace.snapshot()).toEqual(before);
  });

  it("writes a gait selection policy beside the others and into the C, checks it, and makes a policy of all again", async () => {
    const bundle = { ...freshBundle(), selector: randomSelector() };
    workspace.write("selector.json", encodeBundle(bundle));
    const flags = ["--format", "onnx,c", "--out", "selecting", "--json"];
    const { code, stdout, stderr } = await workspace.run("export", "selector.json", ...flags);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(filesIn("selecting/onnx")).toEqual(["README.md", "policy.onnx", "selector.onnx"]);
    const checked = JSON.parse(stdout).checks.map(({ file }: { file: string }) => file);
    expect(checked).toEqual([
      ...["onnx/policy.onnx", "onnx/policy.onnx", "onnx/selector.onnx", "onnx/selector.onnx"],
      ...(hasCompiler ? ["c/gaitway_a1.c"] : []),
    ]);
    const imported = await workspace.run("import", "selecting", "--out", "selector-back.json", "--json");
    expect(imported.code).toBe(0);
    const { out, networks } = JSON.parse(imported.stdout);
    expect(out).toBe("selector-back.json");
    const files = ["policy.onnx", "policy.onnx", "selector.onnx", "selector.onnx"];
    expect(networks.map(({ file }: { file: string }) => file)).toEqual(files.map((file) => `selecting/onnx/${file}`));
    expect(networks[0]).toMatchObject({ runtime: "own evaluator", observations: 1000 });
    const back = decodeBundle(readFileSync(workspace.path("selector-back.json"), "utf8"), "selector-back.json");
    expect(back.selector).toMatchObject({ gaits: bundle.selector.gaits, decisionSteps: bundle.selector.decisionSteps });
  });

  it("lists the files with their checksums", () => {
    const { files, robot, formats } = JSON.parse(readFileSync(workspace.path("robot", "manifest.json"), "utf8"));
    expect({ robot, formats }).toEqual({ robot: "a1", formats: ["onnx"] });
    expect(files.map(({ path }: { path: string }) => path)).toEqual([
      ...["onnx/policy.onnx", "onnx/README.md", "README.md"],
    ]);
    for (const { path, sha256 } of files) {
      const bytes = readFileSync(workspace.path("robot", path));
      expect(sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
  });

  it("replaces an earlier export with --force, as a whole", async () => {
    workspace.write("robot/onnx/stray.txt", "of the earlier one");
    const { code, stdout } = await workspace.run("export", "policy.json", "--out", "robot", "--force", "--json");
    expect(code).toBe(0);
    const { out, checks } = JSON.parse(stdout);
    expect(out).toBe("robot");
    expect(checks.map(({ file, observations }: Record<string, unknown>) => [file, observations])).toEqual(
      Array(2).fill(["onnx/policy.onnx", 1000]),
    );
    expect(filesIn("robot/onnx")).toEqual(["README.md", "policy.onnx"]);
    expect(filesIn("").filter((name) => name.startsWith("robot"))).toEqual(["robot"]);
  });

  it("writes into an empty folder", async () => {
    mkdirSync(workspace.path("empty"));
    expect((await workspace.run("export", "policy.json", "--out", "empty")).code).toBe(0);
    expect(filesIn("empty")).toContain("onnx");
  });
});

describe("gaitway export for stock controllers", () => {
  it("writes a student in both layouts, each checked, each saying what it cannot do", async () => {
    const { code, stdout } = await workspace.run(...forStock("--student", "student.json", "--out", "stock"));
    expect(code).toBe(0);
    for (const file of ["unitree/exported/policy.onnx", "rl_sar/a1/gaitway/policy.onnx"])
      expect(stdout).toMatch(new RegExp(`${file} +│ onnxruntime`));
    expect(filesIn("stock/unitree")).toEqual(["README.md", "exported", "params"]);
    expect(filesIn("stock/rl_sar/a1")).toEqual(["base.yaml", "gaitway"]);
    for (const format of ["unitree", "rl_sar"]) {
      const readme = readFileSync(workspace.path("stock", format, "README.md"), "utf8");
      expect(readme).toContain("One gait: it knows no gait scheduler, and trots");
      expect(readme).toContain("Commands beyond -0.5 to 1 m/s forward");
    }
  });
});

describe("gaitway import", () => {
  it("makes a policy of an export, which other commands take", async () => {
    const { code, stdout } = await workspace.run("import", "robot", "--out", "back.json");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Wrote back\.json$/m);
    const again = await workspace.run("export", "back.json", "--out", "again");
    expect(again.code).toBe(0);
  });
});

/** Arguments, and what the only line on stderr says after "gaitway: ". */
const FAULTS: Readonly<Record<string, readonly [args: string, message: RegExp]>> = {
  "no policy": ["export none --out new", /^none: no such file or folder, and no run runs\/none; expected /],
  "a policy whose layers do not fit": [
    "export mixed.json --out new",
    /^mixed\.json: layers\.1\.outputs: got 32 numbers, expected 12$/,
  ],
  "an unknown format": [
    "export policy.json --format onnx,onxx --out new",
    /^--format: got "onxx", expected one or more of onnx/,
  ],
  "no format": ["export policy.json --format= --out new", /--format|format/],
  "a stock controller's format without a student": [
    "export policy.json --format rl_sar --out new",
    /^--student: got nothing, expected a file that gaitway distill wrote: unitree and rl_sar need one$/,
  ],
  "a student that is not there": [
    "export policy.json --format rl_sar --student none.json --out new",
    /^cannot read none\.json: no such file/,
  ],
  "a policy for a student": [
    "export policy.json --format unitree --student policy.json --out new",
    /^policy\.json: format: got "gaitway-policy", expected "gaitway-student"$/,
  ],
  "a student of another robot": [
    "export policy.json --format onnx,unitree --student other-student.json --out new",
    /^other-student\.json: robot\.urdf: not the policy's; expected a student of the same robot, a1\.urdf$/,
  ],
  "no folder": ["export policy.json", /^Missing required argument: out$/],
  "a file in the folder's place": [
    "export policy.json --out taken",
    /^--out: got taken, which is a file; expected a folder$/,
  ],
  "an earlier export, without --force": [
    "export policy.json --out robot",
    /^--out: robot exists: choose another folder, or --force to replace it$/,
  ],
  "a folder of other things, even with --force": [
    "export policy.json --out others --force",
    /^--out: others is not empty, and no earlier export: choose another folder$/,
  ],
  "a folder with a manifest of something else, even with --force": [
    "export policy.json --out site --force",
    /^--out: site is not empty, and no earlier export: choose another folder$/,
  ],
  "a folder with a manifest that is none, even with --force": [
    "export policy.json --out broken --force",
    /^--out: broken is not empty, and no earlier export: choose another folder$/,
  ],
  "a folder that cannot be made": ["export policy.json --out taken/new", /^cannot write taken\/new: not a directory$/],
  "an import of nothing": [
    "import none --out x.json",
    /^none: no such file or folder; expected an ONNX file or an export$/,
  ],
  "an import of a folder without ONNX": [
    "import others --out x.json",
    /^others: no others\/policy\.onnx and no others/,
  ],
  "an import of garbage": ["import garbage.onnx --out x.json", /^garbage\.onnx: not ONNX, or damaged$/],
  "an import without the selector that was exported": [
    "import partial --out x.json",
    /^partial\/onnx\/policy\.onnx: its gait selection policy is missing; expected selector\.onnx beside it$/,
  ],
  "a walk of an export without its selector": [
    "sim2sim partial",
    /^partial\/onnx\/policy\.onnx: its gait selection policy is missing; expected selector\.onnx beside it$/,
  ],
  "an import over a file": ["import robot --out policy.json", /^--out: policy\.json exists: choose another name$/],
};

describe("one line on stderr, exit code 1 and nothing written, for", () => {
  it.each(Object.entries(FAULTS))("%s", async (_, [args, message]) => {
    const before = workspace.snapshot();
    const { code, stdout, stderr } = await workspace.run(...args.split(" "));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^gaitway: .*\n$/);
    expect(stderr.slice("gaitway: ".length, -1)).toMatch(message);
    expect(workspace.snapshot()).toEqual(before);
  });

  it.skipIf(process.getuid?.() === 0)("a folder that may not be written", async () => {
    mkdirSync(workspace.path("locked"));
    chmodSync(workspace.path("locked"), 0o500);
    const { code, stderr } = await workspace.run("export", "policy.json", "--out", "locked/new");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "gaitway: cannot write locked/new: permission denied\n" });
    expect(existsSync(workspace.path("locked", "new"))).toBe(false);
  });
});
