/** The C header: the interface, with units and what happens when something is wrong, and the state. */

import { GAITS } from "../../../gaits/library.js";
import type { ControlConfig } from "../../../sim/config-sections.js";
import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../../../sim/control/state-estimate.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import type { GaitSelectorBundle, PolicyBundle } from "../../bundle/bundle.js";
import { SELECTED_GAIT } from "../golden-columns.js";
import { define, double } from "./numbers.js";

/** @param file name without its ending */
export function header(file: string, model: RobotModel, { env, observation, selector }: PolicyBundle): string {
  const { control } = env;
  const guard = `${file.toUpperCase()}_H`;
  return [
    introduction(file, model, control.stepS),
    `#ifndef ${guard}\n#define ${guard}\n\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern "C" {\n#endif\n\n`,
    "/* Call gaitway_step once in this time, s. */\n",
    define("GAITWAY_STEP_S", double(control.stepS)),
    gaits(),
    selector ? SELECTED : "",
    SENSORS,
    OUTPUT,
    state(control.estimator, observation.actorSize, selector),
    FUNCTIONS.replace("@GAIT@", selector ? "gait, or GAITWAY_SELECTED," : "gait,"),
    `#ifdef __cplusplus\n}\n#endif\n\n#endif /* ${guard} */\n`,
  ].join("");
}

function introduction(file: string, { name, jointNames, feet }: RobotModel, stepS: number): string {
  const joints = [0, 3, 6, 9].map((j) => ` *   ${jointNames.slice(j, j + 3).join(", ")}`).join("\n");
  return `/*
 * ${file}.h: a walking controller for the robot "${name}", exported from Gaitway. Sensors in, joint targets out, every
 * ${1000 * stepS} ms. C99 or C++17 and its <math.h>; no allocation, no global state: one gaitway_controller for each robot.
 *
 * Frame: x forward, y left, z up, fixed to the trunk. Units: m, s, rad, N m, m/s. Order of the joints, turning as in the URDF:
${joints}
 * and of the feet: ${feet.map((foot) => foot.name).join(", ")}.
 *
 * When something is wrong:
 *   no command for GAITWAY_COMMAND_TIMEOUT_S   it comes to a stand until the next one; it damps if there is still none after
 *                                              GAITWAY_STOP_TIMEOUT_S more, whether it stands or not.
 *   readings not finite or out of range        targets stay where they are; after GAITWAY_SENSOR_TIMEOUT_S it damps.
 *   trunk tilted by more than 60 degrees       it damps.
 *   estimate or targets not plausible          it damps.
 * To damp: output.damping is 1, kp is 0 and kd is not, joint targets stay where they are, until gaitway_init. It damps, too, until
 * its first good readings, upright. Joint targets are finite and within the joint limits, whatever comes in.
 */
`;
}

function gaits(): string {
  const names = GAITS.map(({ id }, i) => `  GAITWAY_${id.toUpperCase().replaceAll("-", "_")} = ${i},\n`);
  return `\n/* Gaits, for gaitway_command. */\nenum {\n${names.join("")}  GAITWAY_GAIT_COUNT = ${GAITS.length}\n};\n`;
}

const SELECTED = `
/* In place of a gait: the gait selection policy chooses one every few steps, also whether to stand, from a stand on. */
#define GAITWAY_SELECTED ${SELECTED_GAIT}
`;

const SENSORS = `
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
`;

const OUTPUT = `
/* Without a new command for so long, s. */
#define GAITWAY_COMMAND_TIMEOUT_S 0.5
/* With a stale command for so long, s. */
#define GAITWAY_STOP_TIMEOUT_S 3.0
/* Without good readings for so long, s. */
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
`;

const ODOMETRY_STATE = `
  float odometry_velocity[3];
  float odometry_height;
  float last_rate[3];
  uint8_t last_foot_contact[4];`;

const ESTIMATOR_STATE = `
  float estimator_input[${ESTIMATOR_INPUTS}]; /* oldest frame first */
  float estimator_output[${ESTIMATOR_OUTPUTS}];`;

const GAIT_MEMORY_STATE = `
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
  float last_foot_target[12];`;

function selectionState({ observation, gaits: choices }: GaitSelectorBundle): string {
  return `
  /* Gait selection: the last choice, and the command behind a filter that makes accelerations of it, m/s^2, rad/s^2. */
  uint8_t selects_gait;
  uint8_t stands_at_rest; /* without a command to move, whatever the gait */
  uint32_t choice_age;    /* steps since a choice was due */
  float filtered_command[3];
  float command_acceleration[3];
  float selection_observation[${observation.actorSize}];
  float gait_logits[${choices.length}]; /* ${choices.join(", ")} */`;
}

function state(
  estimator: ControlConfig["estimator"],
  observations: number,
  selector: GaitSelectorBundle | null,
): string {
  return `
/* One robot's state. To be read, for logs; written by the functions below alone. */
typedef struct {
  /* Command, and steps since it came. */
  float command[3];
  uint8_t command_gait;${selector ? " /* told or chosen */" : ""}
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
  float contact_probability[4];${estimator === "none" ? "" : ODOMETRY_STATE}${estimator === "learned" ? ESTIMATOR_STATE : ""}${GAIT_MEMORY_STATE}${selector ? selectionState(selector) : ""}
  /* What the policy sees and does. */
  float velocity_command[3]; /* that is followed: 0 when stale */
  float phase_vector[8];
  float gait_timing[2];
  float joint_reference[12];
  float observation[${observations}];
  float policy_action[12]; /* as the network has it */
  float action[12];        /* clipped and smoothed */
  float joint_target[12];
} gaitway_controller;
`;
}

const FUNCTIONS = `
/* To be called first, and to leave damping. The robot should stand: its default pose is now in controller->joint_target. */
void gaitway_init(gaitway_controller *controller);

/*
 * Sets velocity (m/s forward, m/s to the left, rad/s to the left) and @GAIT@ from the next step on. Under 0.02 it stands.
 * Returns 1, or 0 for numbers beyond +-10 or a gait that is none: then the last command holds.
 */
int gaitway_command(gaitway_controller *controller, float vx, float vy, float yaw_rate, int gait);

/* One step. */
void gaitway_step(gaitway_controller *controller, const gaitway_sensors *sensors, gaitway_output *output);

`;
