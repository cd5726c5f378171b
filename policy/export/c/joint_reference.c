/*
 * ---- Joint reference: the reference feet in the tilted base frame, as joint angles, and targets of actions ----
 * The twins are sim/control/locomotion-control.ts, sim/control/leveller.ts and sim/control/balance.ts.
 */

/* Writes the axes of the frame that swing feet are levelled to, in the base frame, row by row. */
static void swing_axes(double axes[9], const float gravity[3]) {
  const double tilt_x = -SWING_LEVELLING * gravity[0];
  const double tilt_y = -SWING_LEVELLING * gravity[1];
  const double upright = -gravity[2] > 0.1 ? -(double)gravity[2] : 0.1;
  const double length = sqrt(tilt_x * tilt_x + tilt_y * tilt_y + upright * upright);
  const double ux = tilt_x / length;
  const double uy = tilt_y / length;
  const double uz = upright / length;
  const double level = sqrt(1.0 - ux * ux);
  axes[0] = level;
  axes[1] = (-ux * uy) / level;
  axes[2] = (-ux * uz) / level;
  axes[6] = ux;
  axes[7] = uy;
  axes[8] = uz;
  axes[3] = uy * axes[2] - uz * axes[1];
  axes[4] = uz * axes[0] - ux * axes[2];
  axes[5] = ux * axes[1] - uy * axes[0];
}

/* Writes what stance feet add to their heights, over the base frame's x and y: offset, slope along x, slope along y. */
static void balance_plane(double plane[3], const gaitway_controller *c, const gaitway_sensors *s) {
  /* A trunk that bounces is meant to rise and to sink. */
  const int bounces = GAITS[c->gait].bounces > 0;
  const double too_high_m = bounces ? 0.0 : c->height - NOMINAL_HEIGHT_M;
  const double rise = bounces ? 0.0 : c->velocity[2];
  plane[0] = STANCE_LEVELLING * too_high_m + STANCE_DAMPING_S * rise;
  plane[1] = -STANCE_LEVELLING * s->projected_gravity[0] - STANCE_DAMPING_S * s->angular_velocity[1];
  plane[2] = -STANCE_LEVELLING * s->projected_gravity[1] + STANCE_DAMPING_S * s->angular_velocity[0];
}

/* Writes the reference foot, ahead by what the motors lag, in the base frame. */
static void place_foot(float out[3], gaitway_controller *c, int leg, const double axes[9], const double plane[3]) {
  const float *target = &c->foot_target[3 * leg];
  float *last = &c->last_foot_target[3 * leg];
  float led[3];
  for (int k = 0; k < 3; k++) {
    led[k] = (float)(target[k] + LEAD_STEPS * ((double)target[k] - last[k]));
    last[k] = target[k];
  }
  if (!c->scheduled_contact[leg]) {
    for (int k = 0; k < 3; k++) out[k] = (float)(led[0] * axes[k] + led[1] * axes[3 + k] + led[2] * axes[6 + k]);
    return;
  }
  out[0] = led[0];
  out[1] = led[1];
  out[2] = (float)(led[2] + (plane[0] + plane[1] * led[0] + plane[2] * led[1]));
}

#if GRAVITY_FEED_FORWARD
/* Shifts a stance leg's reference by -J'F/kp, so that soft motors carry the weight. */
static void feed_forward(gaitway_controller *c, int leg) {
  float J[9];
  float *q = &c->joint_reference[3 * leg];
  const double duty = GAITS[c->gait].duty_factor;
  const double stance_share = c->phase[leg] / duty;
  const double bounce_push = 0.5 * PI * sin(PI * stance_share);
  const double load = GAITS[c->gait].bounces > 0 ? bounce_push : 1.0 + LOAD_PER_SWING_SHARE * (1.0 - duty);
  const double force = (load * MASS_KG * GRAVITY) / (4.0 * duty);
  foot_jacobian(J, leg, q);
  for (int k = 0; k < 3; k++) q[k] = (float)(q[k] - (J[6 + k] * force) / KP[3 * leg + k]);
}
#endif

static void write_reference(gaitway_controller *c, const gaitway_sensors *s) {
  double axes[9];
  double plane[3];
  c->gait_timing[0] = (float)GAITS[c->gait].stride_rate_hz;
  c->gait_timing[1] = (float)GAITS[c->gait].duty_factor;
  swing_axes(axes, s->projected_gravity);
  balance_plane(plane, c, s);
  for (int leg = 0; leg < 4; leg++) {
    const double angle = 2.0 * PI * c->phase[leg];
    float foot[3];
    c->phase_vector[2 * leg] = (float)sin(angle);
    c->phase_vector[2 * leg + 1] = (float)cos(angle);
    place_foot(foot, c, leg, axes, plane);
    leg_joint_angles(&c->joint_reference[3 * leg], leg, foot);
#if GRAVITY_FEED_FORWARD
    if (c->scheduled_contact[leg]) feed_forward(c, leg);
#endif
  }
}

/* What an action is added to: the gait memory's reference, or without residual actions the default pose. */
static const float *action_origin(const gaitway_controller *c) {
#if RESIDUAL_ACTIONS
  return c->joint_reference;
#else
  (void)c;
  return DEFAULT_POSE_RAD;
#endif
}

/* Turns the policy's action into targets within the joint limits, rad. */
static void joint_targets(double out[12], gaitway_controller *c) {
  const float *origin = action_origin(c);
  const double share = c->gait == GAITWAY_STAND ? STANDING_SHARE : 1.0;
  for (int j = 0; j < 12; j++) {
    const double raw = clamp(share * c->policy_action[j], -MAX_ACTION, MAX_ACTION);
    c->action[j] = (float)(c->action[j] + ACTION_SHARE * (raw - c->action[j]));
    out[j] = clamp(origin[j] + ACTION_SCALE_RAD * c->action[j], JOINT_MIN_RAD[j], JOINT_MAX_RAD[j]);
  }
}
