import type { RobotModel } from "../../../sim/robot/types.js";
import { ACCELERATION_FILTER_S } from "../../../sim/task/gait-selection.js";
import type { GaitSelectorBundle, PolicyBundle } from "../../bundle/bundle.js";
import { IR_VERSION, OPSET } from "./protobuf.js";

/** Explains the files of an ONNX export. */
export function onnxReadme({ env, estimator, selector, layers, observation }: PolicyBundle, model: RobotModel): string {
  const { control, command } = env;
  const origin = control.actionMode === "residual" ? "the gait memory's joint angles" : "the default pose";
  const estimatorRow = estimator
    ? `| estimator.onnx | \`obs\` [1, ${estimator[0].inputs}] | \`estimate\` [1, ${estimator[estimator.length - 1].outputs}] |\n`
    : "";
  const selectorRow = selector
    ? `| selector.onnx | \`obs\` [1, ${selector.observation.actorSize}] | \`logits\` [1, ${selector.gaits.length}] |\n`
    : "";
  return `# ${model.name}: policy in ONNX

IR version ${IR_VERSION}, opset ${OPSET}, float32, static shapes; any onnxruntime from 1.16 on. Operators: Max, Min, Gemm, Elu.

| file | input | output |
| --- | --- | --- |
| policy.onnx | \`obs\` [1, ${observation.actorSize}] | \`actions\` [1, ${layers[layers.length - 1].outputs}] |
${estimatorRow}${selectorRow}
The networks alone do not make the robot walk. Every ${control.stepS} s the controller around them computes odometry${
    estimator ? ", the estimate" : ""
  }, the gait memory and the observation, and adds the actions to ${origin}; the \`c\` format of this export is that
controller. The gaits that this policy knows: ${command.gaits.join(", ")}.

Observations are raw, each slice scaled as the metadata say: the normaliser is in the graph. With its mean m and r = 1 / standard
deviation, the first layer's weights are r W and its biases b − (m r) W, after \`obs\` is clipped to m ± 8 / r.

## Metadata

In \`metadata_props\`, as JSON. Joints: \`joint_names\`, in the order of all that has ${model.jointNames.length} numbers, with \`default_joint_pos\`,
\`joint_pos_min\`, \`joint_pos_max\` (rad), \`joint_stiffness\` (N m/rad), \`joint_damping\` (N m s/rad), \`joint_effort_max\` (N m).
\`observation\`: slices with offset, size, unit and scale. Actions: a = clip(\`actions\`, ±4) is smoothed, s += \`action_share\` (a − s),
and s times \`action_scale\` (rad) is added. \`control_dt\` (s), \`gaits\`, \`command_gaits\`, \`config_hash\` (CRC-32 of the environment's
configuration). \`gaitway_bundle\` is for \`gaitway import\`, which makes a policy of these files again.
${selector ? selection(selector) : ""}`;
}

function selection({ gaits, decisionSteps }: GaitSelectorBundle): string {
  return `
## Gait selection

selector.onnx says which gait to walk in: the largest of \`logits\`, in the order of \`gaits\` in its metadata
(${gaits.join(", ")}). Ask it every ${decisionSteps} steps, but let a turn pass while a transition runs, and begin
with a stand. Its \`observation\` slices are like the policy's, but for joint positions as they are rather than off the default pose, and

- \`lastGait\`: index in \`gaits\` of the gait that it chose last, or that was told.
- \`footHeight\`: of the gait memory's reference feet, in the base frame.
- \`commandAcceleration\`: of the velocity command v, in every step, also those without a choice: a = (v − f) / ${ACCELERATION_FILTER_S} s, then f += \`control_dt\` a.
- \`stabilityNumber\`: g (T D)² / h of the gait that runs, or towards which a transition runs, with its period T and duty factor D, and thigh
  and calf together, h.
- \`transition\`: 1 while one runs.
`;
}
