import { NUM_JOINTS } from "../../gaits/types.js";
import { fromBase64, toBase64 } from "../../policy/bundle/layers.js";
import { createStudentBundle, STUDENT_FRAME_SIZE, type StudentBundle } from "../../policy/student/bundle.js";
import { a1Tuning, a1Urdf } from "./a1.js";
import { envConfig } from "./envs.js";
import { randomNumbers } from "./learning.js";

const HIDDEN = 16;

/** An A1's student with random weights, large enough for some of its actions to be at the joint limits. */
export function testStudent(historyLength: number): StudentBundle {
  const inputs = historyLength * STUDENT_FRAME_SIZE;
  const layer = (from: number, to: number, seed: number, scale: number) => ({
    inputs: from,
    outputs: to,
    parameters: toBase64(randomNumbers((from + 1) * to, seed, scale)),
  });
  return createStudentBundle({
    robot: { name: "a1.urdf", urdf: a1Urdf, tuning: a1Tuning },
    historyLength,
    normalizer: {
      mean: [...randomNumbers(inputs, 1, 0.3)],
      variance: [...randomNumbers(inputs, 2)].map((x) => 0.1 + x * x),
    },
    layers: [layer(inputs, HIDDEN, 3, 0.15), layer(HIDDEN, NUM_JOINTS, 4, 1)],
    actionScaleRad: 0.25,
    stepS: 0.02,
    gait: "trot",
    command: { vxMPerS: [-0.5, 1], vyMPerS: [-0.3, 0.3], yawRateRadPerS: [-0.8, 0.8] },
    env: envConfig(),
  });
}

/** A student whose layers say nothing but their biases, which float32 holds whatever the order of sums. */
export function quietStudent(historyLength: number): StudentBundle {
  const student = testStudent(historyLength);
  const layers = student.layers.map(({ inputs, outputs, parameters }) => ({
    ...{ inputs, outputs },
    parameters: toBase64(fromBase64(parameters).fill(0, 0, inputs * outputs)),
  }));
  return { ...student, layers };
}
