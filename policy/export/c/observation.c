/*
 * ---- Observation ----
 * The twin is sim/task/observation.ts. The gait memory's slices have a scale of 0 where the policy is not told of it.
 */

static void observe(gaitway_controller *c, const gaitway_sensors *s) {
  float *row = c->observation;
  WRITE_FLOATS(row, OBSERVATION_PROJECTED_GRAVITY, s->projected_gravity, NULL);
  WRITE_FLOATS(row, OBSERVATION_BASE_ANGULAR_VELOCITY, s->angular_velocity, NULL);
  WRITE_FLOATS(row, OBSERVATION_ESTIMATED_VELOCITY, c->velocity, NULL);
  WRITE_FLOATS(row, OBSERVATION_ESTIMATED_HEIGHT, &c->height, NULL);
  WRITE_FLOATS(row, OBSERVATION_CONTACT_PROBABILITY, c->contact_probability, NULL);
  WRITE_FLOATS(row, OBSERVATION_JOINT_POSITION, s->joint_position, DEFAULT_POSE_RAD);
  WRITE_FLOATS(row, OBSERVATION_JOINT_VELOCITY, s->joint_velocity, NULL);
  WRITE_FLOATS(row, OBSERVATION_LAST_ACTION, c->action, NULL);
  WRITE_FLOATS(row, OBSERVATION_COMMAND, c->velocity_command, NULL);
  WRITE_BYTES(row, OBSERVATION_SCHEDULED_CONTACT, c->scheduled_contact);
  WRITE_FLOATS(row, OBSERVATION_LEG_PHASE, c->phase_vector, NULL);
  WRITE_FLOATS(row, OBSERVATION_GAIT_TIMING, c->gait_timing, NULL);
  WRITE_FLOATS(row, OBSERVATION_FOOT_TARGET, c->foot_target, NOMINAL_FEET_M);
}
