/**
 * A student in the layout of rl_sar's policy folder (policy/ in github.com/fan-ziqi/rl_sar): `<robot>/base.yaml`,
 * `<robot>/gaitway/config.yaml` and the model beside it, with the keys that src/rl_sar/library/core/rl_sdk/rl_sdk.cpp reads.
 */

import { InputError } from "../../../sim/errors.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import { STUDENT_FRAME_SIZE, STUDENT_TERMS, type StudentBundle, studentActionLimits } from "../../student/bundle.js";
import { decimals } from "../onnx/robot-metadata.js";
import { exportStudent } from "../onnx/student-onnx.js";
import { studentReadme } from "../onnx/student-readme.js";
import { inMotorOrder, MOTOR_JOINTS, motorsOf } from "./unitree-motors.js";
import { toYaml } from "./yaml.js";

const CONFIG = "gaitway";
const MODEL = "policy.onnx";
/** Motor commands that rl_sar sends in a step of the policy. */
const DECIMATION = 4;
/** Beyond what any robot senses. */
const CLIP_OBSERVATIONS = 100;

type TermName = (typeof STUDENT_TERMS)[number]["name"];

const OBSERVATIONS: Readonly<Record<TermName, string>> = {
  baseAngularVelocity: "ang_vel",
  projectedGravity: "gravity_vec",
  command: "commands",
  jointPosition: "dof_pos",
  jointVelocity: "dof_vel",
  lastAction: "actions",
};

export function rlSarPolicyFile({ name }: Pick<RobotModel, "name">): string {
  return `${name}/${CONFIG}/${MODEL}`;
}

/** rl_sar finds a robot's files by its name. */
const PLAIN_NAME = /^\w[\w.-]*$/;

/**
 * @param version Gaitway's
 * @throws InputError for a robot that is none of Unitree's, or whose name can be no folder's
 */
export function exportRlSar(
  student: StudentBundle,
  model: RobotModel,
  version: string,
): ReadonlyMap<string, string | Uint8Array> {
  const { name } = model;
  if (!PLAIN_NAME.test(name))
    throw new InputError(
      `${student.robot.name}: robot name: got "${name}", expected letters, digits, "_", "-" and ".": rl_sar's folder is called so`,
    );
  const comment = `${name}, by Gaitway ${version}`;
  return new Map<string, string | Uint8Array>([
    [`${name}/base.yaml`, toYaml({ [name]: base(student, model) }, comment)],
    [`${name}/${CONFIG}/config.yaml`, toYaml({ [`${name}/${CONFIG}`]: config(student, model) }, comment)],
    [rlSarPolicyFile(model), exportStudent(student, model, version)],
    ["README.md", studentReadme(student, model, use(name))],
  ]);
}

/** Of the robot, joints in the order of the motors: what it stands up by. */
function base({ stepS }: StudentBundle, model: RobotModel) {
  const motors = motorsOf(model);
  const ordered = (values: Float32Array) => inMotorOrder(decimals(values), motors);
  return {
    dt: stepS / DECIMATION,
    decimation: DECIMATION,
    fixed_kp: ordered(model.kp),
    fixed_kd: ordered(model.kd),
    num_of_dofs: motors.length,
    wheel_indices: [],
    torque_limits: ordered(model.torqueMaxNm),
    default_dof_pos: ordered(model.qDefaultRad),
    joint_names: MOTOR_JOINTS,
    joint_controller_names: MOTOR_JOINTS.map((joint) => joint.replace(/joint$/, "controller")),
    joint_mapping: motors.map((_, motor) => motor),
  };
}

/** Of the policy, joints in its order. */
function config(student: StudentBundle, model: RobotModel) {
  const { historyLength, actionScaleRad } = student;
  const { low, high } = studentActionLimits(student.actionScaleRad, model);
  const scaleOf = (term: TermName) => STUDENT_TERMS.find(({ name }) => name === term)!.scale;
  const [kp, kd] = [decimals(model.kp), decimals(model.kd)];
  // 0 is the latest observation. None at all: the observation as it is.
  const history = Array.from({ length: historyLength }, (_, i) => historyLength - 1 - i);
  return {
    model_name: MODEL,
    num_observations: STUDENT_FRAME_SIZE,
    observations: STUDENT_TERMS.map(({ name }) => OBSERVATIONS[name]),
    observations_history: historyLength > 1 ? history : [],
    observations_history_priority: "term",
    clip_obs: CLIP_OBSERVATIONS,
    clip_actions_lower: decimals(low),
    clip_actions_upper: decimals(high),
    rl_kp: kp,
    rl_kd: kd,
    fixed_kp: kp,
    fixed_kd: kd,
    num_of_dofs: model.jointNames.length,
    action_scale: model.jointNames.map(() => actionScaleRad),
    wheel_indices: [],
    // Nobody asks for the linear velocity.
    lin_vel_scale: 1,
    ang_vel_scale: scaleOf("baseAngularVelocity"),
    dof_pos_scale: scaleOf("jointPosition"),
    dof_vel_scale: scaleOf("jointVelocity"),
    commands_scale: Array(3).fill(scaleOf("command")),
    torque_limits: decimals(model.torqueMaxNm),
    default_dof_pos: decimals(model.qDefaultRad),
    joint_mapping: motorsOf(model),
  };
}

function use(robot: string): string {
  return `For [rl_sar](https://github.com/fan-ziqi/rl_sar), built with ONNX Runtime. Copy \`${robot}/\` into its \`policy/\`; \`base.yaml\`
replaces the one there. Its states name the configuration that they run: in \`src/rl_sar/fsm_robot/fsm_${robot}.hpp\`, set
\`rl.config_name = "${CONFIG}"\`.

rl_sar does not limit commands: keep them in the ranges below.`;
}
