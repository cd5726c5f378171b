/* What the controller does when something is wrong: one check for each argument, exit code 0 where it holds. */

#include "gaitway_a1.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define EXPECT(condition) \
  if (!(condition)) return printf("line %d: not so: %s\n", __LINE__, #condition), 1

static gaitway_controller c;
static gaitway_sensors s;
static gaitway_output out;

/* Stands level at the default pose. */
static void stand(void) {
  memset(&s, 0, sizeof s);
  gaitway_init(&c);
  gaitway_set_acceleration(&s, 0.0f, 0.0f, 9.81f);
  gaitway_set_orientation(&s, 1.0f, 0.0f, 0.0f, 0.0f);
  for (int j = 0; j < 12; j++) s.joint_position[j] = c.joint_target[j];
  for (int leg = 0; leg < 4; leg++) s.foot_contact[leg] = 1;
}

/* Turned about the y axis, by the angle whose half has this sine. */
static void pitch(double degrees) {
  const double half = degrees / 2.0 * 3.14159265358979 / 180.0;
  gaitway_set_orientation(&s, (float)cos(half), 0.0f, (float)sin(half), 0.0f);
}

static void steps(int count) {
  for (int i = 0; i < count; i++) gaitway_step(&c, &s, &out);
}

static void trot(int count) {
  gaitway_command(&c, 0.5f, 0.0f, 0.0f, GAITWAY_TROT);
  steps(count);
}

static int targets_are(const float *expected) {
  return memcmp(out.joint_target, expected, sizeof out.joint_target) == 0;
}

/* 0.5 s are 25 steps of 20 ms. */
static int stale_command_stands(void) {
  stand();
  trot(25);
  EXPECT(c.gait == GAITWAY_TROT && out.fault == GAITWAY_NO_FAULT);
  steps(1);
  EXPECT(c.gait == GAITWAY_STAND && c.velocity_command[0] == 0.0f);
  EXPECT(out.fault == GAITWAY_STALE_COMMAND && !out.damping && out.kp[0] > 0.0f);
  trot(1);
  EXPECT(c.gait == GAITWAY_TROT && out.fault == GAITWAY_NO_FAULT);
  return 0;
}

/* 3 s more are 150 steps. */
static int stale_command_damps_in_the_end(void) {
  stand();
  trot(25);
  steps(150);
  EXPECT(out.fault == GAITWAY_STALE_COMMAND && !out.damping && out.kp[0] > 0.0f);
  /* A command, be it to stand, starts the time anew. */
  gaitway_command(&c, 0.0f, 0.0f, 0.0f, GAITWAY_STAND);
  steps(175);
  EXPECT(out.fault == GAITWAY_STALE_COMMAND && !out.damping);
  steps(1);
  EXPECT(out.fault == GAITWAY_STALE_COMMAND && out.damping && out.kp[0] == 0.0f && out.kd[0] > 0.0f);
  trot(10);
  EXPECT(out.fault == GAITWAY_STALE_COMMAND && out.damping);
  gaitway_init(&c);
  trot(1);
  EXPECT(!out.damping && out.fault == GAITWAY_NO_FAULT);
  return 0;
}

/* Off its feet, and as its IMU has it never slower than 0.3 m/s: it goes on stepping, but not for ever. */
static int stale_command_damps_what_does_not_stop(void) {
  stand();
  for (int leg = 0; leg < 4; leg++) s.foot_contact[leg] = 0;
  s.delta_velocity[0] = 0.04f;
  trot(25);
  s.delta_velocity[0] = 0.0f;
  steps(150);
  EXPECT(c.gait == GAITWAY_TROT && c.velocity_command[0] == 0.0f);
  EXPECT(out.fault == GAITWAY_STALE_COMMAND && !out.damping);
  steps(1);
  EXPECT(out.fault == GAITWAY_STALE_COMMAND && out.damping);
  return 0;
}

static int no_command_stands(void) {
  stand();
  steps(175);
  EXPECT(c.gait == GAITWAY_STAND && !out.damping && out.kp[0] > 0.0f);
  steps(1);
  EXPECT(out.damping);
  return 0;
}

/* 0.1 s are 5 steps. */
static int bad_readings_hold_then_damp(void) {
  float held[12], phase[4];
  stand();
  trot(7);
  memcpy(held, out.joint_target, sizeof held);
  memcpy(phase, c.phase, sizeof phase);
  s.joint_velocity[5] = NAN;
  for (int i = 0; i < 5; i++) {
    steps(1);
    EXPECT(targets_are(held) && out.fault == GAITWAY_BAD_SENSORS && !out.damping && out.kp[5] > 0.0f);
  }
  steps(1);
  EXPECT(out.damping && out.kp[5] == 0.0f && out.kd[5] > 0.0f && targets_are(held));
  EXPECT(memcmp(phase, c.phase, sizeof phase) == 0);
  s.joint_velocity[5] = 0.0f;
  trot(10);
  EXPECT(out.damping && out.fault == GAITWAY_BAD_SENSORS && targets_are(held));
  gaitway_init(&c);
  trot(1);
  EXPECT(!out.damping && out.fault == GAITWAY_NO_FAULT);
  return 0;
}

static int bad_readings_pass(void) {
  float phase;
  stand();
  trot(7);
  phase = c.phase[0];
  s.angular_velocity[1] = INFINITY;
  steps(5);
  s.angular_velocity[1] = 0.0f;
  steps(1);
  /* A trot's stride takes 0.4 s, or 20 steps. */
  EXPECT(!out.damping && out.fault == GAITWAY_NO_FAULT && fabs(c.phase[0] - phase - 0.05) < 1e-6);
  return 0;
}

static int tilt_damps(void) {
  float held[12];
  stand();
  trot(3);
  pitch(59.0);
  trot(1);
  EXPECT(!out.damping);
  memcpy(held, out.joint_target, sizeof held);
  pitch(61.0);
  trot(1);
  EXPECT(out.damping && out.fault == GAITWAY_TILTED && targets_are(held));
  pitch(0.0);
  trot(5);
  EXPECT(out.damping && out.fault == GAITWAY_TILTED && targets_are(held));
  return 0;
}

/* Each of these alone is more than a sensor can mean. */
static int implausible_readings_are_bad(void) {
  const gaitway_sensors good = (stand(), s);
  float *const values[] = {&s.angular_velocity[2], &s.delta_velocity[0], &s.projected_gravity[0], &s.joint_position[4],
                           &s.joint_velocity[11],  &s.joint_torque[0]};
  const float limits[] = {36.0f, 3.2f, 1.5f, 5.0f, 70.0f, 110.0f};
  for (int i = 0; i < 6; i++) {
    s = good;
    *values[i] = limits[i];
    trot(1);
    EXPECT(out.fault == GAITWAY_BAD_SENSORS);
  }
  s = good;
  s.foot_contact[3] = 2;
  trot(1);
  EXPECT(out.fault == GAITWAY_BAD_SENSORS);
  return 0;
}

static int starts_with_good_readings(void) {
  stand();
  s.projected_gravity[2] = NAN;
  /* Longer than a command may be stale. */
  steps(1000);
  EXPECT(out.damping && out.kp[0] == 0.0f && out.fault == GAITWAY_BAD_SENSORS);
  pitch(61.0);
  steps(1);
  EXPECT(out.damping && out.fault == GAITWAY_TILTED);
  pitch(0.0);
  steps(150);
  EXPECT(!out.damping && out.fault == GAITWAY_STALE_COMMAND);
  trot(1);
  EXPECT(!out.damping && out.fault == GAITWAY_NO_FAULT);
  return 0;
}

/* Spinning through the air at 30 rad/s, faster than the odometry's steps can follow. */
static int diverging_estimate_damps(void) {
  stand();
  for (int leg = 0; leg < 4; leg++) s.foot_contact[leg] = 0;
  s.angular_velocity[0] = 30.0f;
  s.delta_velocity[1] = 0.1f;
  trot(100);
  EXPECT(out.damping && out.fault == GAITWAY_DIVERGED);
  return 0;
}

static int bad_command_is_refused(void) {
  stand();
  trot(1);
  EXPECT(!gaitway_command(&c, NAN, 0.0f, 0.0f, GAITWAY_TROT));
  EXPECT(!gaitway_command(&c, 0.0f, 11.0f, 0.0f, GAITWAY_TROT));
  EXPECT(!gaitway_command(&c, 0.5f, 0.0f, 0.0f, GAITWAY_GAIT_COUNT));
  EXPECT(!gaitway_command(&c, 0.5f, 0.0f, 0.0f, -1));
  steps(1);
  EXPECT(c.command[0] == 0.5f && c.gait == GAITWAY_TROT && out.fault == GAITWAY_NO_FAULT);
  return 0;
}

/* 30 degrees to the right side: gravity to the right, sin 30 = 0.5, and down, cos 30 = 0.866. 1 m/s^2 in 20 ms: 0.02 m/s. */
static int converts_imu_readings(void) {
  gaitway_set_orientation(&s, 0.9659258f, 0.2588190f, 0.0f, 0.0f);
  EXPECT(fabs(s.projected_gravity[0]) < 1e-6 && fabs(s.projected_gravity[1] + 0.5) < 1e-6);
  EXPECT(fabs(s.projected_gravity[2] + 0.8660254) < 1e-6);
  pitch(30.0);
  EXPECT(fabs(s.projected_gravity[0] - 0.5) < 1e-6 && fabs(s.projected_gravity[1]) < 1e-6);
  gaitway_set_acceleration(&s, 1.0f, 0.0f, 9.81f);
  EXPECT(fabs(s.delta_velocity[0] - 0.02) < 1e-7 && fabs(s.delta_velocity[2] - 0.1962) < 1e-7);
  return 0;
}

static int state_is_small(void) {
  EXPECT(sizeof(gaitway_controller) < 256 * 1024);
  return 0;
}

static const struct {
  const char *name;
  int (*check)(void);
} checks[] = {
    {"stale_command_stands", stale_command_stands},
    {"stale_command_damps_in_the_end", stale_command_damps_in_the_end},
    {"stale_command_damps_what_does_not_stop", stale_command_damps_what_does_not_stop},
    {"no_command_stands", no_command_stands},
    {"bad_readings_hold_then_damp", bad_readings_hold_then_damp},
    {"bad_readings_pass", bad_readings_pass},
    {"tilt_damps", tilt_damps},
    {"implausible_readings_are_bad", implausible_readings_are_bad},
    {"starts_with_good_readings", starts_with_good_readings},
    {"diverging_estimate_damps", diverging_estimate_damps},
    {"bad_command_is_refused", bad_command_is_refused},
    {"converts_imu_readings", converts_imu_readings},
    {"state_is_small", state_is_small},
};

int main(int argc, char **argv) {
  for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
    if (argc > 1 && strcmp(argv[1], checks[i].name) == 0) return checks[i].check();
  }
  printf("no such check\n");
  return 2;
}
