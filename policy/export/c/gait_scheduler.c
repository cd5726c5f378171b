/*
 * ---- Gait scheduler: phases, scheduled contacts, transitions ----
 * The twins are gaits/scheduler.ts and gaits/transition.ts. There is one stride clock; a leg's phase is the clock plus
 * the leg's offset, which a transition blends from one gait's to the other's.
 */

static int is_standing(const gait_parameters *gait) {
  return gait->duty_factor >= 1.0;
}

static double blend(double from, double to, double share) {
  return from + share * (to - from);
}

/* The shortest way around the stride, cycles, in (-0.5, 0.5]; half a stride goes forward. */
static double shortest_shift(double from, double to) {
  const double shift = to - from;
  return shift - ceil(shift - 0.5);
}

/* Rounds to the nearest whole number, a half up. */
static double round_half_up(double value) {
  const double above = ceil(value);
  return above - 0.5 > value ? above - 1.0 : above;
}

/*
 * How long a bio-synchronised transition lasts, s:
 *   N = round((L_A + L_B) / 2 exp(-2 Fr))   frames, L = period / frame; one frame to and from stand
 *   n = round(min(1 + S_A / S_B, N))        frames that the counter advances a step, S the gait stability number
 * so that it is over after N / n frames. Humphreys & Zhou 2025, doi 10.1038/s42256-025-01065-z.
 */
static double transition_duration(const gait_parameters *from, const gait_parameters *to, double froude) {
  if (is_standing(from) || is_standing(to)) return TRANSITION_FRAME_S;
  const double from_stance_s = from->period_s * from->duty_factor;
  const double to_stance_s = to->period_s * to->duty_factor;
  const double stability_ratio = (GRAVITY * from_stance_s * from_stance_s) / (GRAVITY * to_stance_s * to_stance_s);
  const double mean_period_s = (from->period_s + to->period_s) / 2.0;
  /* The small number rounds halves up even where rounding left them just below. */
  const double rounded = round_half_up(mean_period_s / TRANSITION_FRAME_S * exp(-2.0 * froude) + 1e-9);
  const double frames = rounded > 1.0 ? rounded : 1.0;
  const double advance = 1.0 + stability_ratio < frames ? 1.0 + stability_ratio : frames;
  return TRANSITION_FRAME_S * frames / round_half_up(advance);
}

/*
 * Froude number v^2 / (g h) of the commanded motion, as froudeNumber in gaits/library.ts: v is the forward speed, or of
 * a robot that does not move forward the faster of its backward speed and its hips' about the yaw axis.
 */
static double froude_number(double vx, double yaw_rate) {
  const double turning = yaw_rate * HIP_RADIUS_M;
  const double forward = vx * vx;
  const double speed_squared = vx > 0.0 || forward > turning * turning ? forward : turning * turning;
  return speed_squared / (GRAVITY * LEG_LENGTH_M);
}

/* A phase in single precision, in [0, 1): the rounding of 0.99999999 to 1 wraps to 0. */
static float wrap_phase(double cycles) {
  const float phase = (float)(cycles - floor(cycles));
  return phase < 1.0f ? phase : 0.0f;
}

static void write_phases(gaitway_controller *c, double share) {
  const double *from = GAITS[c->from_gait].phase_offset;
  const double *to = GAITS[c->gait].phase_offset;
  const double duty = c->duty_factor;
  for (int leg = 0; leg < 4; leg++) {
    const double offset = share < 1.0 ? from[leg] + share * shortest_shift(from[leg], to[leg]) : to[leg];
    c->phase[leg] = wrap_phase(c->cycle + offset);
    /* Both sides are in single precision: a leg that is due to lift off at a sample does so there in every stride. */
    c->scheduled_contact[leg] = c->phase[leg] < (float)duty;
    const double progress = c->scheduled_contact[leg] ? 0.0 : (c->phase[leg] - duty) / (1.0 - duty);
    c->swing_phase[leg] = (float)(progress > 0.0 ? progress : 0.0);
  }
}

/* Begins a stride of a gait. */
static void reset_gait(gaitway_controller *c, int gait) {
  c->gait = (uint8_t)gait;
  c->from_gait = (uint8_t)gait;
  c->in_transition = 0;
  c->cycle = 0.0;
  c->period_s = GAITS[gait].period_s;
  c->duty_factor = GAITS[gait].duty_factor;
  write_phases(c, 1.0);
}

/* Starts a transition; does nothing while one runs, or in that gait already. */
static void select_gait(gaitway_controller *c, int gait) {
  if (c->in_transition || c->gait == gait) return;
  c->from_gait = c->gait;
  c->gait = (uint8_t)gait;
  c->progress = 0.0;
  c->in_transition = 1;
}

/* Returns the share of the target gait in the blend, 0..1. */
static double advance_transition(gaitway_controller *c, double froude) {
  if (!c->in_transition) return 1.0;
  if (c->progress == 0.0) c->transition_s = transition_duration(&GAITS[c->from_gait], &GAITS[c->gait], froude);
  c->progress += GAITWAY_STEP_S / c->transition_s;
  if (c->progress < TRANSITION_COMPLETE) return c->progress;
  c->from_gait = c->gait;
  c->in_transition = 0;
  return 1.0;
}

/* Moves the stride on by a step. */
static void advance_gait(gaitway_controller *c, double froude) {
  const double share = advance_transition(c, froude);
  const gait_parameters *from = &GAITS[c->from_gait];
  const gait_parameters *to = &GAITS[c->gait];
  const double cycle = c->cycle + GAITWAY_STEP_S * blend(from->stride_rate_hz, to->stride_rate_hz, share);
  c->period_s = blend(from->period_s, to->period_s, share);
  c->duty_factor = blend(from->duty_factor, to->duty_factor, share);
  c->cycle = cycle - floor(cycle);
  write_phases(c, share);
}
