/** As in policy/runtime/controller.ts, with a safety state around it. */

import { FALL_COS_TILT } from "../../../sim/robot/state.js";
import { define, double } from "./numbers.js";

/** The functions of the header. They stand behind all but the networks. @param selects whether there is who selects gaits */
export function step(selects: boolean): string {
  const parts = [
    LIMITS,
    define("MIN_UPRIGHT", double(FALL_COS_TILT), "cosine of the trunk's tilt"),
    SAFETY,
    CONTROL,
    INTERFACE,
  ];
  const statements = Object.entries(selects ? SELECTING : TOLD);
  return statements.reduce((text, [mark, statement]) => text.replace(mark, statement), parts.join(""));
}

/** What differs where gaits are always told. */
const TOLD = {
  "@stale@": "",
  "@rests@": "is_standstill(c->velocity_command)",
  "@start@": "",
  "@select@": "",
  "@init@": "",
  "@is_gait@": "gait >= 0 && gait < GAITWAY_GAIT_COUNT",
  "@tell@": "c->command_gait = (uint8_t)gait;",
};

const SELECTING: Readonly<Record<keyof typeof TOLD, string>> = {
  "@stale@": `
  if (is_stale) tell_gait(c, c->command_gait);`,
  "@rests@": "c->stands_at_rest && is_standstill(c->velocity_command)",
  "@start@": `
  reset_selection(c);`,
  "@select@": `
  if (c->selects_gait) choose_gait(c, s);`,
  "@init@": `
  c->stands_at_rest = 1;`,
  "@is_gait@": "gait == GAITWAY_SELECTED || (gait >= 0 && gait < GAITWAY_GAIT_COUNT)",
  "@tell@": "tell_gait(c, gait);",
};

const LIMITS = `
/* ---- Safety: what readings and estimates can be ---- */

#define MAX_COMMAND 10.0f
/* 2000 degrees/s and 16 g: the ranges of IMUs. */
#define MAX_RATE 35.0f
#define MAX_DELTA_VELOCITY (16.0 * GRAVITY * GAITWAY_STEP_S)
/* Of a unit vector's squared length. */
#define MAX_UNIT_ERROR 0.5
/* Beyond the limits of joints, rad, and as multiples of the limits of their speeds and torques: encoders and motors err. */
#define JOINT_MARGIN_RAD 0.5
#define JOINT_EXCESS 3.0f
#define MAX_SPEED 10.0f
`;

const SAFETY = `
/* False for numbers that are none, too. */
static int all_within(const float *values, int size, double limit) {
  for (int k = 0; k < size; k++) {
    if (!(values[k] >= -limit && values[k] <= limit)) return 0;
  }
  return 1;
}

static int joint_is_plausible(const gaitway_sensors *s, int j) {
  const double position = s->joint_position[j];
  if (!(position >= JOINT_MIN_RAD[j] - JOINT_MARGIN_RAD && position <= JOINT_MAX_RAD[j] + JOINT_MARGIN_RAD)) return 0;
  return all_within(&s->joint_velocity[j], 1, JOINT_EXCESS * JOINT_SPEED_LIMIT[j]) &&
         all_within(&s->joint_torque[j], 1, JOINT_EXCESS * JOINT_TORQUE_LIMIT[j]);
}

static int readings_are_plausible(const gaitway_sensors *s) {
  const float *g = s->projected_gravity;
  const double square = (double)g[0] * g[0] + (double)g[1] * g[1] + (double)g[2] * g[2];
  if (!all_within(s->angular_velocity, 3, MAX_RATE) || !all_within(s->delta_velocity, 3, MAX_DELTA_VELOCITY)) return 0;
  if (!(fabs(square - 1.0) <= MAX_UNIT_ERROR)) return 0;
  for (int j = 0; j < 12; j++) {
    if (!joint_is_plausible(s, j)) return 0;
  }
  for (int leg = 0; leg < 4; leg++) {
    if (s->foot_contact[leg] > 1) return 0;
  }
  return 1;
}

static gaitway_fault fault_in(const gaitway_sensors *s) {
  if (!readings_are_plausible(s)) return GAITWAY_BAD_SENSORS;
  return s->projected_gravity[2] > -MIN_UPRIGHT ? GAITWAY_TILTED : GAITWAY_NO_FAULT;
}

static void damp(gaitway_controller *c, gaitway_fault fault) {
  c->damping = 1;
  c->fault = fault;
}
`;

