/** A C program that runs the controller over golden vectors, and tells by how much it differs from them. */

import type { GoldenColumn } from "../golden-columns.js";
import { SENSOR_FIELDS } from "./sensor-fields.js";

type Place = { readonly floats: string } | { readonly bytes: string };

const SENSED = Object.entries(SENSOR_FIELDS).map(([name, { field, isBytes }]): [string, Place] => [
  name,
  isBytes ? { bytes: `s.${field}` } : { floats: `s.${field}` },
]);

/** Where the program and the C controller have each column: floats, or else bytes. */
const PLACES: Readonly<Record<string, Place>> = {
  ...Object.fromEntries(SENSED),
  command: { floats: "command" },
  gaitCommand: { bytes: "&gait" },
  odometryVelocity: { floats: "c.odometry_velocity" },
  odometryHeight: { floats: "&c.odometry_height" },
  estimatorInput: { floats: "c.estimator_input" },
  estimatorOutput: { floats: "c.estimator_output" },
  estimatedVelocity: { floats: "c.velocity" },
  estimatedHeight: { floats: "&c.height" },
  contactProbability: { floats: "c.contact_probability" },
  gait: { bytes: "&c.gait" },
  transition: { bytes: "&c.in_transition" },
  phase: { floats: "c.phase" },
  scheduledContact: { bytes: "c.scheduled_contact" },
  swingPhase: { floats: "c.swing_phase" },
  footTarget: { floats: "c.foot_target" },
  jointReference: { floats: "c.joint_reference" },
  selectionObservation: { floats: "c.selection_observation" },
  gaitLogits: { floats: "c.gait_logits" },
  chosenGait: { bytes: "&c.command_gait" },
  observation: { floats: "c.observation" },
  policyAction: { floats: "c.policy_action" },
  action: { floats: "c.action" },
  jointTarget: { floats: "out.joint_target" },
};

/** @param file name of the header without its ending */
export function checkGolden(file: string, columns: readonly GoldenColumn[]): string {
  const entries = columns.map(({ name, size, role }) => {
    const place = PLACES[name];
    if (!place) throw new Error(`golden column ${name}: the C controller does not know it`);
    const isInput = role === "input" ? 1 : 0;
    return "floats" in place
      ? entry(name, size, isInput, place.floats, "NULL")
      : entry(name, size, isInput, "NULL", place.bytes);
  });
  return PROGRAM.replaceAll("@FILE@", file).replace("@COLUMNS@", entries.join(""));
}

function entry(name: string, size: number, isInput: 0 | 1, floats: string, bytes: string): string {
  return `    {"${name}", ${size}, ${isInput}, ${floats}, ${bytes}, 0.0},\n`;
}

const PROGRAM = String.raw`/*
 * Runs the controller over golden vectors, and prints how far it is off, column by column. To check a port of your own, put its
 * step in place of gaitway_step, and its results in place of those that the table names.
 *
 *   cc -std=c99 -O2 -o check_golden check_golden.c @FILE@.c -lm && ./check_golden golden.csv
 */

#include "@FILE@.h"

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

/* A named group of numbers in the file, and where they are here. */
typedef struct {
  const char *name;
  int size;
  int is_input;
  float *floats;
  uint8_t *bytes;
  double largest_difference;
} column;

static column columns[] = {
@COLUMNS@};
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

/* Inputs stand before what is expected. Returns 0 where a number is missing. */
static int check_row(const char *line) {
  int has_stepped = 0;
  for (int i = 0; i < COLUMN_COUNT; i++) {
    if (!columns[i].is_input && !has_stepped) {
      gaitway_command(&c, command[0], command[1], command[2], gait);
      gaitway_step(&c, &s, &out);
      has_stepped = 1;
    }
    for (int k = 0; k < columns[i].size; k++) {
      char *end;
      const float value = strtof(line, &end);
      if (end == line) return 0;
      line = *end == ',' ? end + 1 : end;
      if (columns[i].is_input) take(&columns[i], k, value);
      else compare(&columns[i], k, value);
    }
  }
  return 1;
}

static double print_differences(void) {
  double largest = 0.0;
  for (int i = 0; i < COLUMN_COUNT; i++) {
    if (columns[i].is_input) continue;
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

/* Median time of a step with the last row's inputs, us. Each begins where the rows ended: of the same inputs again and again, the
   state estimate would diverge, and steps that only damp take no time. */
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
    fprintf(stderr, "%s: cannot be read, or its columns are not those of @FILE@\n", path);
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
`;
