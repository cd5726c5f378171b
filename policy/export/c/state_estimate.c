/*
 * ---- State estimate: what the robot takes itself to do, of the kind that its policy was trained with ----
 * The twin is sim/control/state-estimate.ts. Velocity and height are the odometry's, corrected by a network that sees
 * the last few steps; or the odometry's alone; or, without odometry, as commanded and nominal.
 */

static void rest(gaitway_controller *c, const gaitway_sensors *s) {
  for (int k = 0; k < 3; k++) c->velocity[k] = 0.0f;
  c->height = (float)NOMINAL_HEIGHT_M;
  for (int leg = 0; leg < 4; leg++) c->contact_probability[leg] = s->foot_contact[leg];
}

#if GAITWAY_HAS_ESTIMATOR

static void write_frame(float *frame, const gaitway_sensors *s) {
  WRITE_FLOATS(frame, FRAME_PROJECTED_GRAVITY, s->projected_gravity, NULL);
  WRITE_FLOATS(frame, FRAME_BASE_ANGULAR_VELOCITY, s->angular_velocity, NULL);
  WRITE_FLOATS(frame, FRAME_DELTA_VELOCITY, s->delta_velocity, NULL);
  WRITE_FLOATS(frame, FRAME_JOINT_POSITION, s->joint_position, DEFAULT_POSE_RAD);
  WRITE_FLOATS(frame, FRAME_JOINT_VELOCITY, s->joint_velocity, NULL);
  WRITE_FLOATS(frame, FRAME_JOINT_TORQUE, s->joint_torque, NULL);
  WRITE_BYTES(frame, FRAME_FOOT_CONTACT, s->foot_contact);
}

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

#elif GAITWAY_HAS_ODOMETRY

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

#else

static void reset_estimate(gaitway_controller *c, const gaitway_sensors *s) {
  rest(c, s);
}

static void estimate_state(gaitway_controller *c, const gaitway_sensors *s) {
  for (int k = 0; k < 2; k++) c->velocity[k] = c->velocity_command[k];
  for (int leg = 0; leg < 4; leg++) c->contact_probability[leg] = s->foot_contact[leg];
}

#endif
