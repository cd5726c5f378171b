import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  FrameTransform,
  FrameTransforms,
  JointStates,
  PoseInFrame,
  PosesInFrame,
  SceneUpdate,
} from "@foxglove/schemas";
import * as foxglove from "@foxglove/schemas/jsonschema.js";
import { McapIndexedReader, type McapTypes, TempBuffer } from "@mcap/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { EpisodeMessage, MetricsMessage } from "../../../../policy/cli/mcap/channels.js";
import { encodeMcap } from "../../../../policy/cli/mcap/log.js";
import { type EpisodeSource, readEpisodes } from "../../../../policy/cli/run-folder/episode-source.js";
import { InputError } from "../../../../sim/errors.js";
import type { Quat, Vec3 } from "../../../../sim/math.js";
import { add, multiply, rotate } from "../../../../sim/math.js";
import { createTerrain } from "../../../../sim/terrain/create.js";
import { heightAt } from "../../../../sim/terrain/height-field.js";
import { writeSyntheticRun } from "../../../support/synthetic-run.js";

const folder = mkdtempSync(join(tmpdir(), "gaitway-mcap-"));
const TERRAIN = { kind: "rough", level: 2, seed: 7 } as const;
const WALK = {
  label: "Trot on rough ground",
  gait: "trot",
  terrain: TERRAIN,
  controller: "policy",
  numFrames: 51,
  speedMPerS: 0.5,
} as const;
const FLAT = { ...WALK, terrain: { kind: "flat", level: 0, seed: 0 }, numFrames: 11 } as const;
const run = writeSyntheticRun(folder, "walks", { "1-walk": WALK, "2-flat": FLAT });
const STEP_NS = 20_000_000n;

interface ReadMessage {
  readonly topic: string;
  readonly timeNs: bigint;
  readonly value: unknown;
}

let source: EpisodeSource;
let reader: McapIndexedReader;
let messages: ReadMessage[];
const startNs = BigInt(Date.parse(run.info.createdAt)) * 1_000_000n;

beforeAll(async () => {
  source = readEpisodes("walks", folder);
  reader = await McapIndexedReader.Initialize({ readable: new TempBuffer(await encodeMcap(source)) });
  messages = await readAll(reader);
});

afterAll(() => rmSync(folder, { recursive: true }));

async function readAll(log: McapIndexedReader, args: Parameters<McapIndexedReader["readMessages"]>[0] = {}) {
  const read: ReadMessage[] = [];
  for await (const { channelId, logTime, data } of log.readMessages({ ...args, validateCrcs: true })) {
    const { topic } = log.channelsById.get(channelId)!;
    read.push({ topic, timeNs: logTime, value: JSON.parse(new TextDecoder().decode(data)) });
  }
  return read;
}

function on<T>(topic: string): T[] {
  return messages.filter((message) => message.topic === topic).map(({ value }) => value as T);
}

