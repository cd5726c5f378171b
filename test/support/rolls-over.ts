import { NUM_JOINTS } from "../../gaits/types.js";
import type { PolicyBundle } from "../../policy/bundle/bundle.js";
import { toBase64 } from "../../policy/bundle/layers.js";

/** Layers whose last one, whatever it is told, turns all hips by 4 action scales to one side: the robot rolls over. */
export function rollsOver(layers: PolicyBundle["layers"]): PolicyBundle["layers"] {
  const { inputs } = layers.at(-1)!;
  const parameters = new Float32Array((inputs + 1) * NUM_JOINTS);
  for (let j = 0; j < NUM_JOINTS; j += 3) parameters[inputs * NUM_JOINTS + j] = 4;
  return [...layers.slice(0, -1), { inputs, outputs: NUM_JOINTS, parameters: toBase64(parameters) }];
}
