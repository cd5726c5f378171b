/*
 * ---- Reference feet: where the gait memory wants each foot, in the yaw-aligned base frame ----
 * The twins are gaits/feet.ts, gaits/swing.ts and gaits/bounce.ts. A stance foot stays on the ground that passes under
 * the base at the commanded velocity; a swing foot goes from its lift-off point to a Raibert foothold. Constants of the
 * swing are of Humphreys & Zhou 2025, doi 10.1038/s42256-025-01065-z.
 */

static double hip_point(int leg, int axis) {
  return axis == 0 ? (double)HIP_OFFSET_M[3 * leg] : (double)HIP_OFFSET_M[3 * leg + 1] + ABDUCTION_OFFSET_M[leg];
}

/* Cubic Bezier from 0 to 1 with zero slope at both ends, s^3 + 3 s^2 (1 - s). */
static double bezier(double s) {
  return s * s * (s + 3.0 * (1.0 - s));
}

/* Height of a swing foot as a share of its clearance. */
static double swing_height(double s) {
  return bezier(s < 0.5 ? 2.0 * s : 2.0 - 2.0 * s);
}

/*
 * How far a bouncing trunk is above its height at touchdown, m; negative. The ground pushes with half a sine, which
 * carries the weight on average over a bounce T = T_s + T_f of stance and flight:
 *   z(t) = -g T_f t / 2 - g t^2 / 2 + g T / 2 (t - T_s / pi sin(pi t / T_s))
 */
static double bounce_height(double stance_share, double stance_s, double bounce_s) {
  const double t = stance_share * stance_s;
  const double fall = (bounce_s - stance_s) * t + t * t;
  const double push = bounce_s * (t - (stance_s / PI) * sin(PI * stance_share));
  return COMPRESSION_SHARE * 0.5 * GRAVITY * (push - fall);
}

/*
 * One axis of the Raibert foothold relative to the point under the hip, m:
 *   p = v_hip T_stance / 2 + k_R (v_hip - v_hip,command) + centrifugal term
 */
static double raibert_offset(double velocity, double command, double stance_s, double centrifugal_m, double reach_m) {
  const double feedback = RAIBERT_GAIN_S * (velocity - command);
  return clamp((velocity * stance_s) / 2.0 + feedback + centrifugal_m, -reach_m, reach_m);
}

static double reference_height(const gaitway_controller *c, int leg) {
  const int bounces = GAITS[c->gait].bounces;
  const double duty = c->duty_factor;
  if (!c->scheduled_contact[leg]) {
    return GROUND_Z_M + CLEARANCE_SHARES[bounces] * CLEARANCE_M * swing_height(c->swing_phase[leg]);
  }
  if (bounces == 0) return GROUND_Z_M;
  return GROUND_Z_M - bounce_height(c->phase[leg] / duty, duty * c->period_s, c->period_s / bounces);
}

static double swing_point(const gaitway_controller *c, int leg, int axis, double foothold_m, double progress) {
  const double from = c->lift_off[2 * leg + axis];
  return from + (foothold_m - from) * bezier(progress);
}

/* Where the swing that this step ends puts the foot; a foot of a gait that never swings comes down where it is. */
static double touch_down(const gaitway_controller *c, int leg, int axis, double foothold_m, double swing_s) {
  if (swing_s <= 0.0) return c->foot_target[3 * leg + axis];
  const double progress = c->last_swing_phase[leg] + GAITWAY_STEP_S / swing_s;
  return swing_point(c, leg, axis, foothold_m, progress < 1.0 ? progress : 1.0);
}

/* Moves one coordinate towards its target, no faster than the bound. */
static void track(float *coordinate, double target_m, double max_speed) {
  const double max_step_m = max_speed * GAITWAY_STEP_S;
  *coordinate = (float)(*coordinate + clamp(target_m - *coordinate, -max_step_m, max_step_m));
}

