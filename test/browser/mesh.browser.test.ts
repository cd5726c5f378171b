import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeBundle } from "../../policy/bundle/bundle.js";
import { MESH_FORMATS } from "../../sim/robot/urdf-meshes.js";
import { a1Urdf } from "../support/a1.js";
import { boxMesh } from "../support/box-meshes.js";
import { freshBundle } from "../support/fresh-bundle.js";
import { type SyntheticEpisode, writeSyntheticRun } from "../support/synthetic-run.js";
import { comparePictures, findChromium, type Picture } from "./support/browser.js";
import { ViewerPage } from "./support/viewer-page.js";

const WALK: SyntheticEpisode = {
  ...{ label: "Walk", gait: "trot", controller: "policy", numFrames: 51, speedMPerS: 0.5 },
  terrain: { kind: "flat", level: 0, seed: 1 },
};
/** m. Larger than the trunk's collision shape. */
const BOX = [0.4, 0.28, 0.2] as const;

let viewer: ViewerPage;

/** The A1, whose trunk is drawn by this alone. */
function withTrunk(visual: string): string {
  return a1Urdf.replace(/(<link name="trunk">)(.*?)(<\/link>)/s, (_, open, body: string, close) => {
    const others = body.replace(/<visual>.*?<\/visual>/gs, "");
    return `${open}${others}${visual}${close}`;
  });
}

/** A run whose trunk is a mesh, of which there is this file. */
function writeMeshRun(runsRoot: string, name: string, format: string, contents: string | null): void {
  const mesh = `<mesh filename="package://a1_description/meshes/trunk.${format}"/>`;
  const run = writeSyntheticRun(
    runsRoot,
    name,
    { "1-walk": WALK },
    withTrunk(`<visual><geometry>${mesh}</geometry></visual>`),
  );
  const bundle = freshBundle();
  const urdf = run.readFile("robot.urdf");
  run.writeFile("policy.json", encodeBundle({ ...bundle, robot: { ...bundle.robot, urdf } }));
  if (contents === null) return;
  mkdirSync(run.meshFolder);
  writeFileSync(join(run.meshFolder, `0-trunk.${format}`), contents);
}

async function pictureOf(run: string): Promise<Picture> {
  await viewer.load(`#run=${run}&episode=1-walk&t=0.5`);
  await viewer.page.waitForFunction(() => window.gaitwayViewer?.timeS === 0.5);
  await viewer.page.locator("#notice").waitFor({ state: "hidden" });
  return viewer.picture("#scene");
}

describe.skipIf(findChromium() === null)("a robot of meshes in a browser", () => {
  let missing: Picture;

  beforeAll(async () => {
    viewer = await ViewerPage.open((runsRoot) => {
      for (const format of MESH_FORMATS) writeMeshRun(runsRoot, format, format, boxMesh(format, BOX));
      writeMeshRun(runsRoot, "missing", "stl", null);
      writeMeshRun(runsRoot, "damaged", "stl", "no mesh");
      writeSyntheticRun(runsRoot, "hollow", { "1-walk": WALK }, withTrunk(""));
    });
    missing = await pictureOf("missing");
  });

  afterAll(() => viewer?.close());

  it.each(MESH_FORMATS)("is drawn from files: %s", async (format) => {
    const { share, centreX, centreY } = comparePictures(missing, await pictureOf(format));
    expect(share).toBeGreaterThan(0.005);
    expect(centreX).toBeCloseTo(0.5, 0.7); // within 0.1: where the trunk is
    expect(centreY).toBeCloseTo(0.5, 0.7);
  });

  it("is drawn by collision shapes where files are missing or damaged, and by what else there is to see", async () => {
    expect(comparePictures(missing, await pictureOf("damaged")).share).toBeLessThan(0.001);
    // The trunk makes the difference; the legs' own shapes are the same.
    const { share } = comparePictures(missing, await pictureOf("hollow"));
    expect(share).toBeGreaterThan(0.002);
    expect(share).toBeLessThan(0.05);
  });

  it("is drawn from them in live mode, too, where its run's policy walks", async () => {
    const loaded = viewer.page.waitForResponse("**/api/runs/stl/meshes/0-trunk.stl");
    await viewer.loadLive("#live&terrain=flat&level=1&seed=1&controller=runs/stl");
    expect((await loaded).ok()).toBe(true);
  });

  it("has complained of nothing", () => {
    expect(viewer.complaints).toEqual([]);
  });
});
