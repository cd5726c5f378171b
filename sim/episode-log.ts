/** One recorded episode of one robot: what the viewer replays and what the metrics are computed from. */

import { z } from "zod";
import { addGaits, GAITS, gaitIndex, NUM_LIBRARY_GAITS, SELECTABLE_GAITS } from "../gaits/library.js";
import { NUM_JOINTS, NUM_LEGS } from "../gaits/types.js";
import { decodeContainer, encodeContainer } from "./container.js";
import { InputError } from "./errors.js";

/**
 * What one frame holds, in this order. Joints and feet in leg order FL FR RL RR. Pose in the world frame; velocities and foot
 * targets in the base frame; `contact` is measured, `scheduledContact` what the gait asks for, 1 on the ground. `gait` is the
 * index in the gait library of the gait that runs, or towards which a transition runs, while `transition` is 1. `gaitProbability`
 * is what a gait selection policy made of each of `SELECTABLE_GAITS` when it last chose; all are 0 where none chose. `push` is what
 * pushed the robot at the step's begin: where at the trunk, in its frame, and by how much it changes the velocity, in the world
 * frame; all are 0 where nothing did.
 */
export const EPISODE_COLUMNS = [
  { name: "time", unit: "s", size: 1 },
  { name: "basePosition", unit: "m", size: 3 },
  { name: "baseRotation", unit: "quaternion xyzw", size: 4 },
  { name: "jointPosition", unit: "rad", size: NUM_JOINTS },
  { name: "jointVelocity", unit: "rad/s", size: NUM_JOINTS },
  { name: "jointTorque", unit: "N·m", size: NUM_JOINTS },
  { name: "jointTarget", unit: "rad", size: NUM_JOINTS },
  { name: "command", unit: "m/s, m/s, rad/s", size: 3 },
  { name: "baseVelocity", unit: "m/s", size: 3 },
  { name: "baseAngularVelocity", unit: "rad/s", size: 3 },
  { name: "contact", unit: "0 or 1", size: NUM_LEGS },
  { name: "scheduledContact", unit: "0 or 1", size: NUM_LEGS },
  { name: "footTarget", unit: "m", size: 3 * NUM_LEGS },
  { name: "gait", unit: "index", size: 1 },
  { name: "transition", unit: "0 or 1", size: 1 },
  { name: "gaitProbability", unit: "0 to 1", size: SELECTABLE_GAITS.length },
  { name: "push", unit: "m, m, m, m/s, m/s, m/s", size: 6 },
] as const;

export type EpisodeColumnName = (typeof EPISODE_COLUMNS)[number]["name"];

/** Who moves the robot: a policy, or the gait memory without one. */
export type ControllerKind = "policy" | "gaitMemoryAlone";

/** In words. */
export const CONTROLLER_NAMES: Readonly<Record<ControllerKind, string>> = {
  policy: "policy",
  gaitMemoryAlone: "gait memory alone",
};

/** Older episodes call the gait memory alone "zero-action". */
const controllerSchema = z.preprocess(
  (word) => (word === "zero-action" ? "gaitMemoryAlone" : word),
  z.enum(["policy", "gaitMemoryAlone"]),
);

const columnSchema = z.strictObject({ name: z.string(), unit: z.string(), size: z.int().positive() });

const gaitSchema = z.object({
  id: z.string(),
  periodS: z.number(),
  dutyFactor: z.number(),
  phaseOffset: z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly(),
  speedsMPerS: z.tuple([z.number(), z.number()]).readonly(),
});

const headerSchema = z.strictObject({
  /** The robot's name. */
  robot: z.string(),
  task: z.string(),
  /** Id in the gait library; of several gaits the one that ran in most frames. */
  gait: z.string(),
  controller: controllerSchema,
  seed: z.number(),
  /** Which of the trials of that seed, from 1; with the terrain it tells which episodes had the same ground and commands. */
  trial: z.int().positive().optional(),
  /** Time between two frames. */
  dtS: z.number().positive(),
  terrain: z.strictObject({ kind: z.string(), level: z.number(), seed: z.number() }),
  columns: z.array(columnSchema).min(1),
  fell: z.boolean(),
  durationS: z.number(),
  /** JSON writes NaN, the cost of transport of a robot that never moved, as null. */
  metrics: z.record(
    z.string(),
    z
      .number()
      .nullable()
      .transform((value) => value ?? Number.NaN),
  ),
  /** What a list of episodes shows. */
  label: z.string(),
  /** Gaits of the task's own, whose indices follow those of the library. */
  gaits: z.array(gaitSchema).default([]),
});

export type EpisodeHeader = z.infer<typeof headerSchema>;
type EpisodeColumn = z.infer<typeof columnSchema>;

/** Where a column stands within a frame, in floats. */
export interface ColumnPlace {
  readonly offset: number;
  readonly size: number;
}

