/*
 * ---- Control: one step with good readings ----
 * The twins are policy/runtime/controller.ts and sim/control/locomotion-control.ts.
 */

/* The twin is sim/control/standstill.ts. */
static int is_standstill(const float *command) {
  return fabs(command[0]) < STANDSTILL_M_PER_S && fabs(command[1]) < STANDSTILL_M_PER_S &&
         fabs(command[2]) < STANDSTILL_RAD_PER_S;
}

/* Whether the command alone makes the robot stand; where gaits are selected, the selection says. */
static int is_to_stand(const gaitway_controller *c) {
#ifdef GAITWAY_SELECTED
  if (!c->stands_at_rest) return 0;
#endif
  return is_standstill(c->velocity_command);
}

/* The gait to be in. Who is to stand does so once it has slowed down: at speed it would fall over its feet. */
static int wanted_gait(const gaitway_controller *c) {
  const int commanded = is_to_stand(c) ? (int)GAITWAY_STAND : c->command_gait;
  if (commanded != GAITWAY_STAND || c->gait == GAITWAY_STAND) return commanded;
  return hypot(c->velocity[0], c->velocity[1]) < MAX_SPEED_TO_STAND_M_PER_S ? (int)GAITWAY_STAND : c->gait;
}

/* Forgets the past: the robot is at rest, at the beginning of a stride. */
static void start(gaitway_controller *c, const gaitway_sensors *s) {
  reset_estimate(c, s);
  reset_gait(c, wanted_gait(c));
  reset_feet(c);
  memcpy(c->last_foot_target, c->foot_target, sizeof c->foot_target);
  write_reference(c, s);
#ifdef GAITWAY_SELECTED
  reset_selection(c);
#endif
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
  }
#ifdef GAITWAY_SELECTED
  if (c->selects_gait) choose_gait(c, s);
#endif
  act(c, s);
}
