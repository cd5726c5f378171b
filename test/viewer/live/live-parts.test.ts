import { describe, expect, it } from "vitest";
import { GAITS, gaitIndex } from "../../../gaits/library.js";
import { EPISODE_FRAME_SIZE } from "../../../sim/episode-log.js";
import { pullForce } from "../../../viewer/live/disturbances.js";
import { Drive } from "../../../viewer/live/drive.js";
import {
  BY_SPEED,
  chosenGait,
  gaitOfKey,
  keyOfGait,
  offeredGaits,
  sourceOf,
} from "../../../viewer/live/gait-choice.js";
import { LiveClock } from "../../../viewer/live/live-clock.js";
import { formatLiveLink, isLiveLink, parseLiveLink } from "../../../viewer/live/live-link.js";
import { LiveLog } from "../../../viewer/live/live-log.js";
import { RunningMedian } from "../../../viewer/page/running-median.js";
import { modelOf } from "../../support/a1.js";
import { constantPolicy } from "../../support/constant-policy.js";
import { selectorOf } from "../../support/selection.js";

describe("drive", () => {
  const limits = { vxMPerS: [-0.5, 1.5], vyMPerS: [-0.3, 0.3], yawRateRadPerS: [-0.8, 0.8] } as const;
  const drive = () =>
    new Drive({
      vxMPerS: [...limits.vxMPerS],
      vyMPerS: [...limits.vyMPerS],
      yawRateRadPerS: [...limits.yawRateRadPerS],
    });

  it("goes by keys, at two thirds of the fastest speed or, with Shift, at all of it", () => {
    const keys = drive();
    expect(keys.press("KeyW")).toBe(true);
    expect(keys.press("KeyA")).toBe(true);
    expect(keys.press("KeyZ")).toBe(false);
    keys.advance(10, []);
    expect(keys.command).toEqual([1, 0, 0.8]); // 2/3 · 1.5
    keys.fast = true; // while W is held
    keys.advance(10, []);
    expect(keys.command[0]).toBe(1.5);
    keys.release("KeyW");
    keys.press("KeyS");
    keys.advance(10, []);
    expect(keys.command[0]).toBe(-0.5);
  });

  it("changes commands at no more than 3 m/s²", () => {
    const keys = drive();
    keys.press("KeyW");
    keys.fast = true;
    keys.advance(0.1, []);
    expect(keys.command[0]).toBeCloseTo(0.3, 12);
  });

  it("prefers keys to the joystick, that to a gamepad, and any of these to the sliders", () => {
    const all = drive();
    all.cruise[0] = 0.2;
    all.advance(10, [null, { axes: [0.05, -0.05, 0] }]); // a gamepad at rest
    expect(all.command[0]).toBe(0.2);
    const gamepad = { axes: [1, 0.5, -0.5] };
    all.advance(10, [gamepad]);
    // Half back; right: negative; right stick to the left: turns left.
    expect(all.command).toEqual([-0.25, -0.3, 0.4]);
    all.joystick = [0.5, 0, 0];
    all.advance(10, [gamepad]);
    expect(all.command).toEqual([0.75, 0, 0]);
    all.press("KeyQ");
    all.advance(10, [gamepad]);
    expect(all.command).toEqual([0, 0.3, 0]);
    all.releaseAll();
    all.advance(10, []);
    expect(all.command).toEqual([0.2, 0, 0]);
  });
});

describe("live clock", () => {
  it("asks for the steps that the coming frame needs, and one to spare", () => {
    const clock = new LiveClock(0.02);
    expect(clock.stepsDue(0)).toBe(1);
    clock.advance(0.1, 1);
    expect(clock.timeS).toBeCloseTo(0.1, 12);
    // Up to 0.1 s now, 0.1 s of the coming frame and a step of 0.02 s: eleven steps.
    expect(clock.stepsDue(0)).toBe(11);
    expect(clock.stepsDue(0.2)).toBe(1);
    expect(clock.stepsDue(0.3)).toBe(0);
  });

  it("waits for a late simulation, and slows down", () => {
    const clock = new LiveClock(0.02);
    clock.advance(0.1, 0.04);
    expect(clock.timeS).toBe(0.04);
    clock.speed = 0.25;
    clock.advance(0.04, 1);
    expect(clock.timeS).toBeCloseTo(0.05, 12);
  });

  it("asks for nothing while it is paused", () => {
    const clock = new LiveClock(0.02);
    clock.playing = false;
    clock.advance(0.1, 1);
    expect([clock.timeS, clock.stepsDue(0)]).toEqual([0, 0]);
    clock.stepTo(0.02);
    expect([clock.timeS, clock.playing]).toEqual([0.02, false]);
  });
});

