/** What a sweep file asks for: which settings, which seeds, for how long; and the runs that this comes to. */

import { z } from "zod";
import { describeIssue, InputError } from "../../../sim/errors.js";
import { deriveSeed, Rng } from "../../../sim/rng.js";
import { parseTrainConfig } from "../../config/parse.js";
import type { TrainConfig } from "../../config/schema.js";
import type { ConfigFields } from "../config/differences.js";
import { withField } from "../config/settings.js";
import { knowTask } from "../task/module.js";

const seed = z.int().min(0).max(0xffffffff);
/** [low, high] of what a random field may be. */
const bounds = (bound: z.ZodNumber | z.ZodInt) =>
  z.tuple([bound, bound]).refine(([low, high]) => low <= high, "expected [low, high], low first");

/** What a random field is drawn from. */
const distributionSchema = z
  .strictObject({
    choice: z.array(z.unknown()).min(1).optional(),
    uniform: bounds(z.number()).optional(),
    logUniform: bounds(z.number().positive()).optional(),
    integer: bounds(z.int()).optional(),
  })
  .refine((kinds) => Object.keys(kinds).length === 1, "expected one of choice, uniform, logUniform and integer");

const sweepSchema = z
  .strictObject({
    /** What all runs share, as in a config file. */
    config: z.record(z.string(), z.unknown()).default({}),
    /** Limits of each run; the first that is reached ends it. */
    minutes: z.number().positive().optional(),
    iterations: z.int().min(1).optional(),
    seeds: z
      .array(seed)
      .min(1)
      .refine((seeds) => new Set(seeds).size === seeds.length, "expected each seed once")
      .default([1, 2, 3]),
    /** Trials of the evaluation that follows each training; 0 for none. */
    trials: z.int().min(0).default(100),
    /** All combinations of these values, by field. With neither grid nor random, runs differ by their seeds only. */
    grid: z.record(z.string(), z.array(z.unknown()).min(1)).optional(),
    random: z
      .strictObject({
        samples: z.int().min(1),
        seed: seed.default(1),
        fields: z.record(z.string(), distributionSchema),
      })
      .optional(),
  })
  .refine(({ grid, random }) => !(grid && random), "expected either grid or random");

export type SweepFile = z.output<typeof sweepSchema>;

export interface PlannedRun {
  /** Of its folder within the sweep's. */
  readonly name: string;
  readonly seed: number;
  readonly config: TrainConfig;
}

/** Runs that differ by their seed only. */
export interface SweepSetting {
  readonly fields: ConfigFields;
  readonly runs: readonly PlannedRun[];
}

/** More would take years. */
const MAX_RUNS = 10_000;
/** Significant digits of random numbers: more would only be hard to read. */
const DIGITS = 4;

/** @throws InputError naming file, field, value and what was expected */
export function parseSweepFile(input: unknown, fileName: string): SweepFile {
  const result = sweepSchema.safeParse(input ?? {});
  if (!result.success) throw new InputError(`${fileName}: ${describeIssue(result.error.issues[0], input)}`);
  const { config, grid, random } = result.data;
  if ([config, grid, random?.fields].some((fields) => fields && "seed" in fields)) {
    throw new InputError(`${fileName}: seed: expected in the list of seeds only`);
  }
  const settings = random ? random.samples : Object.values(grid ?? {}).reduce((count, { length }) => count * length, 1);
  const runs = settings * result.data.seeds.length;
  if (runs > MAX_RUNS) throw new InputError(`${fileName}: got ${runs} runs, expected at most ${MAX_RUNS}`);
  return result.data;
}

/** The runs of a sweep. @throws InputError for a run whose config is wrong, naming it */
export function planSweep({ config, seeds, grid, random }: SweepFile, fileName: string): SweepSetting[] {
  const settings = random ? drawSettings(random) : combinations(grid ?? {});
  const width = Math.max(2, String(settings.length).length);
  return settings.map((fields, index) => {
    const number = String(index + 1).padStart(width, "0");
    const shared = Object.entries(fields).reduce(
      (node, [path, value]) => withField(node, path.split("."), value),
      config,
    );
    const where = `${fileName}: setting ${number}`;
    knowTask((shared as { readonly task?: unknown }).task);
    const runs = seeds.map((seed) => ({
      name: `${number}-seed-${seed}`,
      seed,
      config: parseTrainConfig({ ...shared, seed }, where),
    }));
    return { fields, runs };
  });
}

/** Every value of each field with every value of the others; the last field's change fastest. */
function combinations(grid: Readonly<Record<string, readonly unknown[]>>): ConfigFields[] {
  return Object.entries(grid).reduce<ConfigFields[]>(
    (settings, [path, values]) => settings.flatMap((fields) => values.map((value) => ({ ...fields, [path]: value }))),
    [{}],
  );
}

/** Each sample has a random stream of its own: more of them leave the first ones as they are. */
function drawSettings({ samples, seed, fields }: NonNullable<SweepFile["random"]>): ConfigFields[] {
  return Array.from({ length: samples }, (_, sample) => {
    const rng = new Rng(deriveSeed(seed, sample));
    return Object.fromEntries(Object.entries(fields).map(([path, distribution]) => [path, draw(distribution, rng)]));
  });
}

function draw({ choice, uniform, logUniform, integer }: z.output<typeof distributionSchema>, rng: Rng): unknown {
  if (choice) return choice[rng.integer(choice.length)];
  if (integer) return integer[0] + rng.integer(integer[1] - integer[0] + 1);
  const value = uniform
    ? rng.uniform(...uniform)
    : Math.exp(rng.uniform(Math.log(logUniform![0]), Math.log(logUniform![1])));
  return Number(value.toPrecision(DIGITS));
}
