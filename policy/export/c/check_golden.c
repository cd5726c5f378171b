/*
 * Runs the controller over golden vectors, and prints how far it is off, column by column. To check a port of your own,
 * put its step in place of gaitway_step, and its results in place of those that the table names.
 *
 *   cc -std=c99 -O2 -o check_golden check_golden.c gaitway.c -lm && ./check_golden golden.csv
 */

#include "gaitway.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOLERANCE 1e-5
#define LINE_SIZE 32768
#define TIMING_ROUNDS 101
#define STEPS_PER_ROUND 100

static gaitway_controller c;
static gaitway_sensors s;
static gaitway_output out;
static float command[3];
static uint8_t gait;

/* Given to the controller, or expected of it. */
typedef enum { INPUT, EXPECTED } role;

/* A named group of numbers in the file, and where they are here. */
typedef struct {
  const char *name;
  int size;
  role what;
  float *floats; /* or else */
  uint8_t *bytes;
  double largest_difference;
} column;

/* As policy/export/golden-columns.ts has them. */
static column columns[] = {
    {"baseAngularVelocity", 3, INPUT, s.angular_velocity, NULL, 0.0},
    {"deltaVelocity", 3, INPUT, s.delta_velocity, NULL, 0.0},
    {"projectedGravity", 3, INPUT, s.projected_gravity, NULL, 0.0},
    {"jointPosition", 12, INPUT, s.joint_position, NULL, 0.0},
    {"jointVelocity", 12, INPUT, s.joint_velocity, NULL, 0.0},
    {"jointTorque", 12, INPUT, s.joint_torque, NULL, 0.0},
    {"footContact", 4, INPUT, NULL, s.foot_contact, 0.0},
    {"command", 3, INPUT, command, NULL, 0.0},
    {"gaitCommand", 1, INPUT, NULL, &gait, 0.0},
#if GAITWAY_HAS_ODOMETRY
    {"odometryVelocity", 3, EXPECTED, c.odometry_velocity, NULL, 0.0},
    {"odometryHeight", 1, EXPECTED, &c.odometry_height, NULL, 0.0},
#endif
#if GAITWAY_HAS_ESTIMATOR
    {"estimatorInput", GAITWAY_ESTIMATOR_INPUT_SIZE, EXPECTED, c.estimator_input, NULL, 0.0},
    {"estimatorOutput", GAITWAY_ESTIMATOR_OUTPUT_SIZE, EXPECTED, c.estimator_output, NULL, 0.0},
#endif
    {"estimatedVelocity", 3, EXPECTED, c.velocity, NULL, 0.0},
    {"estimatedHeight", 1, EXPECTED, &c.height, NULL, 0.0},
    {"contactProbability", 4, EXPECTED, c.contact_probability, NULL, 0.0},
    {"gait", 1, EXPECTED, NULL, &c.gait, 0.0},
    {"transition", 1, EXPECTED, NULL, &c.in_transition, 0.0},
    {"phase", 4, EXPECTED, c.phase, NULL, 0.0},
    {"scheduledContact", 4, EXPECTED, NULL, c.scheduled_contact, 0.0},
    {"swingPhase", 4, EXPECTED, c.swing_phase, NULL, 0.0},
    {"footTarget", 12, EXPECTED, c.foot_target, NULL, 0.0},
    {"jointReference", 12, EXPECTED, c.joint_reference, NULL, 0.0},
#ifdef GAITWAY_SELECTED
    {"selectionObservation", GAITWAY_SELECTION_OBSERVATION_SIZE, EXPECTED, c.selection_observation, NULL, 0.0},
    {"gaitLogits", GAITWAY_SELECTABLE_GAIT_COUNT, EXPECTED, c.gait_logits, NULL, 0.0},
    {"chosenGait", 1, EXPECTED, NULL, &c.command_gait, 0.0},
#endif
    {"observation", GAITWAY_OBSERVATION_SIZE, EXPECTED, c.observation, NULL, 0.0},
    {"policyAction", 12, EXPECTED, c.policy_action, NULL, 0.0},
    {"action", 12, EXPECTED, c.action, NULL, 0.0},
    {"jointTarget", 12, EXPECTED, out.joint_target, NULL, 0.0},
};
#define COLUMN_COUNT ((int)(sizeof columns / sizeof columns[0]))

