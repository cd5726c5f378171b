/** As in sim/observation.ts. */

import { InputError } from "../../../sim/errors.js";
import { GAIT_MEMORY_SLICES, OBSERVATION_SPEC } from "../../../sim/observation.js";
import { type Slice, writeSlices } from "./slices.js";

/** Where the C controller has what the policy observes. */
const SOURCES: Readonly<Record<string, Pick<Slice, "values"> & Partial<Slice>>> = {
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
    .map(({ name, offset, size, scale }): Slice => {
      const source = SOURCES[name];
      if (!source) throw new InputError(`observation ${name}: the C controller does not know it`);
      const isHidden = GAIT_MEMORY_SLICES.has(name) && !gaitMemory;
      return { isBytes: false, origin: undefined, ...source, offset, size, scale: isHidden ? 0 : scale };
    });
  return `
/* ---- Observation ---- */

static void observe(gaitway_controller *c, const gaitway_sensors *s) {
  float *row = c->observation;
${writeSlices("row", slices)}}
`;
}
