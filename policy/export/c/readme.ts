/** The README of the exported folder. */

import type { RobotModel } from "../../../sim/robot/types.js";
import type { PolicyBundle } from "../../bundle/bundle.js";
import { fromBase64 } from "../../bundle/layers.js";

/** @param file name of the header without its ending */
export function readme(file: string, bundle: PolicyBundle, model: RobotModel): string {
  return introduction(file, bundle, model) + wiring(bundle, model) + training(bundle);
}

function introduction(file: string, { layers, estimator, selector }: PolicyBundle, model: RobotModel): string {
  const weightBytes = [...layers, ...(estimator ?? []), ...(selector?.layers ?? [])].reduce(
    (sum, { parameters }) => sum + fromBase64(parameters).byteLength,
    0,
  );
  return `# Controller of ${model.name} in C

\`${file}.h\` and \`${file}.c\` turn sensor readings into joint targets: state estimate, gait memory, ${selector ? "gait selection, " : ""}policy,
joint limits and a safety state. C99 or C++17 with its mathematics library, no allocation, no global state. The header says what each number is,
and what happens when something is wrong.

\`\`\`sh
cc -std=c99 -O2 -o walk main.c ${file}.c -lm && ./walk    # an example without a robot
cc -std=c99 -O2 -o check_golden check_golden.c ${file}.c -lm
./check_golden golden.csv    # its differences from Gaitway, step time, state size
\`\`\`

- \`${file}.h\`: the interface, and above it the configuration: gaits, sizes, which parts are on.
- \`${file}.c\`: the controller: parameters of the robot, a section for each idea, the weights.
- \`main.c\`: an example of how to call it.
- \`check_golden.c\`: a program that compares it, or your port of it, with \`golden.csv\`.
- \`golden.csv\`: a recorded walk, step by step, from sensors to joint targets. \`golden.json\` holds the same, with units.

The first two are what a firmware project needs. The others are for you to try it.

Weights take ${Math.round(weightBytes / 1024)} kB of flash, the code about ten more; \`size ${file}.o\` tells.
Compile without \`-ffast-math\`. With \`-ffp-contract=off\` results are the same on all processors but for the last bits of the
mathematics library's functions; GCC 12 needs \`-fno-tree-slp-vectorize\` besides, or leaves out some roundings to float.
`;
}

function wiring({ env, selector }: PolicyBundle, model: RobotModel): string {
  const { stepS } = env.control;
  const legs = [0, 3, 6, 9].map((j) => model.jointNames.slice(j, j + 3).join(", "));
  return `
## Wiring it up

1. Keep one \`gaitway_controller\`; \`gaitway_init\` it while the robot stands in its default pose, with its weight on its legs.
2. Every ${1000 * stepS} ms, in one thread: fill \`gaitway_sensors\`, call \`gaitway_step\`, send \`gaitway_output\` to the motors. They
   close the loop \`kp (target - position) - kd velocity\` at their own rate, 500 Hz or more, and hold the targets in between.
3. Whenever a command comes: \`gaitway_command\`. Repeat it at least twice a second: without, the robot comes to a stand, and three
   seconds later it damps.${selector ? SELECTION : ""}
4. Leave damping with \`gaitway_init\`, when the robot stands again.

| reading                            | unit     | frame, order                                                             |
| ---------------------------------- | -------- | ------------------------------------------------------------------------ |
| angular_velocity                   | rad/s    | trunk: x forward, y left, z up                                           |
| delta_velocity                     | m/s      | trunk; or \`gaitway_set_acceleration\`, m/s^2: 9.81 upwards at rest        |
| projected_gravity                  | 1        | trunk, (0, 0, -1) when level; or \`gaitway_set_orientation\`, w x y z      |
| joint_position, _velocity, _torque | rad, N m | FL FR RL RR, each hip thigh calf; zero and signs as in the URDF          |
| foot_contact                       | 0 or 1   | FL FR RL RR; without sensors, from joint torques                         |

Many drivers count legs as FR FL RR RL. The joints in the order that is meant here:

${legs.map((names) => `- ${names}`).join("\n")}
`;
}

const SELECTION = `
   With \`GAITWAY_SELECTED\` in place of a gait, the gait selection policy chooses, also when to stand.`;

function training({ env }: PolicyBundle): string {
  const { gaits, vxMPerS, vyMPerS, yawRateRadPerS } = env.command;
  const range = ([low, high]: readonly [number, number]) => `${low} to ${high}`;
  return `
## What it was trained for

Gaits: ${gaits.join(", ")}. Commands: ${range(vxMPerS)} m/s forward, ${range(vyMPerS)} m/s to the left,
${range(yawRateRadPerS)} rad/s to the left.
Others are followed, and may make it fall. Hold the robot up for a first try, with a hand on the emergency stop.
`;
}
