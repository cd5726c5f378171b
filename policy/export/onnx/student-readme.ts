import type { RobotModel } from "../../../sim/robot/types.js";
import { STUDENT_FRAME_SIZE, type StudentBundle } from "../../student/bundle.js";

/** Explains an export for a stock controller. @param use how to install it there */
export function studentReadme(student: StudentBundle, model: RobotModel, use: string): string {
  const { historyLength, gait, stepS, actionScaleRad } = student;
  const { vxMPerS, vyMPerS, yawRateRadPerS } = student.command;
  const range = ([low, high]: readonly [number, number], unit: string) => `${low} to ${high} ${unit}`;
  const frames = historyLength === 1 ? "the newest frame" : `the newest ${historyLength} frames`;
  return `# ${model.name}: a student policy for a stock controller

${use}

## What it is

A network that imitates the whole of Gaitway's controller, from what stock controllers tell a policy: ${frames} of ${STUDENT_FRAME_SIZE} numbers
(angular velocity, gravity's direction, command, joint positions off the default pose, joint velocities, last action), term by term,
each term's oldest frame first. Its actions, limited to the joints' range within the network, times ${actionScaleRad} rad are added to the default
pose every ${stepS} s. Quaternions are the controller's business: the network is told gravity's direction in the base's axes, (0, 0, -1)
when level.

## What it cannot do

- One gait: it knows no gait scheduler, and ${gait === "trot" ? "trots" : `walks in the gait ${gait}`} as it has learned to. It changes gaits neither by command nor by speed;
  its teacher's gait selection policy, where there is one, stays behind.
- Commands beyond ${range(vxMPerS, "m/s")} forward, ${range(vyMPerS, "m/s")} to the left and ${range(yawRateRadPerS, "rad/s")} to the left are none it has seen.
- It has no state estimate, no notion of where its feet should be, and less balance than the controller that it imitates: compare
  them with \`gaitway sim2sim\`.
- It has met no robot but in simulation. First try it with the robot hung up, with a hand on the emergency stop.

The whole controller with all its gaits is the \`c\` format of \`gaitway export\`.
`;
}
