/*
 * gaitway.h: a walking controller, exported from Gaitway. Sensor readings go in, joint targets come out, every
 * GAITWAY_STEP_S. It is C99 or C++17 with its <math.h>, allocates nothing and has no global state: each robot has one
 * gaitway_controller.
 *
 * The frame is fixed to the trunk: x forward, y left, z up. Units are m, s, rad, N m and m/s. The configuration below
 * names the robot and the order of its joints and feet. Joints turn as in the robot's URDF.
 *
 * When something is wrong:
 *   no command for GAITWAY_COMMAND_TIMEOUT_S   It comes to a stand until the next one. It damps if there is still none
 *                                              after GAITWAY_STOP_TIMEOUT_S more, whether it stands or not.
 *   readings not finite or out of range        Targets stay where they are; after GAITWAY_SENSOR_TIMEOUT_S it damps.
 *   trunk tilted by more than 60 degrees       It damps.
 *   estimate or targets not plausible          It damps.
 * When it damps, output.damping is 1, kp is 0 and kd is not, and joint targets stay where they are, until gaitway_init.
 * It damps, too, until its first good readings, upright. Joint targets are finite and within the joint limits, whatever
 * comes in.
 */
#ifndef GAITWAY_H
#define GAITWAY_H

#include <stdint.h>

#include "configuration.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the robot senses now. */
typedef struct {
  float angular_velocity[3];  /* gyroscope */
  float delta_velocity[3];    /* specific force, integrated since the last step: accelerometer x GAITWAY_STEP_S */
  float projected_gravity[3]; /* unit vector of gravity: (0, 0, -1) when level */
  float joint_position[12];
  float joint_velocity[12];
  float joint_torque[12];  /* as the motors measure or estimate it */
  uint8_t foot_contact[4]; /* 1 on the ground, 0 in the air */
} gaitway_sensors;

/* For IMUs that tell acceleration (at rest 9.81 m/s^2 upwards), best its mean since the last step. */
void gaitway_set_acceleration(gaitway_sensors *sensors, float x, float y, float z);

/* For IMUs that tell orientation: the unit quaternion from the trunk's frame to one whose z axis is up. */
void gaitway_set_orientation(gaitway_sensors *sensors, float w, float x, float y, float z);

/* A command is stale after so long, s. */
#define GAITWAY_COMMAND_TIMEOUT_S 0.5
/* With a stale command the controller damps after so long, s. */
#define GAITWAY_STOP_TIMEOUT_S 3.0
/* Without good readings the controller damps after so long, s. */
#define GAITWAY_SENSOR_TIMEOUT_S 0.1

typedef enum {
  GAITWAY_NO_FAULT = 0,
  GAITWAY_STALE_COMMAND = 1, /* stands, or comes to a stand; then damps */
  GAITWAY_BAD_SENSORS = 2,   /* holds its targets, or damps */
  GAITWAY_TILTED = 3,        /* damps */
  GAITWAY_DIVERGED = 4       /* damps */
} gaitway_fault;

/* For the motors: torque = kp (joint_target - position) - kd velocity. */
typedef struct {
  float joint_target[12];
  float kp[12];
  float kd[12];
  uint8_t damping;     /* 1: kp is 0 */
  gaitway_fault fault; /* why it damps, holds or stands */
} gaitway_output;

/* One robot's state. Logs may read it; only the functions below write it. */
typedef struct {
  /* Command, and steps since it came. */
  float command[3];
  uint8_t command_gait; /* told or chosen */
  uint32_t command_age;
  /* Safety. */
  uint32_t stale_steps;  /* with a stale command */
  uint32_t bad_readings; /* steps without good ones */
  uint8_t started;
  uint8_t damping;
  gaitway_fault fault;
  /* State estimate: velocity in the base frame, height above the ground, contacts. */
  float velocity[3];
  float height;
  float contact_probability[4];
#if GAITWAY_HAS_ODOMETRY
  float odometry_velocity[3];
  float odometry_height;
  float last_rate[3];
  uint8_t last_foot_contact[4];
#endif
#if GAITWAY_HAS_ESTIMATOR
  float estimator_input[GAITWAY_ESTIMATOR_INPUT_SIZE]; /* oldest frame first */
  float estimator_output[GAITWAY_ESTIMATOR_OUTPUT_SIZE];
#endif
  /* Gait memory: stride clock, transition, phases (cycles), reference feet (m, yaw-aligned base frame). */
  double cycle;
  double period_s;
  double duty_factor;
  double progress;
  double transition_s;
  uint8_t gait; /* that runs, or towards which a transition runs */
  uint8_t from_gait;
  uint8_t in_transition;
  float phase[4];
  uint8_t scheduled_contact[4];
  float swing_phase[4];
  float foot_target[12];
  double lift_off[8];
  uint8_t last_scheduled_contact[4];
  float last_swing_phase[4];
  float last_foot_target[12];
#ifdef GAITWAY_SELECTED
  /* Gait selection: the last choice, and the command behind a filter that makes accelerations of it, m/s^2, rad/s^2. */
  uint8_t selects_gait;
  uint8_t stands_at_rest; /* without a command to move, whatever the gait */
  uint32_t choice_age;    /* steps since a choice was due */
  float filtered_command[3];
  float command_acceleration[3];
  float selection_observation[GAITWAY_SELECTION_OBSERVATION_SIZE];
  float gait_logits[GAITWAY_SELECTABLE_GAIT_COUNT];
#endif
  /* What the policy sees and does. */
  float velocity_command[3]; /* that is followed: 0 when stale */
  float phase_vector[8];
  float gait_timing[2];
  float joint_reference[12];
  float observation[GAITWAY_OBSERVATION_SIZE];
  float policy_action[12]; /* as the network has it */
  float action[12];        /* clipped and smoothed */
  float joint_target[12];
} gaitway_controller;

/*
 * To be called first, and to leave damping. The robot should stand: its default pose is then in
 * controller->joint_target.
 */
void gaitway_init(gaitway_controller *controller);

/*
 * Sets velocity (m/s forward, m/s to the left, rad/s to the left) and gait (or GAITWAY_SELECTED, where that is defined)
 * from the next step on. Under 0.02 the robot stands. Returns 1, or 0 for numbers beyond +-10 or a gait that is none:
 * then the last command holds.
 */
int gaitway_command(gaitway_controller *controller, float vx, float vy, float yaw_rate, int gait);

/* Takes one step: call it every GAITWAY_STEP_S. */
void gaitway_step(gaitway_controller *controller, const gaitway_sensors *sensors, gaitway_output *output);

#ifdef __cplusplus
}
#endif

#endif /* GAITWAY_H */
