/** Writes a policy's controller as C99: all that `Controller` does, for a robot's own computer. */

import { InputError } from "../../sim/errors.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { OBSERVATION_SPEC } from "../../sim/task/observation.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import { checkGolden } from "./c/check-golden.js";
import { constants } from "./c/constants.js";
import { example } from "./c/example.js";
import { GAIT_SCHEDULER } from "./c/gait-scheduler.js";
import { gaitSelection } from "./c/gait-selection.js";
import { header } from "./c/header.js";
import { jointReference } from "./c/joint-reference.js";
import { kinematics } from "./c/kinematics.js";
import { networkPrototypes, networks } from "./c/networks.js";
import { observation } from "./c/observation.js";
import { readme } from "./c/readme.js";
import { REFERENCE_FEET } from "./c/reference-feet.js";
import { SLICE_WRITERS } from "./c/slices.js";
import { stateEstimate } from "./c/state-estimate.js";
import { step } from "./c/step.js";
import { goldenColumns } from "./golden-columns.js";

/**
 * Header and source of the controller, an example, a check against golden vectors, and a README.
 *
 * @param model of the bundle's robot
 * @returns contents by file name; to stand beside those of `exportGolden`
 * @throws InputError for a policy that needs a learned estimator and has none, or is told what only a task's own module can compute
 */
export function exportC(bundle: PolicyBundle, model: RobotModel): ReadonlyMap<string, string> {
  const { control } = bundle.env;
  if (control.estimator === "learned" && !bundle.estimator) {
    throw new InputError("policy: estimator: got null, expected layers, as env.control.estimator is learned");
  }
  const own = bundle.observation.slices.find(
    ({ name }) => !OBSERVATION_SPEC.slices.some((known) => known.name === name),
  );
  if (own) {
    throw new InputError(
      `policy: observation.slices: got ${own.name}, which has no C: expected slices that come along; ONNX can have it`,
    );
  }
  const file = `gaitway_${model.name.toLowerCase().replace(/[^a-z0-9]+/g, "_")}`;
  return new Map([
    [`${file}.h`, header(file, model, bundle)],
    [`${file}.c`, source(file, bundle, model)],
    ["main.c", example(file)],
    ["check_golden.c", checkGolden(file, goldenColumns(bundle))],
    ["README.md", readme(file, bundle, model)],
  ]);
}

function source(file: string, bundle: PolicyBundle, model: RobotModel): string {
  const { selector } = bundle;
  const { control } = bundle.env;
  const estimator = control.estimator === "learned" ? bundle.estimator : null;
  return [
    `/* ${file}.c: see ${file}.h. Float and double are where Gaitway has them, so that both compute the same. */\n\n`,
    `#include "${file}.h"\n\n#include <math.h>\n#include <stddef.h>\n#include <string.h>\n\n`,
    '#ifdef __FAST_MATH__\n#error "-ffast-math would remove the checks for numbers that are none"\n#endif\n',
    constants(model, control),
    networkPrototypes(estimator, bundle),
    kinematics(control),
    GAIT_SCHEDULER,
    REFERENCE_FEET,
    SLICE_WRITERS,
    stateEstimate(control.estimator),
    jointReference(control),
    observation(control.gaitMemory),
    selector ? gaitSelection(selector, model) : "",
    step(selector !== null),
    networks(bundle, estimator),
  ].join("");
}
