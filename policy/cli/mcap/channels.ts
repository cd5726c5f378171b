/** What an exported log consists of: topics, and the schemas of their messages as Foxglove publishes them, or ours. */

import { FrameTransforms, JointStates, PoseInFrame, PosesInFrame, SceneUpdate } from "@foxglove/schemas/jsonschema.js";
import { z } from "zod";

const velocitySchema = z.object({ vxMPerS: z.number(), vyMPerS: z.number(), yawRateRadPerS: z.number() });
/** 1 on the ground, 0 in the air. */
const contactSchema = z.object({ FL: z.number(), FR: z.number(), RL: z.number(), RR: z.number() });

const metricsSchema = z.object({
  command: velocitySchema,
  /** In the base frame. */
  velocity: velocitySchema,
  contact: contactSchema,
  scheduledContact: contactSchema,
});

const episodeSchema = z.object({
  name: z.string(),
  label: z.string(),
  robot: z.string(),
  task: z.string(),
  gait: z.string(),
  controller: z.string(),
  terrain: z.object({ kind: z.string(), level: z.number(), seed: z.number() }),
  fell: z.boolean(),
  durationS: z.number(),
  /** What evaluating it found; what it could not say is left out. */
  metrics: z.record(z.string(), z.number()),
});

export type MetricsMessage = z.infer<typeof metricsSchema>;
export type EpisodeMessage = z.infer<typeof episodeSchema>;

export interface ChannelDefinition {
  /** A JSON Schema, and its name: Foxglove draws those whose names it knows. */
  readonly schema: object;
  readonly schemaName: string;
}

/** By topic. The first three are written once an episode, the others with every frame. */
export const MCAP_CHANNELS = {
  "/episode": { schemaName: "gaitway.Episode", schema: z.toJSONSchema(episodeSchema) },
  "/robot": { schemaName: "foxglove.SceneUpdate", schema: SceneUpdate },
  "/ground": { schemaName: "foxglove.SceneUpdate", schema: SceneUpdate },
  "/tf": { schemaName: "foxglove.FrameTransforms", schema: FrameTransforms },
  "/pose": { schemaName: "foxglove.PoseInFrame", schema: PoseInFrame },
  "/joints": { schemaName: "foxglove.JointStates", schema: JointStates },
  "/joints/target": { schemaName: "foxglove.JointStates", schema: JointStates },
  "/feet/target": { schemaName: "foxglove.PosesInFrame", schema: PosesInFrame },
  "/metrics": { schemaName: "gaitway.Metrics", schema: z.toJSONSchema(metricsSchema) },
} as const satisfies Record<string, ChannelDefinition>;

export type McapTopic = keyof typeof MCAP_CHANNELS;
