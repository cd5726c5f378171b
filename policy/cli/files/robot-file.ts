import { existsSync } from "node:fs";
import { InputError } from "../../../sim/errors.js";
import type { RobotSource } from "../../../sim/robot/types.js";
import { assetPath } from "./package-root.js";
import { readParsed, readText } from "./read-file.js";

/** Robots that come along, by name. */
const BUILT_IN_ROBOTS = ["a1"];

export type NamedRobot = RobotSource & { readonly name: string };

/**
 * @param robot name of a built-in robot, or path of a URDF; a JSON file of the same name beside it holds its tuning
 * @throws InputError if a file is missing or no JSON
 */
export function loadRobot(robot: string): NamedRobot {
  const builtIn = BUILT_IN_ROBOTS.includes(robot);
  const path = builtIn ? assetPath(`sim/robots/${robot}.urdf`) : robot;
  if (!existsSync(path)) {
    throw new InputError(`robot ${robot}: no such file; expected a URDF file or one of ${BUILT_IN_ROBOTS.join(", ")}`);
  }
  const name = builtIn ? `${robot}.urdf` : robot;
  const tuningPath = path.replace(/(\.urdf)?$/, ".json");
  return {
    name,
    urdf: readText(path),
    tuning: existsSync(tuningPath) ? readParsed(tuningPath, "JSON", JSON.parse) : null,
  };
}
