/** As in policy/runtime/gait-choice.ts and sim/task/gait-selection.ts. */

import { GAITS, gaitIndex, gaitStabilityNumber } from "../../../gaits/library.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import { ACCELERATION_FILTER_S, SELECTION_SPEC } from "../../../sim/task/gait-selection.js";
import type { GaitSelectorBundle } from "../../bundle/bundle.js";
import { define, double, floatArray } from "./numbers.js";
import { sliceSources, writeSlices } from "./slices.js";

/** Where the C controller has what gaits are selected on. */
const SOURCES = {
  scheduledContact: { values: "c->scheduled_contact", isBytes: true },
  footContact: { values: "s->foot_contact", isBytes: true },
  command: { values: "c->velocity_command" },
  jointTorque: { values: "s->joint_torque" },
  projectedGravity: { values: "s->projected_gravity" },
  estimatedVelocity: { values: "c->velocity" },
  baseAngularVelocity: { values: "s->angular_velocity" },
  lastGait: { values: "&last_gait" },
  footHeight: { values: "foot_height" },
  jointPosition: { values: "s->joint_position" },
  jointVelocity: { values: "s->joint_velocity" },
  commandAcceleration: { values: "c->command_acceleration" },
  stabilityNumber: { values: "&STABILITY_NUMBERS[c->gait]" },
  transition: { values: "&c->in_transition", isBytes: true },
};

/** `tell_gait`, `reset_selection` and `choose_gait`. */
export function gaitSelection({ gaits, decisionSteps }: GaitSelectorBundle, { legs }: RobotModel): string {
  const legLengthM = legs.thighLengthM + legs.calfLengthM;
  const slices = SELECTION_SPEC.slices.filter((slice) => slice.for === "actor");
  return [
    "\n/* ---- Gait selection: the likeliest gait every few steps, unless a transition runs ---- */\n\n",
    define("DECISION_STEPS", String(decisionSteps)),
    define("ACCELERATION_FILTER_S", double(ACCELERATION_FILTER_S)),
    define("SELECTABLE_GAIT_COUNT", String(gaits.length)),
    `static const uint8_t SELECTABLE_GAITS[SELECTABLE_GAIT_COUNT] = {${gaits.map(gaitIndex).join(", ")}};\n`,
    floatArray(
      "STABILITY_NUMBERS",
      GAITS.map((gait) => gaitStabilityNumber(gait, legLengthM)),
    ),
    COMMAND_FILTER,
    observe(writeSlices("row", sliceSources(slices, SOURCES))),
    CHOICE,
  ].join("");
}

const COMMAND_FILTER = `
/* Who is told a gait stands at rest; who selects its gaits does as they are. */
static void tell_gait(gaitway_controller *c, int gait) {
  c->selects_gait = gait == GAITWAY_SELECTED;
  if (c->selects_gait) return;
  c->command_gait = (uint8_t)gait;
  c->stands_at_rest = 1;
}

/* The command has stood for ever. */
static void reset_selection(gaitway_controller *c) {
  memcpy(c->filtered_command, c->velocity_command, sizeof c->filtered_command);
  memset(c->command_acceleration, 0, sizeof c->command_acceleration);
  c->choice_age = 0;
}

static void filter_command(gaitway_controller *c) {
  for (int k = 0; k < 3; k++) {
    const double change = (double)c->velocity_command[k] - c->filtered_command[k];
    c->command_acceleration[k] = (float)(change / ACCELERATION_FILTER_S);
    c->filtered_command[k] = (float)(c->filtered_command[k] + GAITWAY_STEP_S * c->command_acceleration[k]);
  }
}
`;

function observe(statements: string): string {
  return `
/* Among those that can be selected; the first for one that is not. */
static int place_of(int gait) {
  for (int i = 0; i < SELECTABLE_GAIT_COUNT; i++) {
    if (SELECTABLE_GAITS[i] == gait) return i;
  }
  return 0;
}

static void observe_selection(gaitway_controller *c, const gaitway_sensors *s) {
  float *row = c->selection_observation;
  const float last_gait = (float)place_of(c->command_gait);
  float foot_height[4];
  for (int leg = 0; leg < 4; leg++) foot_height[leg] = c->foot_target[3 * leg + 2];
${statements}}
`;
}

const CHOICE = `
static void choose_gait(gaitway_controller *c, const gaitway_sensors *s) {
  const int is_due = c->choice_age == 0;
  int best = 0;
  c->stands_at_rest = 0;
  c->choice_age = (c->choice_age + 1) % DECISION_STEPS;
  filter_command(c);
  if (!is_due || c->in_transition) return;
  observe_selection(c, s);
  run_selector(c->gait_logits, c->selection_observation);
  for (int i = 1; i < SELECTABLE_GAIT_COUNT; i++) {
    if (c->gait_logits[i] > c->gait_logits[best]) best = i;
  }
  c->command_gait = SELECTABLE_GAITS[best];
}
`;
