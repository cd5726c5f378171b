import { Group, InstancedMesh, type Object3D } from "three";
import { beforeEach, describe, expect, it } from "vitest";
import { decodeEpisode } from "../../../sim/episode-log.js";
import { Overlays } from "../../../viewer/scene/overlays.js";
import { createPose, interpolatePose } from "../../../viewer/scene/pose.js";
import { modelOf } from "../../support/a1.js";
import { encodeWalk } from "../../support/synthetic-run.js";

const log = decodeEpisode(
  encodeWalk({
    ...{ label: "Walk", gait: "trot", controller: "policy", numFrames: 101, speedMPerS: 0.5 },
    terrain: { kind: "flat", level: 0, seed: 1 },
  }),
  "walk.episode",
);

describe("overlays", () => {
  const pose = createPose();
  let scene: Group;
  let overlays: Overlays;

  beforeEach(() => {
    scene = new Group();
    overlays = new Overlays(scene, new Group());
  });

  const show = (timeS: number) => {
    interpolatePose(pose, log, timeS);
    overlays.apply(modelOf(), pose, log, timeS);
  };

  const beads = (): InstancedMesh => {
    const found: Object3D[] = [];
    scene.traverse((part) => part instanceof InstancedMesh && found.push(part));
    return found[0] as InstancedMesh;
  };

  it("that are hidden stay behind, and come up to what is shown with their first showing", () => {
    show(0.1);
    const before = beads().count;
    overlays.setShown("trails", true);
    // Frames 0 to 5, four feet each.
    expect([before === 24, beads().count]).toEqual([false, 24]);
    overlays.setShown("trails", false);
    show(0.2);
    expect(beads().count).toBe(24);
    overlays.setShown("trails", true);
    expect(beads().count).toBe(44);
  });

  it("can be shown before there is anything", () => {
    overlays.setShown("forces", true);
    overlays.setShown("trails", true);
    show(0);
    expect(beads().count).toBe(4);
  });
});
