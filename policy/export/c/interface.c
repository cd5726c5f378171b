/* ---- Interface: the functions of gaitway.h, with the safety state around the control ---- */

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
  memcpy(c->joint_target, DEFAULT_POSE_RAD, sizeof c->joint_target);
  tell_gait(c, GAITWAY_STAND);
}

static int is_gait(int gait) {
#ifdef GAITWAY_SELECTED
  if (gait == GAITWAY_SELECTED) return 1;
#endif
  return gait >= 0 && gait < GAITWAY_GAIT_COUNT;
}

int gaitway_command(gaitway_controller *c, float vx, float vy, float yaw_rate, int gait) {
  const float command[3] = {vx, vy, yaw_rate};
  if (!all_within(command, 3, MAX_COMMAND) || !is_gait(gait)) return 0;
  memcpy(c->command, command, sizeof command);
  tell_gait(c, gait);
  c->command_age = 0;
  return 1;
}

/* Takes over the command; one that is too old is to stand still. Returns whether it is. */
static int follow_command(gaitway_controller *c) {
  const int is_stale = c->command_age * GAITWAY_STEP_S >= GAITWAY_COMMAND_TIMEOUT_S;
  for (int k = 0; k < 3; k++) c->velocity_command[k] = is_stale ? 0.0f : c->command[k];
  /* Nobody selects gaits any more: the robot stands. */
  if (is_stale) tell_gait(c, c->command_gait);
  if (!is_stale) c->command_age++;
  return is_stale;
}

static void put_out(gaitway_output *out, const gaitway_controller *c) {
  out->damping = c->damping || !c->started;
  out->fault = c->fault;
  for (int j = 0; j < 12; j++) {
    out->joint_target[j] = c->joint_target[j];
    out->kp[j] = out->damping ? 0.0f : KP[j];
    out->kd[j] = KD[j];
  }
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
  put_out(out, c);
}
