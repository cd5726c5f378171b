/*
 * ---- Kinematics of one leg ----
 * The twin is gaits/kinematics.ts. The hip turns about x, then thigh and calf about y. With q = (a, b, c), the foot
 * lies in the leg's plane at
 *   x = -l1 sin b - l2 sin(b + c),   w = -l1 cos b - l2 cos(b + c),
 * and that plane, d to the side of the hip joint, is rolled by a:
 *   y = d cos a - w sin a,   z = d sin a + w cos a.
 */

/* A number that is none stays one. */
static double clamp(double value, double low, double high) {
  if (value > high) return high;
  return value < low ? low : value;
}

#if GAITWAY_HAS_ODOMETRY
/* Writes the centre of the foot in the base frame, m, at q = hip, thigh and calf angle, rad. */
static void foot_position(float out[3], int leg, const float q[3]) {
  const double a = q[0];
  const double b = q[1];
  const double bc = b + q[2];
  const double d = ABDUCTION_OFFSET_M[leg];
  const double w = -THIGH_LENGTH_M * cos(b) - CALF_LENGTH_M * cos(bc);
  out[0] = (float)(HIP_OFFSET_M[3 * leg] - THIGH_LENGTH_M * sin(b) - CALF_LENGTH_M * sin(bc));
  out[1] = (float)(HIP_OFFSET_M[3 * leg + 1] + d * cos(a) - w * sin(a));
  out[2] = (float)(HIP_OFFSET_M[3 * leg + 2] + d * sin(a) + w * cos(a));
}
#endif

#if GAITWAY_HAS_ODOMETRY || GRAVITY_FEED_FORWARD
/* Writes d(x, y, z) / d(hip, thigh, calf), m/rad, row-major. */
static void foot_jacobian(float out[9], int leg, const float q[3]) {
  const double a = q[0];
  const double b = q[1];
  const double bc = b + q[2];
  const double d = ABDUCTION_OFFSET_M[leg];
  const double sin_a = sin(a);
  const double cos_a = cos(a);
  const double x = -THIGH_LENGTH_M * sin(b) - CALF_LENGTH_M * sin(bc);
  const double w = -THIGH_LENGTH_M * cos(b) - CALF_LENGTH_M * cos(bc);
  const double calf_x = -CALF_LENGTH_M * sin(bc);
  out[0] = 0.0f;
  out[1] = (float)w;
  out[2] = (float)(-CALF_LENGTH_M * cos(bc));
  out[3] = (float)(-d * sin_a - w * cos_a);
  out[4] = (float)(x * sin_a);
  out[5] = (float)(calf_x * sin_a);
  out[6] = (float)(d * cos_a - w * sin_a);
  out[7] = (float)(-x * cos_a);
  out[8] = (float)(-calf_x * cos_a);
}
#endif

/*
 * Writes the angles, rad, that put the foot at a point of the base frame, m, or as near as reach and limits allow. The
 * knee bends backward.
 */
static void leg_joint_angles(float out[3], int leg, const float foot[3]) {
  const double l1 = THIGH_LENGTH_M;
  const double l2 = CALF_LENGTH_M;
  const float *low = &JOINT_MIN_RAD[3 * leg];
  const float *high = &JOINT_MAX_RAD[3 * leg];
  const double x = (double)foot[0] - HIP_OFFSET_M[3 * leg];
  const double y = (double)foot[1] - HIP_OFFSET_M[3 * leg + 1];
  const double z = (double)foot[2] - HIP_OFFSET_M[3 * leg + 2];
  const double d = ABDUCTION_OFFSET_M[leg];
  const double square = y * y + z * z - d * d;
  const double below = sqrt(square > 0.0 ? square : 0.0);
  const double hip = clamp(atan2(y, -z) - atan2(d, below), low[0], high[0]);
  const double depth = y * sin(hip) - z * cos(hip);
  const double cos_calf = clamp((x * x + depth * depth - l1 * l1 - l2 * l2) / (2.0 * l1 * l2), -1.0, 1.0);
  const double calf = clamp(-acos(cos_calf), low[2], high[2]);
  const double bend = atan2(l2 * sin(calf), l1 + l2 * cos(calf));
  double thigh = atan2(-x, depth) - bend;
  /* The thigh may swing far past level to the rear, where the arc tangent has already jumped by a turn. */
  if (thigh < low[1] && thigh + 2.0 * PI <= high[1]) thigh += 2.0 * PI;
  out[0] = (float)hip;
  out[1] = (float)clamp(thigh, low[1], high[1]);
  out[2] = (float)calf;
}
