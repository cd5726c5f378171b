/*
 * Feeds the controller random readings and commands, numbers that are none among them, and looks at all it puts out.
 * Prints how many steps it controlled, held and damped, and a digest of all its joint targets, bit by bit.
 *
 *   fuzz <steps>
 */

/* With the source, for the joint limits. */
#include "gaitway_a1.c"

#include <stdio.h>
#include <stdlib.h>

static uint32_t random_state = 1;

/* Marsaglia's xorshift. */
static uint32_t random_bits(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return random_state;
}

static int one_in(uint32_t n) {
  return random_bits() % n == 0;
}

static float random_between(float low, float high) {
  return low + (high - low) * ((float)(random_bits() >> 8) / 16777216.0f);
}

/* Any float there is: large, tiny, infinite, none. */
static float any_float(void) {
  const uint32_t bits = random_bits();
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* Readings as a walking robot has them, or, with more spread, just within what is plausible. */
static void draw_readings(gaitway_sensors *s, float spread) {
  for (int k = 0; k < 3; k++) {
    s->angular_velocity[k] = random_between(-34.0f, 34.0f) * spread;
    s->delta_velocity[k] = random_between(-3.1f, 3.1f) * spread;
    s->projected_gravity[k] = random_between(-1.0f, 1.0f) * spread;
  }
  s->projected_gravity[2] = -1.0f;
  for (int j = 0; j < 12; j++) {
    s->joint_position[j] = random_between(JOINT_MIN_RAD[j] - 0.4f * spread, JOINT_MAX_RAD[j] + 0.4f * spread);
    s->joint_velocity[j] = random_between(-60.0f, 60.0f) * spread;
    s->joint_torque[j] = random_between(-90.0f, 90.0f) * spread;
  }
  for (int leg = 0; leg < 4; leg++) s->foot_contact[leg] = (uint8_t)one_in(2);
}

static void spoil(gaitway_sensors *s) {
  static const uint32_t sizes[] = {3, 3, 3, 12, 12, 12};
  float *groups[] = {s->angular_velocity, s->delta_velocity, s->projected_gravity,
                     s->joint_position,   s->joint_velocity, s->joint_torque};
  const uint32_t group = random_bits() % 6;
  const uint32_t index = random_bits() % sizes[group];
  groups[group][index] = any_float();
  const uint32_t leg = random_bits() % 4;
  if (one_in(4)) s->foot_contact[leg] = (uint8_t)random_bits();
}

/* One draw a statement: within one, compilers choose the order. */
static void command(gaitway_controller *c, int of_any_floats, int gait) {
  const float vx = of_any_floats ? any_float() : random_between(-9.0f, 9.0f);
  const float vy = of_any_floats ? random_between(-1.0f, 1.0f) : 0.0f;
  const float yaw_rate = of_any_floats ? any_float() : random_between(-9.0f, 9.0f);
  gaitway_command(c, vx, vy, yaw_rate, gait);
}

static int output_is_legal(const gaitway_output *out) {
  for (int j = 0; j < 12; j++) {
    const float target = out->joint_target[j];
    if (!(target >= JOINT_MIN_RAD[j] && target <= JOINT_MAX_RAD[j])) return 0;
    if (out->kp[j] != (out->damping ? 0.0f : KP[j]) || out->kd[j] != KD[j]) return 0;
  }
  return 1;
}

/* FNV-1a. */
static uint32_t digest(uint32_t hash, const float *values, int size) {
  unsigned char bytes[sizeof(float)];
  for (int k = 0; k < size; k++) {
    memcpy(bytes, &values[k], sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) hash = (hash ^ bytes[i]) * 16777619u;
  }
  return hash;
}

int main(int argc, char **argv) {
  static gaitway_controller c;
  static gaitway_sensors s;
  static gaitway_output out;
  const long steps = argc > 1 ? atol(argv[1]) : 0;
  long controlled = 0, held = 0, damped = 0;
  uint32_t hash = 2166136261u;
  gaitway_init(&c);
  for (long step = 0; step < steps; step++) {
    if (one_in(out.damping ? 32 : 4096)) gaitway_init(&c);
    draw_readings(&s, one_in(16) ? 1.0f : 0.1f);
    if (one_in(2)) spoil(&s);
    if (one_in(8)) command(&c, 1, (int)(random_bits() % 16) - 1);
    if (one_in(16)) command(&c, 0, (int)(random_bits() % 13));
#ifdef GAITWAY_SELECTED
    if (one_in(16)) command(&c, 0, GAITWAY_SELECTED);
#endif
    gaitway_step(&c, &s, &out);
    if (!output_is_legal(&out)) {
      printf("step %ld: joint targets or gains not as they must be\n", step);
      return 1;
    }
    hash = digest(hash, out.joint_target, 12);
    if (out.damping) damped++;
    else if (out.fault == GAITWAY_BAD_SENSORS) held++;
    else controlled++;
  }
  printf("%ld %ld %ld %08lx\n", controlled, held, damped, (unsigned long)hash);
  return 0;
}
