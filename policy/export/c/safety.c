/*
 * ---- Safety: what readings and estimates can be ----
 * This has no twin, as the simulation's sensors do not fail. A further fault is a line of gaitway_fault in the header,
 * and one of fault_in.
 */

#define MAX_COMMAND 10.0f
/* 2000 degrees/s and 16 g are the ranges of IMUs. */
#define MAX_RATE 35.0f
#define MAX_DELTA_VELOCITY (16.0 * GRAVITY * GAITWAY_STEP_S)
/* A unit vector's squared length may be off by this. */
#define MAX_UNIT_ERROR 0.5
/* Encoders and motors err: by this beyond joint limits, rad, and up to multiples of limits of speed and torque. */
#define JOINT_MARGIN_RAD 0.5
#define JOINT_EXCESS 3.0f
#define MAX_SPEED 10.0f

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
