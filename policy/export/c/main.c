/*
 * An example of how to call the controller. In place of a robot's drivers stands a trunk that hangs level in the air,
 * with joints that go where they are told.
 *
 *   cc -std=c99 -O2 -o walk main.c gaitway.c -lm && ./walk
 */

#include "gaitway.h"

#include <stdio.h>

static void read_sensors(gaitway_sensors *sensors, const gaitway_output *told) {
  const gaitway_sensors last = *sensors;
  gaitway_set_acceleration(sensors, 0.0f, 0.0f, 9.81f);
  gaitway_set_orientation(sensors, 1.0f, 0.0f, 0.0f, 0.0f);
  for (int j = 0; j < 12; j++) {
    sensors->joint_position[j] = told->joint_target[j];
    sensors->joint_velocity[j] = (float)((told->joint_target[j] - last.joint_position[j]) / GAITWAY_STEP_S);
  }
}

static void drive_motors(const gaitway_output *output) {
  printf("%s%.3f %.3f %.3f\n", output->damping ? "damping " : "", output->joint_target[0], output->joint_target[1],
         output->joint_target[2]);
}

int main(void) {
  static gaitway_controller controller;
  static gaitway_sensors sensors;
  static gaitway_output output;
  gaitway_init(&controller);
  /* Here a robot stands up, slowly, to the pose in controller.joint_target. */
  for (int j = 0; j < 12; j++) sensors.joint_position[j] = output.joint_target[j] = controller.joint_target[j];

  for (int step = 0; step < 100; step++) {
    read_sensors(&sensors, &output);
    /* A robot is commanded when its operator says so; here always. It stands for a second, then trots at 0.5 m/s. */
    gaitway_command(&controller, step < 50 ? 0.0f : 0.5f, 0.0f, 0.0f, GAITWAY_TROT);
    gaitway_step(&controller, &sensors, &output);
    drive_motors(&output);
    /* Here a robot waits for the rest of GAITWAY_STEP_S. */
  }
  return 0;
}
