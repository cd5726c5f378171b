/** As in sim/control/odometry.ts and sim/control/state-estimate.ts. */

import type { ControlConfig } from "../../../sim/config-sections.js";
import { ESTIMATOR_FRAME } from "../../../sim/control/state-estimate.js";
import { SENSOR_FIELDS } from "./sensor-fields.js";
import { writeSlices } from "./slices.js";

/** `reset_estimate` and `sense`, of the kind of estimate that the policy was trained with. */
export function stateEstimate(kind: ControlConfig["estimator"]): string {
  if (kind === "none") return COMMAND_ESTIMATE;
  return kind === "learned" ? ODOMETRY + learnedEstimate() : ODOMETRY + ODOMETRY_ESTIMATE;
}

const ODOMETRY = `
/* ---- Leg odometry: the IMU predicts, planted feet correct ---- */

static void reset_odometry(gaitway_controller *c) {
  for (int k = 0; k < 3; k++) {
    c->odometry_velocity[k] = 0.0f;
    c->last_rate[k] = 0.0f;
  }
  for (int leg = 0; leg < 4; leg++) c->last_foot_contact[leg] = 0;
  c->odometry_height = (float)NOMINAL_HEIGHT_M;
}

/* Integrates the IMU over one step; the base turns at the mean of the rates before and after. */
static void predict_velocity(gaitway_controller *c, const gaitway_sensors *s) {
  float *v = c->odometry_velocity;
  const float *rate = s->angular_velocity;
  const double x = v[0];
  const double y = v[1];
  const double z = v[2];
  const double wx = 0.5 * GAITWAY_STEP_S * ((double)rate[0] + c->last_rate[0]);
  const double wy = 0.5 * GAITWAY_STEP_S * ((double)rate[1] + c->last_rate[1]);
  const double wz = 0.5 * GAITWAY_STEP_S * ((double)rate[2] + c->last_rate[2]);
  const double g = GRAVITY * GAITWAY_STEP_S;
  v[0] = (float)(x - (wy * z - wz * y) + s->delta_velocity[0] + g * s->projected_gravity[0]);
  v[1] = (float)(y - (wz * x - wx * z) + s->delta_velocity[1] + g * s->projected_gravity[1]);
  v[2] = (float)(z - (wx * y - wy * x) + s->delta_velocity[2] + g * s->projected_gravity[2]);
  for (int k = 0; k < 3; k++) c->last_rate[k] = rate[k];
}

/* Adds what one foot that stands still tells of the base: its velocity and height. */
static void add_foot(double sum[4], int leg, const gaitway_sensors *s) {
  float p[3];
  float J[9];
  const float *q = &s->joint_position[3 * leg];
  const float *rate = s->angular_velocity;
  foot_position(p, leg, q);
  foot_jacobian(J, leg, q);
  const double rx = FOOT_RADIUS_M * s->projected_gravity[0];
  const double ry = FOOT_RADIUS_M * s->projected_gravity[1];
  const double rz = FOOT_RADIUS_M * s->projected_gravity[2];
  const double hip = q[0];
  const double hip_rate = s->joint_velocity[3 * leg];
  const double thigh_rate = s->joint_velocity[3 * leg + 1];
  const double calf_rate = s->joint_velocity[3 * leg + 2];
  /* Rotation of the calf in the base frame. */
  const double pitch_rate = thigh_rate + calf_rate;
  const double wx = rate[0] + hip_rate;
  const double wy = rate[1] + pitch_rate * cos(hip);
  const double wz = rate[2] + pitch_rate * sin(hip);
  const double bx = wx - hip_rate;
  const double by = rate[1];
  const double bz = rate[2];
  sum[0] -= J[0] * hip_rate + J[1] * thigh_rate + J[2] * calf_rate + by * p[2] - bz * p[1] + wy * rz - wz * ry;
  sum[1] -= J[3] * hip_rate + J[4] * thigh_rate + J[5] * calf_rate + bz * p[0] - bx * p[2] + wz * rx - wx * rz;
  sum[2] -= J[6] * hip_rate + J[7] * thigh_rate + J[8] * calf_rate + bx * p[1] - by * p[0] + wx * ry - wy * rx;
  sum[3] += (p[0] * rx + p[1] * ry + p[2] * rz) / FOOT_RADIUS_M + FOOT_RADIUS_M;
}

/* Planted are feet in contact, at the step before too, and meant to be. */
static void update_odometry(gaitway_controller *c, const gaitway_sensors *s) {
  double sum[4] = {0.0, 0.0, 0.0, 0.0};
  int planted = 0;
  predict_velocity(c, s);
  for (int leg = 0; leg < 4; leg++) {
    if (s->foot_contact[leg] && c->last_foot_contact[leg] && c->scheduled_contact[leg]) {
      planted++;
      add_foot(sum, leg, s);
    }
    c->last_foot_contact[leg] = s->foot_contact[leg];
  }
  if (planted == 0) return;
  for (int k = 0; k < 3; k++) {
    const double v = c->odometry_velocity[k];
    c->odometry_velocity[k] = (float)(v + VELOCITY_SHARE * (sum[k] / planted - v));
  }
  c->odometry_height = (float)(c->odometry_height + HEIGHT_SHARE * (sum[3] / planted - c->odometry_height));
}
`;

