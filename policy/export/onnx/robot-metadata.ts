import type { RobotModel } from "../../../sim/robot/types.js";
import type { PolicyBundle } from "../../bundle/bundle.js";

/** What is told of a robot's joints, in the order of actions. Angles in rad, gains in N·m/rad and N·m·s/rad. */
export function jointMetadata(model: RobotModel): Readonly<Record<string, unknown>> {
  return {
    robot: model.name,
    joint_names: model.jointNames,
    default_joint_pos: decimals(model.qDefaultRad),
    joint_pos_min: decimals(model.qMinRad),
    joint_pos_max: decimals(model.qMaxRad),
    joint_stiffness: decimals(model.kp),
    joint_damping: decimals(model.kd),
    joint_effort_max: decimals(model.torqueMaxNm),
  };
}

/** The gaits that a policy knows, as a robot needs them. */
export function gaitMetadata({ gaits }: PolicyBundle): readonly Readonly<Record<string, unknown>>[] {
  return gaits.map(({ id, periodS, dutyFactor, phaseOffset }) => ({
    ...{ id, period_s: periodS, duty_factor: dutyFactor, phase_offset: phaseOffset },
  }));
}

/** The shortest decimals that are the same float32 numbers: 0.75, 0.8 rather than 0.800000011920929. */
export function decimals(values: Float32Array): number[] {
  return Array.from(values, (value) => {
    for (let digits = 1; digits <= 9; digits++) {
      const short = Number(value.toPrecision(digits));
      if (Math.fround(short) === value) return short;
    }
    return value;
  });
}
