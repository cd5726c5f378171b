import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { encodeBundle } from "../../../../policy/bundle/bundle.js";
import { assetPath } from "../../../../policy/cli/files/package-root.js";
import {
  isShipped,
  loadLocomotion,
  loadPolicy,
  loadPolicyOrNewest,
  openNamedRun,
  SHIPPED_POLICIES,
} from "../../../../policy/cli/run-folder/policy-source.js";
import { RunDirectory } from "../../../../policy/cli/run-folder/run-directory.js";
import { parseTrainConfig } from "../../../../policy/config/parse.js";
import { freshBundle } from "../../../support/fresh-bundle.js";

const folder = mkdtempSync(join(tmpdir(), "gaitway-names-"));
const runs = join(folder, "runs");
const bundle = freshBundle();
const text = encodeBundle(bundle);

afterAll(() => rmSync(folder, { recursive: true }));

/** A run with a policy, whose robot is called by the run's name so that it can be told from others. */
function writeRun(name: string): RunDirectory {
  const run = RunDirectory.create(runs, { seed: 1, task: "trot" }, name);
  run.writeFile("policy.json", encodeBundle({ ...bundle, robot: { ...bundle.robot, name } }));
  return run;
}

describe("a policy's name", () => {
  afterEach(() => vi.restoreAllMocks());

  it("may be a path of a run's folder or of a file", () => {
    const run = writeRun("walk");
    expect(loadPolicy(run.path, "elsewhere")).toMatchObject({ source: run.path, bundle: { robot: { name: "walk" } } });
    const file = join(folder, "mine.json");
    writeFileSync(file, text);
    expect(loadPolicy(file, "elsewhere")).toMatchObject({ source: file, run: null });
  });

  it("may be a run's, which wins over the policy that comes along, and a path wins over both", () => {
    expect(loadPolicy("trot", runs)).toMatchObject({ source: "trot", run: null });
    const run = writeRun("trot");
    expect(loadPolicy("trot", runs)).toMatchObject({ source: run.path, bundle: { robot: { name: "trot" } } });
    mkdirSync(join(folder, "here"));
    writeFileSync(join(folder, "here", "trot"), text);
    const before = process.cwd();
    process.chdir(join(folder, "here"));
    try {
      expect(loadPolicy("trot", runs)).toMatchObject({ source: "trot", run: null, bundle: { robot: bundle.robot } });
    } finally {
      process.chdir(before);
    }
  });

  it("may be that of any file in policy/pretrained", () => {
    const files = readdirSync(assetPath("policy/pretrained")).map((file) => file.replace(/\.json$/, ""));
    expect([...SHIPPED_POLICIES].sort()).toEqual(files.sort());
    for (const name of SHIPPED_POLICIES) expect(loadPolicy(name, "none").source).toBe(name);
    expect(isShipped("full")).toBe(false);
    expect(loadPolicy("gait-selection", "none").bundle.selector).not.toBeNull();
  });

  it("that means nothing is refused with what was tried, and what there is", () => {
    expect(() => loadPolicy("canter", runs)).toThrow(
      `canter: no such file or folder, and no run ${join(runs, "canter")}; expected a run, a policy, a checkpoint, or one of trot, locomotion, gait-selection`,
    );
    expect(() => openNamedRun("locomotion", runs)).toThrow(
      `locomotion: no such folder, and no run ${join(runs, "locomotion")}: the policy that comes along keeps none of its training`,
    );
  });

  it("may be left out: the newest run's, or else the trot that comes along", () => {
    expect(loadPolicyOrNewest(undefined, join(folder, "no-runs"))).toMatchObject({ source: "trot", run: null });
    expect(loadPolicyOrNewest(undefined, runs).run).not.toBeNull();
  });
});

describe("the policy that walks while gaits are selected", () => {
  it("is locomotion, as which configs of before, which say pretrained, read too", () => {
    expect(parseTrainConfig({ task: "gait-selection" }, "new").locomotion).toBe("locomotion");
    expect(parseTrainConfig({ task: "gait-selection", locomotion: "pretrained" }, "old").locomotion).toBe("locomotion");
    expect(loadLocomotion("locomotion", runs).env.command.gaits).toHaveLength(8);
  });

  it("may be a run's, if it knows all gaits", () => {
    expect(() => loadLocomotion("walk", runs)).toThrow("locomotion: walk does not know stand, ");
  });
});