/** The schema, but that fields that it does not name are errors. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return "properties" in copy ? { ...copy, additionalProperties: false } : copy;
}

function schemaOf({ schemaId }: McapTypes.Channel) {
  const { name, encoding, data } = reader.schemasById.get(schemaId)!;
  return { name, encoding, schema: JSON.parse(new TextDecoder().decode(data)) };
}

describe("an exported log", () => {
  it("has the topics that Foxglove knows, with its own schemas", () => {
    const channels = [...reader.channelsById.values()];
    expect(channels.every(({ messageEncoding }) => messageEncoding === "json")).toBe(true);
    expect(Object.fromEntries(channels.map((channel) => [channel.topic, schemaOf(channel).name]))).toEqual({
      "/episode": "gaitway.Episode",
      "/robot": "foxglove.SceneUpdate",
      "/ground": "foxglove.SceneUpdate",
      "/tf": "foxglove.FrameTransforms",
      "/pose": "foxglove.PoseInFrame",
      "/joints": "foxglove.JointStates",
      "/joints/target": "foxglove.JointStates",
      "/feet/target": "foxglove.PosesInFrame",
      "/metrics": "gaitway.Metrics",
    });
    const published = new Map<string, unknown>(Object.entries(foxglove));
    for (const channel of channels) {
      const { name, encoding, schema } = schemaOf(channel);
      expect(encoding).toBe("jsonschema");
      if (name.startsWith("foxglove.")) expect(schema).toEqual(published.get(name.slice("foxglove.".length)));
    }
  });

  it("holds messages that their schemas accept, without fields that those do not have", () => {
    for (const channel of reader.channelsById.values()) {
      const validator = z.fromJSONSchema(closed(schemaOf(channel).schema) as Parameters<typeof z.fromJSONSchema>[0]);
      const values = on(channel.topic);
      expect(values.length).toBeGreaterThan(0);
      for (const value of values) validator.parse(value);
      expect(validator.safeParse({ ...(values[0] as object), typo: 1 }).success).toBe(false);
    }
  });

  it("is chunked and indexed: a moment is found without reading the rest", async () => {
    expect(reader.chunkIndexes.length).toBeGreaterThan(0);
    // 3 messages at the start of an episode, 6 with each of its frames
    expect(reader.statistics?.messageCount).toBe(BigInt(2 * 3 + 6 * (51 + 11)));
    const at = startNs + 10n * STEP_NS;
    const found = await readAll(reader, { topics: ["/pose"], startTime: at, endTime: at });
    expect(found).toHaveLength(1);
    expect((found[0].value as PoseInFrame).pose.position.x).toBeCloseTo(0.1, 6); // 10 steps of 0.02 s at 0.5 m/s
  });

  it("plays episodes one after the other, in their own time", () => {
    const episodes = messages.filter(({ topic }) => topic === "/episode");
    expect(episodes.map(({ value }) => (value as EpisodeMessage).name)).toEqual(["1-walk", "2-flat"]);
    expect(episodes[0].value).toMatchObject({ gait: "trot", terrain: TERRAIN, fell: false, durationS: 1.02 });
    // 51 frames of 20 ms and a pause of 1 s
    expect(episodes.map(({ timeNs }) => timeNs - startNs)).toEqual([0n, 2_020_000_000n]);
    const frames = messages.filter(({ topic }) => topic === "/tf");
    expect(frames.slice(0, 3).map(({ timeNs }) => timeNs - startNs)).toEqual([0n, STEP_NS, 2n * STEP_NS]);
    const { timestamp } = (frames[1].value as FrameTransforms).transforms[0];
    expect(BigInt(timestamp.sec) * 1_000_000_000n + BigInt(timestamp.nsec)).toBe(startNs + STEP_NS);
  });

  it("has frames that put the feet where the joints do", () => {
    // The synthetic robot's joints are those that put its feet exactly where its gait memory wants them.
    const targets = on<PosesInFrame>("/feet/target");
    on<FrameTransforms>("/tf").forEach(({ transforms }, i) => {
      ["FL_foot", "FR_foot", "RL_foot", "RR_foot"].forEach((foot, leg) => {
        const [x, y, z] = placeInFrame(foot, "trunk", transforms);
        const wanted = targets[i].poses[leg].position;
        expect(Math.hypot(x - wanted.x, y - wanted.y, z - wanted.z)).toBeLessThan(1e-5);
      });
    });
    expect(targets[0].frame_id).toBe("trunk");
  });

  it("tells joints by name, and what was measured from what was wanted", () => {
    const [first] = on<JointStates>("/joints");
    expect(first.joints.map(({ name }) => name).slice(0, 4)).toEqual([
      ...["FL_hip_joint", "FL_thigh_joint", "FL_calf_joint", "FR_hip_joint"],
    ]);
    const frame = source.episodes[0].log.frame(0);
    const { offset } = source.episodes[0].log.column("jointPosition");
    expect(first.joints[2]).toEqual({
      name: "FL_calf_joint",
      position: expect.closeTo(frame[offset + 2], 6),
      velocity: 0,
      effort: 0,
    });
    const [target] = on<JointStates>("/joints/target");
    expect(target.joints[2]).toEqual({ name: "FL_calf_joint", position: expect.closeTo(frame[offset + 2], 6) });
  });

  it("has velocities and contacts to plot", () => {
    const metrics = on<MetricsMessage>("/metrics");
    // The synthetic robot's speed wobbles by 0.08 sin(7 t): 0.5 + 0.08 sin(0.7) = 0.551537 at 0.1 s
    expect(metrics[5].command).toEqual({ vxMPerS: 0.5, vyMPerS: 0, yawRateRadPerS: 0 });
    expect(metrics[5].velocity.vxMPerS).toBeCloseTo(0.551537, 5);
    expect(metrics[5].velocity.yawRateRadPerS).toBeCloseTo(-0.051537, 5);
    // Measured contacts lag behind the schedule by one frame.
    for (let i = 1; i < 51; i++) expect(metrics[i].contact).toEqual(metrics[i - 1].scheduledContact);
    const down = metrics.slice(0, 51).filter(({ scheduledContact }) => scheduledContact.FL === 1).length;
    expect(down).toBeGreaterThan(10);
    expect(down).toBeLessThan(41);
  });

  it("draws the robot's shapes in its links' frames, and the ground under its path", () => {
    const [robot] = on<SceneUpdate>("/robot");
    const trunk = robot.entities.find(({ id }) => id === "trunk")!;
    expect(trunk).toMatchObject({ frame_id: "trunk", frame_locked: true });
    expect(trunk.cubes[0].size).toEqual({ x: 0.267, y: 0.194, z: 0.114 }); // as in a1.urdf
    expect(robot.entities.find(({ id }) => id === "FL_foot")!.spheres).toHaveLength(1);
    const [rough, flat] = on<SceneUpdate>("/ground").map(({ entities }) => entities[0].triangles[0]);
    const terrain = createTerrain(TERRAIN);
    for (const { x, y, z } of rough.points) expect(z).toBeCloseTo(heightAt(terrain, x, y), 5);
    expect(Math.max(...rough.points.map(({ x }) => x))).toBeGreaterThan(1.99); // 0.5 m of path, 1.5 m of margin
    expect(Math.max(...rough.indices)).toBe(rough.points.length - 1);
    expect(rough.colors).toHaveLength(rough.points.length);
    expect(flat.points.every(({ z }) => z === 0)).toBe(true);
  });

  it("is the same each time", async () => {
    expect(Buffer.compare(await encodeMcap(source), await encodeMcap(source))).toBe(0);
  });
});

/** Where a frame's origin is in another, further up. */
function placeInFrame(frame: string, top: string, transforms: readonly FrameTransform[]): Vec3 {
  let place: Vec3 = [0, 0, 0];
  let rotation: Quat = [0, 0, 0, 1];
  for (let at = frame; at !== top; ) {
    const up = transforms.find(({ child_frame_id }) => child_frame_id === at)!;
    const { x, y, z, w } = up.rotation;
    place = add([up.translation.x, up.translation.y, up.translation.z], rotate([x, y, z, w], place));
    rotation = multiply([x, y, z, w], rotation);
    at = up.parent_frame_id;
  }
  return place;
}

