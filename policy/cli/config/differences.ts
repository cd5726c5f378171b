import { parseTrainConfig } from "../../config/parse.js";
import type { TrainConfig } from "../../config/schema.js";

/** Fields of a config by their path, such as "ppo.epochs". */
export type ConfigFields = Readonly<Record<string, unknown>>;

/** Says where a run comes from or how it is computed, not what it learns from. */
const ASIDE = ["seed", "workers"];

/** A config's fields that differ from the task's default; seed and workers, which every run has its own of, apart. */
export function changedFields(config: TrainConfig): ConfigFields {
  const defaults = flatten(parseTrainConfig({ task: config.task }, "defaults"));
  const fields = Object.entries(flatten(config)).filter(([path]) => !ASIDE.includes(path));
  return Object.fromEntries(fields.filter(([path, value]) => !isSame(value, defaults[path])));
}

/** The fields that not all of the configs have the same value of, each with its value in every config; null for no config. */
export function differingFields(
  configs: readonly (TrainConfig | null)[],
): Readonly<Record<string, readonly unknown[]>> {
  const flat = configs.map((config) => config && flatten(config));
  const paths = [...new Set(flat.flatMap((fields) => Object.keys(fields ?? {})))];
  const rows = paths.map((path) => [path, flat.map((fields) => fields?.[path] ?? null)] as const);
  return Object.fromEntries(rows.filter(([, values]) => values.some((value) => !isSame(value, values[0]))));
}

/** "ppo.epochs=5 env.terrain.kind=flat", as `--set` takes them. */
export function fieldsText(fields: ConfigFields): string {
  return Object.entries(fields)
    .map(([path, value]) => `${path}=${fieldText(value)}`)
    .join(" ");
}

/** A field's value as YAML has it on one line. */
export function fieldText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Lists stay whole. */
function flatten(node: object, prefix = ""): Record<string, unknown> {
  const entries = Object.entries(node).map(([key, value]) => {
    const isBranch = typeof value === "object" && value !== null && !Array.isArray(value);
    return isBranch ? flatten(value, `${prefix}${key}.`) : { [`${prefix}${key}`]: value };
  });
  return Object.assign({}, ...entries);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
