/** The config as people edit it: YAML with each field's meaning and range beside it, taken from the schema. */

import { Document, isMap, isPair, isScalar, type YAMLMap } from "yaml";
import { z } from "zod";
import { createTrainConfigSchema, type TrainConfig } from "../../config/schema.js";
import type { Task } from "../../config/task.js";
import { taskOf } from "../../config/tasks.js";

const COMMENT_COLUMN = 40;

/** A node of the JSON Schema, as far as fields of a config have it. */
interface SchemaNode {
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly prefixItems?: readonly SchemaNode[];
  readonly items?: SchemaNode | boolean;
}

/** JSON Schema (2020-12) of a config file: every key optional, no others allowed. For editors. */
export function configJsonSchema({ rewards }: Pick<Task, "rewards">): Record<string, unknown> {
  const schema = createTrainConfigSchema(rewards);
  return { title: "Gaitway training config", ...z.toJSONSchema(schema, { io: "input" }) };
}

/** A whole config as YAML; what a field means and what it may be stands behind it. */
export function configYaml(config: TrainConfig): string {
  const document = new Document(config);
  if (isMap(document.contents)) annotate(document.contents, configJsonSchema(taskOf(config)) as SchemaNode);
  return alignComments(document.toString({ lineWidth: 0, flowCollectionPadding: false }));
}

function annotate(map: YAMLMap, schema: SchemaNode): void {
  for (const pair of map.items) {
    if (!isPair(pair) || !isScalar(pair.key)) continue;
    const field = schema.properties?.[String(pair.key.value)];
    if (!field) continue;
    if (isMap(pair.value)) {
      annotate(pair.value, field);
      if (field.description) pair.key.comment = ` ${field.description}`;
      continue;
    }
    const node = pair.value as { comment?: string; flow?: boolean };
    node.flow = true;
    const text = [field.description, allowed(field)].filter(Boolean).join("; ");
    if (text) node.comment = ` ${text}`;
  }
}

/** The values that a field may have. */
function allowed(field: SchemaNode): string {
  if (field.enum) return field.enum.length > 1 ? `one of ${field.enum.join(", ")}` : "";
  const item = field.prefixItems?.[0] ?? (typeof field.items === "object" ? field.items : undefined);
  if (item) return `${field.prefixItems ? "[low, high]" : "list"}, each ${allowed(item)}`;
  const { minimum, maximum, exclusiveMinimum } = field;
  const high = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (exclusiveMinimum !== undefined) return `> ${exclusiveMinimum}${high === undefined ? "" : `, <= ${high}`}`;
  if (minimum === undefined) return "";
  return high === undefined ? `>= ${minimum}` : `${minimum}..${high}`;
}

/** A line's last # starts its comment: those before it are a string's, and no description has one. */
function alignComments(yaml: string): string {
  return yaml.replace(/^(.*\S) #/gm, (_, field: string) => `${field.padEnd(COMMENT_COLUMN - 1)} #`);
}
