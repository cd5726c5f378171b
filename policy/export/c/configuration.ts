/** `configuration.h`: what users of the exported C see of the robot and the policy, and which parts of the C are on. */

import { GAITS } from "../../../gaits/library.js";
import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../../../sim/control/state-estimate.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import type { PolicyBundle } from "../../bundle/bundle.js";
import { SELECTED_GAIT } from "../golden-columns.js";
import { define, double } from "./numbers.js";

export function configuration({ env, observation, selector }: PolicyBundle, model: RobotModel): string {
  const { estimator, stepS } = env.control;
  return [
    robot(model),
    define("GAITWAY_STEP_S", double(stepS), "between two calls of gaitway_step, s"),
    gaits(),
    "\n/* Parts of the controller. */\n",
    define("GAITWAY_HAS_ODOMETRY", estimator === "none" ? "0" : "1", "velocity and height from legs and IMU"),
    define("GAITWAY_HAS_ESTIMATOR", estimator === "learned" ? "1" : "0", "a network that corrects them"),
    selector ? define("GAITWAY_SELECTED", String(SELECTED_GAIT), SELECTED) : "",
    "\n/* How many numbers the networks see and say. */\n",
    define("GAITWAY_OBSERVATION_SIZE", String(observation.actorSize)),
    define("GAITWAY_ESTIMATOR_INPUT_SIZE", String(ESTIMATOR_INPUTS)),
    define("GAITWAY_ESTIMATOR_OUTPUT_SIZE", String(ESTIMATOR_OUTPUTS)),
    selector ? define("GAITWAY_SELECTION_OBSERVATION_SIZE", String(selector.observation.actorSize)) : "",
    selector ? define("GAITWAY_SELECTABLE_GAIT_COUNT", String(selector.gaits.length), selector.gaits.join(", ")) : "",
  ].join("");
}

const SELECTED = "in place of a gait: a policy chooses them, also when to stand, from a stand on";

function robot({ name, jointNames, feet }: RobotModel): string {
  const joints = [0, 3, 6, 9].map((j) => ` *   ${jointNames.slice(j, j + 3).join(", ")}\n`).join("");
  return `/*
 * ---- Configuration ----
 * The robot is "${name}". Its joints are, in this order,
${joints} * and its feet ${feet.map((foot) => foot.name).join(", ")}.
 */
`;
}

function gaits(): string {
  const names = GAITS.map(({ id }, i) => `  GAITWAY_${id.toUpperCase().replaceAll("-", "_")} = ${i},\n`);
  return `\n/* Gaits, for gaitway_command. */\nenum {\n${names.join("")}  GAITWAY_GAIT_COUNT = ${GAITS.length}\n};\n`;
}