describe("live log", () => {
  const framesFrom = (first: number, count: number) => {
    const frames = new Float32Array(count * EPISODE_FRAME_SIZE);
    for (let i = 0; i < count; i++) frames[i * EPISODE_FRAME_SIZE] = first + i;
    return frames;
  };

  it("keeps the newest 512 frames", () => {
    const log = new LiveLog({ dtS: 0.02 });
    for (let i = 0; i < 60; i++) log.append(framesFrom(10 * i, 10));
    expect(log.numFrames).toBe(600);
    expect(log.endS).toBeCloseTo(599 * 0.02, 12);
    expect(log.frame(599)[0]).toBe(599);
    expect(log.frame(88)[0]).toBe(88);
    expect(() => log.frame(87)).toThrow("live frame: got 87, expected 88..599");
    log.clear();
    log.append(framesFrom(7, 1));
    expect([log.numFrames, log.frame(0)[0], log.endS]).toEqual([1, 7, 0]);
  });
});

describe("live link", () => {
  it("says what is simulated, and is read back", () => {
    const link = {
      terrain: { kind: "patchy", level: 2.5, seed: 77 },
      gait: "bound",
      controller: "runs/a walk",
    } as const;
    expect(formatLiveLink(link)).toBe("#live&terrain=patchy&level=2.5&seed=77&gait=bound&controller=runs%2Fa+walk");
    expect(parseLiveLink(formatLiveLink(link))).toEqual(link);
    expect(isLiveLink(formatLiveLink(link))).toBe(true);
    expect(isLiveLink("#run=alive&episode=live")).toBe(false);
  });

  it("goes by defaults where it names what there is not", () => {
    const { terrain, gait } = parseLiveLink("#live&terrain=lava&level=9&seed=x&gait=moonwalk");
    expect(terrain).toEqual(parseLiveLink("#live").terrain);
    expect(gait).toBeNull();
  });

  it("keeps to speed where that was chosen", () => {
    expect(parseLiveLink("#live&gait=by-speed").gait).toBe(BY_SPEED);
  });

  it("is of the nearest level that there is to choose", () => {
    const levels = ["1.3", "0", "3"].map((level) => parseLiveLink(`#live&level=${level}`).terrain.level);
    expect(levels).toEqual([1.5, 0.5, 3]);
  });
});

describe("choice of gait", () => {
  it("has keys for the gaits of the selection policy, and offers all", () => {
    expect(gaitOfKey("1")).toBe("stand");
    expect(gaitOfKey("8")).toBe("hop");
    expect(gaitOfKey("0")).toBe(BY_SPEED);
    expect(gaitOfKey("9")).toBeNull();
    expect(gaitOfKey("w")).toBeNull();
    expect([keyOfGait("trot"), keyOfGait("pace"), keyOfGait(BY_SPEED)]).toEqual(["2", null, "0"]);
    expect([...offeredGaits()].sort()).toEqual(GAITS.map(({ id }) => id).sort());
  });

  it("follows the Froude number by speed", () => {
    const { legs } = modelOf();
    expect(chosenGait({ gait: "pace" }, [1, 0, 0], legs)).toBe(gaitIndex("pace"));
    expect(chosenGait("by-speed", [0, 0, 0], legs)).toBe(gaitIndex("stand"));
    // 0.7² / (9.81 · 0.4) = 0.125: a walking trot up to 0.152. 1² / (9.81 · 0.4) = 0.255: a trot.
    expect(chosenGait("by-speed", [0.7, 0, 0], legs)).toBe(gaitIndex("walking-trot"));
    expect(chosenGait("by-speed", [1, 0, 0], legs)).toBe(gaitIndex("trot"));
    expect(chosenGait("policy", [1, 0, 0], legs)).toBe("policy");
  });

  it("is left to a policy that selects gaits, unless a gait is named", () => {
    const [plain, selecting] = [constantPolicy(0, {}), selectorOf(0)];
    expect([plain, selecting].map((bundle) => sourceOf(BY_SPEED, bundle))).toEqual(["by-speed", "policy"]);
    expect([plain, selecting].map((bundle) => sourceOf("run", bundle))).toEqual([{ gait: "run" }, { gait: "run" }]);
  });
});

describe("pull", () => {
  it("is a spring with a damper, and no stronger than the robot is heavy", () => {
    // 2 · 98.1 N/m · 0.1 m − 3 /s · 10 kg · 0.2 m/s
    expect(pullForce(10, [0.1, 0, 0], [0.2, 0, 0])[0]).toBeCloseTo(19.62 - 6, 10);
    const force = pullForce(10, [3, 4, 0], [0, 0, 0]);
    expect(Math.hypot(...force)).toBeCloseTo(98.1, 10);
    expect(force[1] / force[0]).toBeCloseTo(4 / 3, 10);
  });
});

describe("running median", () => {
  it("is that of the last 300 values", () => {
    const median = new RunningMedian();
    expect(median.value).toBe(0);
    for (const value of [5, 1, 9]) median.add(value);
    expect(median.value).toBe(5);
    for (let i = 0; i < 300; i++) median.add(2);
    expect(median.value).toBe(2);
  });
});