/** Place of a column in the frames that `EpisodeRecorder` takes. */
export function episodeColumn(name: EpisodeColumnName): ColumnPlace {
  return placeOf(EPISODE_COLUMNS, name);
}

export const EPISODE_FRAME_SIZE = frameSizeOf(EPISODE_COLUMNS);

/** Collects frames of `EPISODE_FRAME_SIZE` floats. */
export class EpisodeRecorder {
  private frames = new Float32Array(256 * EPISODE_FRAME_SIZE);
  private used = 0;

  /** Copies one frame, [EPISODE_FRAME_SIZE], laid out as `EPISODE_COLUMNS` says. */
  append(frame: Float32Array): void {
    if (frame.length !== EPISODE_FRAME_SIZE) {
      throw new RangeError(`episode frame: got ${frame.length} values, expected ${EPISODE_FRAME_SIZE}`);
    }
    if (this.used === this.frames.length) {
      const grown = new Float32Array(2 * this.frames.length);
      grown.set(this.frames);
      this.frames = grown;
    }
    this.frames.set(frame, this.used);
    this.used += EPISODE_FRAME_SIZE;
  }

  /** Id of the gait that ran in most frames, the earlier of two in the library; its first of no frames. */
  longestGait(): string {
    const { offset } = episodeColumn("gait");
    const count = GAITS.map(() => 0);
    for (let i = offset; i < this.used; i += EPISODE_FRAME_SIZE) count[this.frames[i]]++;
    return GAITS[count.indexOf(Math.max(...count))].id;
  }

  /** The episode file's bytes. */
  encode(header: Omit<EpisodeHeader, "columns" | "gaits">): Uint8Array {
    return encodeContainer(
      "episode",
      { ...header, columns: EPISODE_COLUMNS, gaits: GAITS.slice(NUM_LIBRARY_GAITS) },
      { frames: this.frames.subarray(0, this.used) },
    );
  }
}

/** A recorded episode, read back. */
export class EpisodeLog {
  readonly numFrames: number;
  private readonly frameSize: number;

  constructor(
    readonly header: EpisodeHeader,
    /** [numFrames, floats in a frame] */
    private readonly frames: Float32Array,
  ) {
    this.frameSize = frameSizeOf(header.columns);
    this.numFrames = frames.length / this.frameSize;
  }

  /** Whether the file has this column: recordings made before it was kept have not. */
  has(name: EpisodeColumnName): boolean {
    return this.header.columns.some((column) => column.name === name);
  }

  /** Where a column stands within every frame. Throws InputError if the file has none of this name. */
  column(name: EpisodeColumnName): ColumnPlace {
    return placeOf(this.header.columns, name);
  }

  /** Frame `index` as a view of the log's memory: to be read, not written. */
  frame(index: number): Float32Array {
    if (!(index >= 0 && index < this.numFrames)) {
      throw new RangeError(`episode frame: got ${index}, expected 0..${this.numFrames - 1}`);
    }
    return this.frames.subarray(index * this.frameSize, (index + 1) * this.frameSize);
  }
}

/** Reads an episode file. Throws InputError, naming the file, if it is none or is damaged. */
export function decodeEpisode(bytes: Uint8Array, fileName: string): EpisodeLog {
  const { header, sections } = decodeContainer(bytes, "episode", fileName);
  const parsed = headerSchema.safeParse(header);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InputError(`${fileName} has a broken header: ${issue.path.join(".")}: ${issue.message}`);
  }
  const frames = sections.frames;
  const frameSize = frameSizeOf(parsed.data.columns);
  if (frames === undefined || frames.length % frameSize !== 0) {
    throw new InputError(`${fileName} has no whole frames of ${frameSize} values`);
  }
  const log = new EpisodeLog(parsed.data, frames);
  takeGaits(log, fileName);
  return log;
}

/** Makes a recording's own gaits known to this process, and its indices those of this process. */
function takeGaits(log: EpisodeLog, fileName: string): void {
  const { gaits } = log.header;
  if (gaits.length === 0) return;
  try {
    addGaits(gaits);
  } catch (error) {
    throw new InputError(`${fileName}: ${(error as Error).message}`, { cause: error });
  }
  const { offset } = log.column("gait");
  const indices = gaits.map(({ id }) => gaitIndex(id));
  for (let i = 0; i < log.numFrames; i++) {
    const frame = log.frame(i);
    const own = frame[offset] - NUM_LIBRARY_GAITS;
    if (own >= 0) frame[offset] = indices[own];
  }
}

function frameSizeOf(columns: readonly EpisodeColumn[]): number {
  return columns.reduce((sum, { size }) => sum + size, 0);
}

function placeOf(columns: readonly EpisodeColumn[], name: EpisodeColumnName): ColumnPlace {
  const index = columns.findIndex((column) => column.name === name);
  if (index < 0) throw new InputError(`the episode has no column '${name}'`);
  return { offset: frameSizeOf(columns.slice(0, index)), size: columns[index].size };
}
