/** `layouts.h`: where each slice stands in the rows that the networks see, how many numbers it has, and at which scale. */

import { ESTIMATOR_FRAME } from "../../../sim/control/state-estimate.js";
import { InputError } from "../../../sim/errors.js";
import { SELECTION_SPEC } from "../../../sim/task/gait-selection.js";
import { GAIT_MEMORY_SLICES, observationOf } from "../../../sim/task/observation.js";
import type { ObservationSlice, ObservationSpec } from "../../../sim/task/observation-layout.js";
import type { PolicyBundle } from "../../bundle/bundle.js";
import { define, double } from "./numbers.js";

type Slice = Pick<ObservationSlice, "name" | "offset" | "size" | "scale">;

/**
 * @param sources of the C, which write the slices
 * @throws InputError for a slice that they do not write
 */
export function layouts({ env, observation, selector }: PolicyBundle, sources: ReadonlyMap<string, string>): string {
  const { spec } = observationOf(observation.slices, "policy");
  const text = [...sources.values()].join("");
  return [
    "\n/* ---- Layouts of the rows that networks see ---- */\n\n",
    layout("OBSERVATION", observedSlices(spec, env.control.gaitMemory), text),
    layout("FRAME", frameSlices(), text),
    define("FRAME_SIZE", String(ESTIMATOR_FRAME.reduce((sum, { size }) => sum + size, 0))),
    selector ? layout("SELECTION", actorSlices(SELECTION_SPEC), text) : "",
  ].join("");
}

function actorSlices({ slices }: ObservationSpec): readonly Slice[] {
  return slices.filter((slice) => slice.for === "actor");
}

/** A policy that is not told of the gait memory sees zeros. */
function observedSlices(spec: ObservationSpec, gaitMemory: boolean): readonly Slice[] {
  const isHidden = ({ name }: Slice) => GAIT_MEMORY_SLICES.has(name) && !gaitMemory;
  return actorSlices(spec).map((slice) => (isHidden(slice) ? { ...slice, scale: 0 } : slice));
}

function frameSlices(): readonly Slice[] {
  let offset = 0;
  return ESTIMATOR_FRAME.map((slice) => {
    offset += slice.size;
    return { ...slice, offset: offset - slice.size };
  });
}

function layout(prefix: string, slices: readonly Slice[], text: string): string {
  return slices
    .map(({ name, offset, size, scale }) => {
      const macro = `${prefix}_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
      // As in WRITE_FLOATS(row, OBSERVATION_COMMAND, ...).
      if (!text.includes(` ${macro},`)) {
        throw new InputError(
          `policy: observation.slices: got ${name}, which has no C: expected slices that come along; ONNX can have it`,
        );
      }
      return (
        define(`${macro}_AT`, String(offset)) +
        define(`${macro}_SIZE`, String(size)) +
        define(`${macro}_SCALE`, double(scale))
      );
    })
    .join("");
}
