/*
 * ---- Gait selection: the likeliest gait every few steps, unless a transition runs ----
 * The twins are policy/runtime/gait-choice.ts and sim/task/gait-selection.ts.
 */
#ifndef GAITWAY_SELECTED

static void tell_gait(gaitway_controller *c, int gait) {
  c->command_gait = (uint8_t)gait;
}

#else

/* Who is told a gait stands at rest; who selects its gaits does as they are. */
static void tell_gait(gaitway_controller *c, int gait) {
  c->selects_gait = gait == GAITWAY_SELECTED;
  if (c->selects_gait) return;
  c->command_gait = (uint8_t)gait;
  c->stands_at_rest = 1;
}

/* Starts anew: the command has stood for ever. */
static void reset_selection(gaitway_controller *c) {
  memcpy(c->filtered_command, c->velocity_command, sizeof c->filtered_command);
  memset(c->command_acceleration, 0, sizeof c->command_acceleration);
  c->choice_age = 0;
}

/* Makes accelerations of commands: one that jumps is one of a finite acceleration. */
static void filter_command(gaitway_controller *c) {
  for (int k = 0; k < 3; k++) {
    const double change = (double)c->velocity_command[k] - c->filtered_command[k];
    c->command_acceleration[k] = (float)(change / ACCELERATION_FILTER_S);
    c->filtered_command[k] = (float)(c->filtered_command[k] + GAITWAY_STEP_S * c->command_acceleration[k]);
  }
}

/* The gait's place among those that can be selected; the first for one that is not. */
static int place_of(int gait) {
  for (int i = 0; i < GAITWAY_SELECTABLE_GAIT_COUNT; i++) {
    if (SELECTABLE_GAITS[i] == gait) return i;
  }
  return 0;
}

static void observe_selection(gaitway_controller *c, const gaitway_sensors *s) {
  float *row = c->selection_observation;
  const float last_gait = (float)place_of(c->command_gait);
  float foot_height[4];
  for (int leg = 0; leg < 4; leg++) foot_height[leg] = c->foot_target[3 * leg + 2];
  WRITE_BYTES(row, SELECTION_SCHEDULED_CONTACT, c->scheduled_contact);
  WRITE_BYTES(row, SELECTION_FOOT_CONTACT, s->foot_contact);
  WRITE_FLOATS(row, SELECTION_COMMAND, c->velocity_command, NULL);
  WRITE_FLOATS(row, SELECTION_JOINT_TORQUE, s->joint_torque, NULL);
  WRITE_FLOATS(row, SELECTION_PROJECTED_GRAVITY, s->projected_gravity, NULL);
  WRITE_FLOATS(row, SELECTION_ESTIMATED_VELOCITY, c->velocity, NULL);
  WRITE_FLOATS(row, SELECTION_BASE_ANGULAR_VELOCITY, s->angular_velocity, NULL);
  WRITE_FLOATS(row, SELECTION_LAST_GAIT, &last_gait, NULL);
  WRITE_FLOATS(row, SELECTION_FOOT_HEIGHT, foot_height, NULL);
  WRITE_FLOATS(row, SELECTION_JOINT_POSITION, s->joint_position, NULL);
  WRITE_FLOATS(row, SELECTION_JOINT_VELOCITY, s->joint_velocity, NULL);
  WRITE_FLOATS(row, SELECTION_COMMAND_ACCELERATION, c->command_acceleration, NULL);
  WRITE_FLOATS(row, SELECTION_STABILITY_NUMBER, &STABILITY_NUMBERS[c->gait], NULL);
  WRITE_BYTES(row, SELECTION_TRANSITION, &c->in_transition);
}

static void choose_gait(gaitway_controller *c, const gaitway_sensors *s) {
  const int is_due = c->choice_age == 0;
  int best = 0;
  c->stands_at_rest = 0;
  c->choice_age = (c->choice_age + 1) % DECISION_STEPS;
  filter_command(c);
  if (!is_due || c->in_transition) return;
  observe_selection(c, s);
  run_selector(c->gait_logits, c->selection_observation);
  for (int i = 1; i < GAITWAY_SELECTABLE_GAIT_COUNT; i++) {
    if (c->gait_logits[i] > c->gait_logits[best]) best = i;
  }
  c->command_gait = SELECTABLE_GAITS[best];
}

#endif
