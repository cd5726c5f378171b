/** Everything that a run needs to go on as if it had never stopped. */

import { z } from "zod";
import { GAITS, NUM_LIBRARY_GAITS } from "../../gaits/library.js";
import { decodeContainer, encodeContainer } from "../../sim/container.js";
import { describeIssue, InputError } from "../../sim/errors.js";
import type { RobotSource } from "../../sim/robot/types.js";
import { SELECTION_SPEC } from "../../sim/task/gait-selection.js";
import { OBSERVATION_SPEC } from "../../sim/task/observation.js";
import { checkObservationHash, type ObservationSpec } from "../../sim/task/observation-layout.js";
import { MIXED_ROWS } from "../../sim/terrain/tiles.js";
import { parseTrainConfig } from "../config/parse.js";
import type { TrainConfig } from "../config/schema.js";
import { taskOf } from "../config/tasks.js";
import { actorCriticLayout } from "../ppo/actor-critic.js";

/** Numbers by name. Checkpoints used to list them, in the order of `names`. */
function byName(number: z.ZodNumber, names: readonly string[]) {
  const listed = z.array(number).length(names.length);
  const record = (numbers: readonly number[]) => Object.fromEntries(names.map((name, i) => [name, numbers[i]]));
  return z.union([z.record(z.string(), number), listed.transform(record)]);
}

/** The relative reward terms, when checkpoints listed their means. */
const LISTED_REWARDS = ["energy", "torqueSaturation", "externalWork", "contactError"];
const byGait = byName(
  z.number().min(0).max(1),
  GAITS.slice(0, NUM_LIBRARY_GAITS).map(({ id }) => id),
);

/** Hashes of the layouts of now from when the table of gaits was part of them. */
const HASHES_WITH_GAITS: ReadonlyMap<string, ObservationSpec> = new Map([
  ["99110f4b", OBSERVATION_SPEC],
  ["5e9367e2", SELECTION_SPEC],
]);

const headerSchema = z.strictObject({
  config: z.unknown(),
  robot: z.strictObject({
    name: z.string(),
    urdf: z.string(),
    tuning: z.unknown(),
    /** The bundle of the policy that walks it, where another one learns to select gaits. */
    locomotion: z.string().optional(),
  }),
  observationHash: z.string(),
  iteration: z.int().nonnegative(),
  steps: z.number().nonnegative(),
  /** Training time so far, over all sessions. */
  trainingS: z.number().nonnegative(),
  learningRate: z.number().positive(),
  /** Of the terrain curriculum, where each robot is, from worker to worker; empty without one. */
  terrainRows: z.array(z.int().nonnegative()).default([]),
  adamUpdates: z.int().nonnegative(),
  normalizer: z.strictObject({
    count: z.number().positive(),
    mean: z.array(z.number()),
    variance: z.array(z.number().nonnegative()),
  }),
  /** Running means of reward terms; 0 where nothing is known yet. */
  rewardMeans: byName(z.number().nonnegative(), LISTED_REWARDS).default({}),
  curriculum: z.strictObject({ commandShare: byGait, gaitWeight: byGait }),
});

/** What is trained: a robot and, where gaits are selected, the policy that walks it as a document. */
export interface TrainedRobot extends RobotSource {
  readonly name: string;
  readonly locomotion?: string | undefined;
}

export type CheckpointHeader = Omit<z.output<typeof headerSchema>, "config" | "robot"> & {
  readonly config: TrainConfig;
  readonly robot: TrainedRobot;
};

export interface Checkpoint extends CheckpointHeader {
  /** Parameters, as learning goes on from them, and Adam's moments. [P] */
  readonly params: Float32Array;
  readonly adamM: Float32Array;
  readonly adamV: Float32Array;
  /** The policy to hand out: the actor's parameters, averaged over iterations. */
  readonly averageActor: Float32Array;
}

export function encodeCheckpoint({ params, adamM, adamV, averageActor, ...header }: Checkpoint): Uint8Array {
  return encodeContainer("checkpoint", header, { params, adamM, adamV, averageActor });
}

/** @throws InputError if the bytes are not a whole checkpoint of this version's observation layout */
export function decodeCheckpoint(bytes: Uint8Array, fileName: string): Checkpoint {
  const { header, sections } = decodeContainer(bytes, "checkpoint", fileName);
  const result = headerSchema.safeParse(header);
  if (!result.success) throw new InputError(`${fileName}: ${describeIssue(result.error.issues[0], header)}`);
  const config = parseTrainConfig(result.data.config, fileName);
  const { spec } = taskOf(config).observation;
  const { observationHash } = result.data;
  if (HASHES_WITH_GAITS.get(observationHash)?.hash !== spec.hash) {
    checkObservationHash(observationHash, fileName, spec);
  }
  const { params, adamM, adamV, averageActor } = sections;
  const { size, actor } = actorCriticLayout(config, spec);
  const lengths = { params: size, adamM: size, adamV: size, averageActor: actor.end };
  for (const [name, expected] of Object.entries(lengths)) {
    const got = sections[name]?.length ?? 0;
    if (got !== expected) throw new InputError(`${fileName}: ${name}: got ${got} numbers, expected ${expected}`);
  }
  const { mean, variance } = result.data.normalizer;
  if (mean.length !== spec.size || variance.length !== spec.size) {
    throw new InputError(`${fileName}: normalizer: got ${mean.length} numbers, expected ${spec.size}`);
  }
  checkTerrainRows(result.data.terrainRows, config, fileName);
  return { ...result.data, config, params, adamM, adamV, averageActor };
}

function checkTerrainRows(rows: readonly number[], { env, numEnvs }: TrainConfig, fileName: string): void {
  const expected = env.terrain.curriculum ? numEnvs : 0;
  if (rows.length !== expected) {
    throw new InputError(`${fileName}: terrainRows: got ${rows.length} numbers, expected ${expected}`);
  }
  const beyond = rows.findIndex((row) => row >= MIXED_ROWS);
  if (beyond >= 0) {
    throw new InputError(`${fileName}: terrainRows.${beyond}: got ${rows[beyond]}, expected less than ${MIXED_ROWS}`);
  }
}
