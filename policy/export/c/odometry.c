/*
 * ---- Leg odometry: the IMU predicts, planted feet correct ----
 * The twin is sim/control/odometry.ts, a complementary filter (Bloesch et al., "State estimation for legged robots",
 * RSS 2012, with fixed gains). The IMU predicts:
 *   v <- v - omega x v dt + delta v + g dt.
 * The point of a foot that touches the ground stands still, which tells how the base moves over it:
 *   v = -(J dq/dt + omega_leg x r + omega x (p + r)),
 * with p the foot's centre and r from there to the sole, averaged over the planted feet.
 */
#if GAITWAY_HAS_ODOMETRY

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
  /* The calf turns in the base frame: the hip about x, thigh and calf about the y axis that the hip has turned. */
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

#endif