/* Moves a foot along one horizontal axis, 0 x, 1 y. */
static void move_axis(gaitway_controller *c, int leg, int axis, double hip_velocity, double foothold_m) {
  const double reach_m = axis == 0 ? FOOT_REACH_X_M : FOOT_REACH_Y_M;
  const double low = hip_point(leg, axis) - reach_m;
  const double high = hip_point(leg, axis) + reach_m;
  const double swing_s = (1.0 - c->duty_factor) * c->period_s;
  const double ground_velocity = swing_s > 0.0 ? -hip_velocity : 0.0;
  const int was_stance = c->last_scheduled_contact[leg];
  double target = c->foot_target[3 * leg + axis];
  if (c->scheduled_contact[leg]) {
    const double phase_s = c->phase[leg] * c->period_s;
    const double stance_s = was_stance || phase_s > GAITWAY_STEP_S ? GAITWAY_STEP_S : phase_s;
    if (!was_stance) target = touch_down(c, leg, axis, foothold_m, swing_s);
    target = clamp(target + ground_velocity * stance_s, low, high);
  } else {
    if (was_stance) {
      /* The foot still spent this part of the step on the ground. */
      const double stance_s = GAITWAY_STEP_S - c->swing_phase[leg] * swing_s;
      c->lift_off[2 * leg + axis] = clamp(target + ground_velocity * (stance_s > 0.0 ? stance_s : 0.0), low, high);
    }
    target = swing_point(c, leg, axis, foothold_m, c->swing_phase[leg]);
  }
  track(&c->foot_target[3 * leg + axis], target, axis == 0 ? MAX_FOOT_SPEED_X : MAX_FOOT_SPEED_Y);
}

static void remember_foot(gaitway_controller *c, int leg) {
  c->last_scheduled_contact[leg] = c->scheduled_contact[leg];
  c->last_swing_phase[leg] = c->swing_phase[leg];
}

/* Puts the feet under the hips, swing feet at the height of their phase. */
static void reset_feet(gaitway_controller *c) {
  for (int leg = 0; leg < 4; leg++) {
    for (int axis = 0; axis < 2; axis++) {
      c->lift_off[2 * leg + axis] = hip_point(leg, axis);
      c->foot_target[3 * leg + axis] = (float)hip_point(leg, axis);
    }
    c->foot_target[3 * leg + 2] = (float)reference_height(c, leg);
    remember_foot(c, leg);
  }
}

/* Moves the feet on by a step, after the scheduler. The base's yaw rate is measured, rad/s. */
static void advance_feet(gaitway_controller *c, double vx, double vy, double yaw_rate, double base_yaw_rate) {
  const double stance_s = c->duty_factor * c->period_s;
  const double base_vx = c->velocity[0];
  const double base_vy = c->velocity[1];
  /* z / (2 g) (v x omega), omega = (0, 0, yaw rate) */
  const double centrifugal_s2 = (c->height / (2.0 * GRAVITY)) * base_yaw_rate;
  for (int leg = 0; leg < 4; leg++) {
    const double x = hip_point(leg, 0);
    const double y = hip_point(leg, 1);
    const double hip_vx = vx - yaw_rate * y;
    const double hip_vy = vy + yaw_rate * x;
    const double offset_x =
        raibert_offset(base_vx - base_yaw_rate * y, hip_vx, stance_s, centrifugal_s2 * base_vy, FOOT_REACH_X_M);
    const double offset_y =
        raibert_offset(base_vy + base_yaw_rate * x, hip_vy, stance_s, -centrifugal_s2 * base_vx, FOOT_REACH_Y_M);
    move_axis(c, leg, 0, hip_vx, x + offset_x);
    move_axis(c, leg, 1, hip_vy, y + offset_y);
    track(&c->foot_target[3 * leg + 2], reference_height(c, leg), MAX_FOOT_SPEED_Z);
    remember_foot(c, leg);
  }
}
