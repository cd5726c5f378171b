import { InputError } from "../../../sim/errors.js";
import type { RobotModel } from "../../../sim/robot/types.js";

/** Legs and joints of Unitree's quadrupeds in the order of their motors: unitree_legged_sdk and unitree_sdk2 count them so. */
export const MOTOR_JOINTS: readonly string[] = ["FR", "FL", "RR", "RL"].flatMap((leg) =>
  ["hip", "thigh", "calf"].map((joint) => `${leg}_${joint}_joint`),
);

/**
 * The motor of each of a robot's joints, by the joint's name.
 * @throws InputError for a joint that Unitree's quadrupeds do not have
 */
export function motorsOf({ name, jointNames }: RobotModel): number[] {
  return jointNames.map((joint) => {
    const motor = MOTOR_JOINTS.indexOf(joint);
    if (motor >= 0) return motor;
    throw new InputError(
      `robot ${name}: joint ${joint}: expected one of ${MOTOR_JOINTS.join(", ")}: the controllers are for Unitree's quadrupeds`,
    );
  });
}

/** Values of a robot's joints in the order of the motors. */
export function inMotorOrder(values: readonly number[], motors: readonly number[]): number[] {
  return motors.map((_, motor) => values[motors.indexOf(motor)]);
}