const RESET_ESTIMATE = `
static void rest(gaitway_controller *c, const gaitway_sensors *s) {
  for (int k = 0; k < 3; k++) c->velocity[k] = 0.0f;
  c->height = (float)NOMINAL_HEIGHT_M;
  for (int leg = 0; leg < 4; leg++) c->contact_probability[leg] = s->foot_contact[leg];
}
`;

const COMMAND_ESTIMATE = `
/* ---- State estimate: the velocity is taken to be as commanded ---- */
${RESET_ESTIMATE}
static void reset_estimate(gaitway_controller *c, const gaitway_sensors *s) {
  rest(c, s);
}

static void estimate_state(gaitway_controller *c, const gaitway_sensors *s) {
  for (int k = 0; k < 2; k++) c->velocity[k] = c->velocity_command[k];
  for (int leg = 0; leg < 4; leg++) c->contact_probability[leg] = s->foot_contact[leg];
}
`;

const ODOMETRY_ESTIMATE = `
/* ---- State estimate: the odometry's ---- */
${RESET_ESTIMATE}
static void reset_estimate(gaitway_controller *c, const gaitway_sensors *s) {
  reset_odometry(c);
  rest(c, s);
}

static void estimate_state(gaitway_controller *c, const gaitway_sensors *s) {
  update_odometry(c, s);
  for (int k = 0; k < 3; k++) c->velocity[k] = c->odometry_velocity[k];
  c->height = c->odometry_height;
  for (int leg = 0; leg < 4; leg++) c->contact_probability[leg] = s->foot_contact[leg];
}
`;

function learnedEstimate(): string {
  let offset = 0;
  const slices = ESTIMATOR_FRAME.map(({ name, size, scale }) => {
    const { field, isBytes } = SENSOR_FIELDS[name];
    const origin = name === "jointPosition" ? "DEFAULT_POSE_RAD" : undefined;
    const slice = { offset, values: `s->${field}`, isBytes, origin, size, scale };
    offset += size;
    return slice;
  });
  return `
/* ---- State estimate: the odometry's, corrected by a network that sees the last few steps ---- */
${RESET_ESTIMATE}
static void write_frame(float *frame, const gaitway_sensors *s) {
${writeSlices("frame", slices)}}

static void reset_estimate(gaitway_controller *c, const gaitway_sensors *s) {
  reset_odometry(c);
  rest(c, s);
  for (int step = 0; step < HISTORY_STEPS; step++) write_frame(&c->estimator_input[step * FRAME_SIZE], s);
}

static void estimate_state(gaitway_controller *c, const gaitway_sensors *s) {
  const int newest = (HISTORY_STEPS - 1) * FRAME_SIZE;
  float *extra = &c->estimator_input[HISTORY_STEPS * FRAME_SIZE];
  const float *correction = c->estimator_output;
  update_odometry(c, s);
  memmove(c->estimator_input, &c->estimator_input[FRAME_SIZE], (size_t)newest * sizeof(float));
  write_frame(&c->estimator_input[newest], s);
  for (int k = 0; k < 3; k++) extra[k] = c->odometry_velocity[k];
  extra[3] = (float)(HEIGHT_INPUT_SCALE * (c->odometry_height - NOMINAL_HEIGHT_M));
  for (int leg = 0; leg < 4; leg++) extra[4 + leg] = c->scheduled_contact[leg];
  run_estimator(c->estimator_output, c->estimator_input);
  for (int k = 0; k < 3; k++) c->velocity[k] = (float)(c->odometry_velocity[k] + correction[k] / VELOCITY_SCALE);
  c->height = (float)(c->odometry_height + correction[3] / HEIGHT_SCALE);
  for (int leg = 0; leg < 4; leg++) {
    c->contact_probability[leg] = (float)(1.0 / (1.0 + exp(-(double)correction[4 + leg])));
  }
}
`;
}