const CONTROL = `
/* ---- One step ---- */

static int is_standstill(const float *command) {
  return fabs(command[0]) < STANDSTILL_M_PER_S && fabs(command[1]) < STANDSTILL_M_PER_S &&
         fabs(command[2]) < STANDSTILL_RAD_PER_S;
}

/* The gait to be in: who is not to move stands, once it has slowed down. */
static int wanted_gait(const gaitway_controller *c) {
  const int commanded = @rests@ ? (int)GAITWAY_STAND : c->command_gait;
  if (commanded != GAITWAY_STAND || c->gait == GAITWAY_STAND) return commanded;
  return hypot(c->velocity[0], c->velocity[1]) < MAX_SPEED_TO_STAND_M_PER_S ? (int)GAITWAY_STAND : c->gait;
}

/* A command that is too old is to stand still. Returns whether it is. */
static int follow_command(gaitway_controller *c) {
  const int is_stale = c->command_age * GAITWAY_STEP_S >= GAITWAY_COMMAND_TIMEOUT_S;
  for (int k = 0; k < 3; k++) c->velocity_command[k] = is_stale ? 0.0f : c->command[k];@stale@
  if (!is_stale) c->command_age++;
  return is_stale;
}

/* Forgets the past: at rest, at the beginning of a stride. */
static void start(gaitway_controller *c, const gaitway_sensors *s) {
  reset_estimate(c, s);
  reset_gait(c, wanted_gait(c));
  reset_feet(c);
  memcpy(c->last_foot_target, c->foot_target, sizeof c->foot_target);
  write_reference(c, s);@start@
  c->started = 1;
}

static void advance_gait_memory(gaitway_controller *c, const gaitway_sensors *s) {
  const double vx = FORWARD_GAIN * c->velocity_command[0];
  const double vy = c->velocity_command[1];
  const double yaw_rate = c->velocity_command[2];
  select_gait(c, wanted_gait(c));
  advance_gait(c, froude_number(vx, yaw_rate));
  advance_feet(c, vx, vy, yaw_rate, s->angular_velocity[2]);
  write_reference(c, s);
}

/* Asks the policy, and takes its targets if all of them are numbers. */
static void act(gaitway_controller *c, const gaitway_sensors *s) {
  double targets[12];
  observe(c, s);
  run_policy(c->policy_action, c->observation);
  joint_targets(targets, c);
  for (int j = 0; j < 12; j++) {
    if (!isfinite(targets[j])) {
      damp(c, GAITWAY_DIVERGED);
      return;
    }
  }
  for (int j = 0; j < 12; j++) c->joint_target[j] = (float)targets[j];
}

static void control(gaitway_controller *c, const gaitway_sensors *s) {
  if (!c->started) {
    start(c, s);
  } else {
    estimate_state(c, s);
    if (!all_within(c->velocity, 3, MAX_SPEED) || !all_within(&c->height, 1, MAX_SPEED)) {
      damp(c, GAITWAY_DIVERGED);
      return;
    }
    advance_gait_memory(c, s);
  }@select@
  act(c, s);
}
`;

const INTERFACE = `
/* ---- Interface ---- */

void gaitway_set_acceleration(gaitway_sensors *s, float x, float y, float z) {
  s->delta_velocity[0] = (float)(GAITWAY_STEP_S * x);
  s->delta_velocity[1] = (float)(GAITWAY_STEP_S * y);
  s->delta_velocity[2] = (float)(GAITWAY_STEP_S * z);
}

void gaitway_set_orientation(gaitway_sensors *s, float w, float x, float y, float z) {
  s->projected_gravity[0] = 2.0f * (w * y - x * z);
  s->projected_gravity[1] = -2.0f * (w * x + y * z);
  s->projected_gravity[2] = 2.0f * (x * x + y * y) - 1.0f;
}

void gaitway_init(gaitway_controller *c) {
  memset(c, 0, sizeof *c);
  memcpy(c->joint_target, DEFAULT_POSE_RAD, sizeof c->joint_target);@init@
}

int gaitway_command(gaitway_controller *c, float vx, float vy, float yaw_rate, int gait) {
  const float command[3] = {vx, vy, yaw_rate};
  if (!all_within(command, 3, MAX_COMMAND) || !(@is_gait@)) return 0;
  memcpy(c->command, command, sizeof command);
  @tell@
  c->command_age = 0;
  return 1;
}

void gaitway_step(gaitway_controller *c, const gaitway_sensors *s, gaitway_output *out) {
  const gaitway_fault fault = fault_in(s);
  const int is_stale = follow_command(c);
  c->bad_readings = fault == GAITWAY_BAD_SENSORS ? c->bad_readings + 1 : 0;
  const int is_late = c->bad_readings * GAITWAY_STEP_S > GAITWAY_SENSOR_TIMEOUT_S;
  if (!c->damping) {
    c->fault = fault == GAITWAY_NO_FAULT && is_stale ? GAITWAY_STALE_COMMAND : fault;
    c->stale_steps = c->started && is_stale ? c->stale_steps + 1 : 0;
    if (c->started && (fault == GAITWAY_TILTED || is_late)) damp(c, fault);
    else if (c->stale_steps * GAITWAY_STEP_S > GAITWAY_STOP_TIMEOUT_S) damp(c, GAITWAY_STALE_COMMAND);
    else if (fault == GAITWAY_NO_FAULT) control(c, s);
  }
  out->damping = c->damping || !c->started;
  out->fault = c->fault;
  for (int j = 0; j < 12; j++) {
    out->joint_target[j] = c->joint_target[j];
    out->kp[j] = out->damping ? 0.0f : KP[j];
    out->kd[j] = KD[j];
  }
}
`;
