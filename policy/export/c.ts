/** A policy's controller as C99: all that `Controller` does, for a robot's own computer. */

import { InputError } from "../../sim/errors.js";
import type { RobotModel } from "../../sim/robot/types.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import { configuration } from "./c/configuration.js";
import { layouts } from "./c/layouts.js";
import { parameters } from "./c/parameters.js";
import { readme } from "./c/readme.js";
import { weights } from "./c/weights.js";

/**
 * Header and source of the controller, an example, a check against golden vectors, and a README.
 *
 * @param model of the bundle's robot
 * @param sources the files in C of `policy/export/c`, by name
 * @returns contents by file name; to stand beside those of `exportGolden`
 * @throws InputError for a policy that needs a learned estimator and has none, or is told what only a task's own module can compute
 */
export function exportC(
  bundle: PolicyBundle,
  model: RobotModel,
  sources: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const file = `gaitway_${model.name.toLowerCase().replace(/[^a-z0-9]+/g, "_")}`;
  const files = new Map([...sources, ...writtenHeaders(bundle, model, sources)]);
  const whole = (name: string) => {
    const text = withIncluded(name, files).replace(/\n{3,}/g, "\n\n");
    return text.replace(/\bgaitway\.(?=[ch]\b)/g, `${file}.`);
  };
  return new Map([
    [`${file}.h`, whole(HEADER)],
    [`${file}.c`, whole("gaitway.c")],
    ["main.c", whole("main.c")],
    ["check_golden.c", whole("check_golden.c")],
    ["README.md", readme(file, bundle, model)],
  ]);
}

/**
 * The headers that the sources include and that depend on the policy, by name. Together with the sources they compile as they are.
 * @throws InputError as `exportC` does
 */
export function writtenHeaders(
  bundle: PolicyBundle,
  model: RobotModel,
  sources: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  if (bundle.env.control.estimator === "learned" && !bundle.estimator) {
    throw new InputError("policy: estimator: got null, expected layers, as env.control.estimator is learned");
  }
  return new Map([
    ["configuration.h", configuration(bundle, model)],
    ["parameters.h", parameters(bundle, model)],
    ["layouts.h", layouts(bundle, sources)],
    ["weights.h", weights(bundle)],
  ]);
}

/** The controller's own, which stays a file beside the others. */
const HEADER = "gaitway.h";

/** A file with the files that it includes in place of the lines that say so, so that a firmware project has two files to take along. */
function withIncluded(name: string, files: ReadonlyMap<string, string>): string {
  const text = files.get(name);
  if (text === undefined) throw new Error(`${name}: expected among the C sources, got ${[...files.keys()].join(", ")}`);
  return text.replace(/^#include "(.+)"\n/gm, (line, included: string) =>
    included === HEADER ? line : `\n${withIncluded(included, files)}`,
  );
}
