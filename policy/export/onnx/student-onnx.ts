/** A student as an ONNX file that stock controllers run. */

import type { RobotModel } from "../../../sim/robot/types.js";
import { STUDENT_TERMS, type StudentBundle, StudentNetwork, studentActionLimits } from "../../student/bundle.js";
import { foldNormalizer } from "./graph.js";
import { type ExportedNetwork, typicalInputs } from "./network-check.js";
import { jointMetadata } from "./robot-metadata.js";
import { configHash, encodeNetwork } from "./write.js";

/** @param version Gaitway's */
export function exportStudent(student: StudentBundle, model: RobotModel, version: string): Uint8Array {
  const { layers, normalizer, historyLength, command } = student;
  const network = {
    ...foldNormalizer(layers, normalizer),
    outputLimits: studentActionLimits(student.actionScaleRad, model),
  };
  let offset = 0;
  const observation = STUDENT_TERMS.map((term) => {
    const slice = { ...term, offset, history_length: historyLength };
    offset += historyLength * term.size;
    return slice;
  });
  const metadata = {
    ...jointMetadata(model),
    observation,
    action_scale: student.actionScaleRad,
    control_dt: student.stepS,
    gait: student.gait,
    command_ranges: command,
    config_hash: configHash(student),
  };
  return encodeNetwork(network, "actions", metadata, version);
}

export function studentNetwork(file: string, student: StudentBundle, model: RobotModel): ExportedNetwork {
  const network = new StudentNetwork(student, model);
  const original = (input: Float32Array) => {
    const action = new Float32Array(model.jointNames.length);
    network.act(action, input);
    return action;
  };
  return { file, original, ...typicalInputs(student.normalizer) };
}