describe("what to export", () => {
  const episode = join(run.path, "episodes", "1-walk.episode");

  it("is an episode's file, a run's folder or a run's name", () => {
    expect(readEpisodes(episode, "elsewhere").episodes.map(({ name }) => name)).toEqual(["1-walk"]);
    expect(readEpisodes(run.path, "elsewhere").episodes).toHaveLength(2);
    expect(readEpisodes(episode, "elsewhere").run.id).toBe("walks");
  });

  it("is told when it cannot be", async () => {
    const refused = (path: string) => expect(() => readEpisodes(path, folder));
    refused("nowhere").toThrow(
      `nowhere: no such file or folder, and no run ${join(folder, "nowhere")}; expected an episode or a run`,
    );
    refused(writeSyntheticRun(folder, "empty", {}).path).toThrow(/empty has no recorded episodes$/);
    const broken = writeSyntheticRun(folder, "broken", { "1-walk": FLAT });
    rmSync(broken.file("robot.urdf"));
    await expect(encodeMcap(readEpisodes("broken", folder))).rejects.toThrow(InputError);
    writeFileSync(join(broken.path, "episodes", "2-noise.episode"), "noise");
    refused("broken").toThrow(/2-noise\.episode is not a Gaitway checkpoint or episode$/);
    writeFileSync(join(folder, "stray.episode"), "noise");
    refused(join(folder, "stray.episode")).toThrow(/stray\.episode is outside of a run: expected runs\/<id>\/episodes/);
  });
});
