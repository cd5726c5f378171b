/** The README of the exported folder. */

import type { RobotModel } from "../../../sim/types.js";
import type { PolicyBundle } from "../../bundle.js";

/** @param file name of the header without its ending */
export function readme(file: string, { env }: PolicyBundle, model: RobotModel): string {
  const { stepS } = env.control;
  const rates = env.command;
  const range = ([low, high]: readonly [number, number]) => `${low} to ${high}`;
  return `# Controller of ${model.name} in C

\`${file}.h\` and \`${file}.c\` turn sensor readings into joint targets: state estimate, gait memory, policy, joint limits and a
safety state. C99 or C++17 with its mathematics library, no allocation, no global state. The header says what each number is,
and what happens when something is wrong.

\`\`\`sh
cc -std=c99 -O2 -o walk main.c ${file}.c -lm && ./walk          # an example without a robot
cc -std=c99 -O2 -o check_golden check_golden.c ${file}.c -lm
./check_golden golden.csv                                        # its differences from Gaitway, step time, state size
\`\`\`

Compile without \`-ffast-math\`. With \`-ffp-contract=off\` results are the same on all processors but for the last bits of the
mathematics library's functions.

## Wiring it up

1. Keep one \`gaitway_controller\`; \`gaitway_init\` it while the robot stands in its default pose, with its weight on its legs.
2. Every ${1000 * stepS} ms, in one thread: fill \`gaitway_sensors\`, call \`gaitway_step\`, send \`gaitway_output\` to the motors. They
   close the loop \`kp (target - position) - kd velocity\` at their own rate, 500 Hz or more, and hold the targets in between.
3. Whenever a command comes: \`gaitway_command\`. Repeat it at least twice a second, or the robot stands.
4. Leave damping with \`gaitway_init\`, when the robot stands again.

| reading                            | unit     | frame, order                                                             |
| ---------------------------------- | -------- | ------------------------------------------------------------------------ |
| angular_velocity                   | rad/s    | trunk: x forward, y left, z up                                           |
| delta_velocity                     | m/s      | trunk; or \`gaitway_set_acceleration\`, m/s^2: 9.81 upwards at rest        |
| projected_gravity                  | 1        | trunk, (0, 0, -1) when level; or \`gaitway_set_orientation\`, w x y z      |
| joint_position, _velocity, _torque | rad, N m | FL FR RL RR, each hip thigh calf; zero and signs as in the URDF          |
| foot_contact                       | 0 or 1   | FL FR RL RR; without sensors, from joint torques                         |

The joints in that order: ${model.jointNames.join(", ")}. Many drivers count legs as FR FL RR RL.

## What it was trained for

Gaits: ${rates.gaits.join(", ")}. Commands: ${range(rates.vxMPerS)} m/s forward, ${range(rates.vyMPerS)} m/s to the left, ${range(rates.yawRateRadPerS)} rad/s.
Others are followed, and may make it fall. Hold the robot up for a first try, with a hand on the emergency stop.
`;
}
