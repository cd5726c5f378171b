/**
 * A student in the layout of unitree_rl_lab's C++ controllers (deploy/ in github.com/unitreerobotics/unitree_rl_lab):
 * exported/policy.onnx, and params/deploy.yaml with the keys that deploy/include/isaaclab/ reads:
 * envs/manager_based_rl_env.h, envs/mdp/observations, envs/mdp/actions/joint_actions.h, manager/observation_manager.h.
 */

import type { RobotModel } from "../../../sim/robot/types.js";
import { STUDENT_TERMS, type StudentBundle } from "../../student/bundle.js";
import { decimals } from "../onnx/robot-metadata.js";
import { exportStudent } from "../onnx/student-onnx.js";
import { studentReadme } from "../onnx/student-readme.js";
import { inMotorOrder, motorsOf } from "./unitree-motors.js";
import { toYaml } from "./yaml.js";

export const UNITREE_POLICY_FILE = "exported/policy.onnx";

type TermName = (typeof STUDENT_TERMS)[number]["name"];

/** The controller's functions that compute our terms, and their parameters. */
const OBSERVATIONS: Readonly<Record<TermName, readonly [name: string, params: object]>> = {
  baseAngularVelocity: ["base_ang_vel", {}],
  projectedGravity: ["projected_gravity", {}],
  command: ["velocity_commands", { command_name: "base_velocity" }],
  jointPosition: ["joint_pos_rel", {}],
  jointVelocity: ["joint_vel_rel", {}],
  lastAction: ["last_action", {}],
};

/** @param version Gaitway's @throws InputError for a robot that is none of Unitree's */
export function exportUnitree(
  student: StudentBundle,
  model: RobotModel,
  version: string,
): ReadonlyMap<string, string | Uint8Array> {
  return new Map<string, string | Uint8Array>([
    [UNITREE_POLICY_FILE, exportStudent(student, model, version)],
    ["params/deploy.yaml", toYaml(deployment(student, model), `${model.name}, by Gaitway ${version}`)],
    ["README.md", studentReadme(student, model, USE)],
  ]);
}

function deployment(student: StudentBundle, model: RobotModel) {
  const motors = motorsOf(model);
  const { actionScaleRad, command, historyLength, stepS } = student;
  const pose = decimals(model.qDefaultRad);
  const [low, high] = [decimals(model.qMinRad), decimals(model.qMaxRad)];
  const describeTerm = ({ name, size, scale }: (typeof STUDENT_TERMS)[number]) => {
    const [key, params] = OBSERVATIONS[name];
    return [key, { params, clip: null, scale: Array(size).fill(scale), history_length: historyLength }];
  };
  return {
    // Of each joint of the policy its motor; gains go to motors as they are counted, all else is in the policy's order.
    joint_ids_map: motors,
    step_dt: stepS,
    stiffness: inMotorOrder(decimals(model.kp), motors),
    damping: inMotorOrder(decimals(model.kd), motors),
    default_joint_pos: pose,
    commands: {
      base_velocity: {
        ranges: {
          ...{ lin_vel_x: command.vxMPerS, lin_vel_y: command.vyMPerS, ang_vel_z: command.yawRateRadPerS },
          heading: null,
        },
      },
    },
    actions: {
      JointPositionAction: {
        clip: low.map((limit, j) => [limit, high[j]]),
        joint_names: model.jointNames,
        scale: model.jointNames.map(() => actionScaleRad),
        offset: pose,
        joint_ids: null,
      },
    },
    observations: Object.fromEntries(STUDENT_TERMS.map(describeTerm)),
  };
}

const USE = `For [unitree_rl_lab](https://github.com/unitreerobotics/unitree_rl_lab)'s C++ controllers. Copy this folder to where the
\`policy_dir\` of the velocity state in \`deploy/robots/<robot>/config/config.yaml\` points. It comes with controllers for robots
that speak unitree_sdk2; an A1 speaks the older unitree_legged_sdk, and needs one of its own.

The joystick commands up to 1 m/s and 1 rad/s, within \`commands.base_velocity.ranges\`.`;
