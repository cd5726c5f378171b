/** As in sim/task/observation.ts. */

import { GAIT_MEMORY_SLICES, OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { type SliceSource, sliceSources, writeSlices } from "./slices.js";

/** Where the C controller has what the policy observes. */
const SOURCES: Readonly<Record<string, SliceSource>> = {
  projectedGravity: { values: "s->projected_gravity" },
  baseAngularVelocity: { values: "s->angular_velocity" },
  estimatedVelocity: { values: "c->velocity" },
  estimatedHeight: { values: "&c->height" },
  contactProbability: { values: "c->contact_probability" },
  jointPosition: { values: "s->joint_position", origin: "DEFAULT_POSE_RAD" },
  jointVelocity: { values: "s->joint_velocity" },
  lastAction: { values: "c->action" },
  command: { values: "c->velocity_command" },
  scheduledContact: { values: "c->scheduled_contact", isBytes: true },
  legPhase: { values: "c->phase_vector" },
  gaitTiming: { values: "c->gait_timing" },
  footTarget: { values: "c->foot_target", origin: "NOMINAL_FEET_M" },
};

/** `observe`. @param gaitMemory whether the policy is told of it */
export function observation(gaitMemory: boolean): string {
  const slices = OBSERVATION_SPEC.slices
    .filter((slice) => slice.for === "actor")
    .map((slice) => (GAIT_MEMORY_SLICES.has(slice.name) && !gaitMemory ? { ...slice, scale: 0 } : slice));
  return `
/* ---- Observation ---- */

static void observe(gaitway_controller *c, const gaitway_sensors *s) {
  float *row = c->observation;
${writeSlices("row", sliceSources(slices, SOURCES))}}
`;
}
