import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { prepareRun } from "../../../../policy/cli/training/run.js";
import { parseTrainConfig } from "../../../../policy/config/parse.js";
import { a1Urdf } from "../../../support/a1.js";

const folder = mkdtempSync(join(tmpdir(), "gaitway-meshes-"));
const runsRoot = join(folder, "runs");
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** Writes a robot whose trunk also is these meshes; prepares a run of it, and returns that with what it warned of. */
function prepared(name: string, meshes: readonly string[]) {
  const visuals = meshes.map((path) => `<visual><geometry><mesh filename="${path}"/></geometry></visual>`);
  const urdf = a1Urdf.replace('<link name="trunk">', `<link name="trunk">${visuals.join("")}`);
  const robot = join(folder, "dog_description", "urdf", `${name}.urdf`);
  mkdirSync(join(folder, "dog_description", "urdf"), { recursive: true });
  mkdirSync(join(folder, "dog_description", "meshes"), { recursive: true });
  writeFileSync(robot, urdf);
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const { run, lock } = prepareRun(parseTrainConfig({ robot }, "test"), runsRoot, name);
  lock.release();
  return { run, warnings: stderr.mock.calls.map(([text]) => String(text)).filter((text) => text.includes("warning")) };
}

describe("a run's meshes", () => {
  it("are copied from beside the URDF and from its package, whichever way it names them", () => {
    mkdirSync(join(folder, "dog_description", "meshes"), { recursive: true });
    for (const name of ["trunk.stl", "hip.dae", "calf.obj"]) {
      writeFileSync(join(folder, "dog_description", "meshes", name), `this is ${name}`);
    }
    const calf = pathToFileURL(join(folder, "dog_description", "meshes", "calf.obj")).href;
    const { run, warnings } = prepared("all", [
      "../meshes/trunk.stl",
      "package://dog_description/meshes/hip.dae",
      calf,
    ]);
    expect(warnings).toEqual([]);
    expect(readdirSync(run.meshFolder).sort()).toEqual(["0-trunk.stl", "1-hip.dae", "2-calf.obj"]);
    expect(readFileSync(join(run.meshFolder, "1-hip.dae"), "utf8")).toBe("this is hip.dae");
  });

  it("are warned of once where they are missing or of another format", () => {
    writeFileSync(join(folder, "dog_description", "meshes", "tail.glb"), "");
    const { run, warnings } = prepared("some", ["../meshes/nose.stl", "../meshes/tail.glb", "package://cat/ear.dae"]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("../meshes/nose.stl, ../meshes/tail.glb, package://cat/ear.dae");
    expect(readdirSync(run.path)).not.toContain("meshes");
  });
});