/* Whether the file's columns are the table's, in its order. */
static int header_is_known(char *line) {
  char *cell = strtok(line, ",\r\n");
  for (int i = 0; i < COLUMN_COUNT; i++) {
    for (int k = 0; k < columns[i].size; k++) {
      char name[64];
      snprintf(name, sizeof name, "%s[%d]", columns[i].name, k);
      if (!cell || strcmp(cell, name) != 0) return 0;
      cell = strtok(NULL, ",\r\n");
    }
  }
  return cell == NULL;
}

static void take(column *into, int k, float value) {
  if (into->floats) into->floats[k] = value;
  else into->bytes[k] = (uint8_t)value;
}

/* What is no number, here or there, is infinitely far off. */
static void compare(column *with, int k, float value) {
  const double computed = with->floats ? (double)with->floats[k] : (double)with->bytes[k];
  double difference = fabs(computed - (double)value);
  if (isnan(difference)) difference = HUGE_VAL;
  if (difference > with->largest_difference) with->largest_difference = difference;
}

/* Checks one step; inputs stand before what is expected. Returns 0 where a number is missing. */
static int check_row(const char *line) {
  int has_stepped = 0;
  for (int i = 0; i < COLUMN_COUNT; i++) {
    if (columns[i].what == EXPECTED && !has_stepped) {
      gaitway_command(&c, command[0], command[1], command[2], gait);
      gaitway_step(&c, &s, &out);
      has_stepped = 1;
    }
    for (int k = 0; k < columns[i].size; k++) {
      char *end;
      const float value = strtof(line, &end);
      if (end == line) return 0;
      line = *end == ',' ? end + 1 : end;
      if (columns[i].what == INPUT) take(&columns[i], k, value);
      else compare(&columns[i], k, value);
    }
  }
  return 1;
}

static double print_differences(void) {
  double largest = 0.0;
  for (int i = 0; i < COLUMN_COUNT; i++) {
    if (columns[i].what == INPUT) continue;
    printf("%-20s %.3g\n", columns[i].name, columns[i].largest_difference);
    if (columns[i].largest_difference > largest) largest = columns[i].largest_difference;
  }
  return largest;
}

static int by_size(const void *a, const void *b) {
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

/*
 * The median time of a step with the last row's inputs, us. Each begins where the rows ended: of the same inputs again
 * and again, the state estimate would diverge, and steps that only damp take no time.
 */
static double step_time(void) {
  static double times[TIMING_ROUNDS];
  const gaitway_controller end = c;
  for (int round = 0; round < TIMING_ROUNDS; round++) {
    const clock_t begin = clock();
    for (int i = 0; i < STEPS_PER_ROUND; i++) {
      c = end;
      gaitway_command(&c, command[0], command[1], command[2], gait);
      gaitway_step(&c, &s, &out);
    }
    times[round] = 1e6 * (double)(clock() - begin) / CLOCKS_PER_SEC / STEPS_PER_ROUND;
  }
  qsort(times, TIMING_ROUNDS, sizeof times[0], by_size);
  return times[TIMING_ROUNDS / 2];
}

int main(int argc, char **argv) {
  static char line[LINE_SIZE];
  const char *path = argc > 1 ? argv[1] : "golden.csv";
  FILE *file = fopen(path, "r");
  int rows = 0;
  if (!file || !fgets(line, sizeof line, file) || !header_is_known(line)) {
    fprintf(stderr, "%s: cannot be read, or its columns are not those of gaitway.h\n", path);
    return 2;
  }
  gaitway_init(&c);
  while (fgets(line, sizeof line, file)) {
    if (!check_row(line)) {
      fprintf(stderr, "%s:%d: a number is missing\n", path, rows + 2);
      return 2;
    }
    rows++;
  }
  fclose(file);
  printf("max |difference| over %d steps\n", rows);
  const double largest = print_differences();
  const int is_good = rows > 0 && largest <= TOLERANCE;
  printf("%s: %.3g, tolerance %g\n", is_good ? "agrees" : "DIFFERS", largest, TOLERANCE);
  printf("step: median %.1f us; state: %d bytes\n", step_time(), (int)sizeof c);
  return is_good ? 0 : 1;
}
