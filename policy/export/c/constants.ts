/** Everything that the C source takes from the robot, the gait library and the settings, as constants and tables. */

import { bouncesPerStride, COMPRESSION_SHARE } from "../../../gaits/bounce.js";
import { GAITS, GRAVITY_M_PER_S2, strideRateHz } from "../../../gaits/library.js";
import { COMPLETE } from "../../../gaits/scheduler.js";
import {
  CLEARANCE_RATIO,
  CLEARANCE_SHARES,
  FOOT_REACH_X_M,
  FOOT_REACH_Y_M,
  MAX_FOOT_SPEED_X_M_PER_S,
  MAX_FOOT_SPEED_Y_M_PER_S,
  maxFootSpeedZ,
  RAIBERT_GAIN_S,
} from "../../../gaits/swing.js";
import { SOURCE_FRAME_S } from "../../../gaits/transition.js";
import type { ControlConfig } from "../../../sim/config-sections.js";
import { DAMPING_S as STANCE_DAMPING_S, LEVELLING as STANCE_LEVELLING } from "../../../sim/control/balance.js";
import { LEVELLING as SWING_LEVELLING } from "../../../sim/control/leveller.js";
import {
  FORWARD_GAIN,
  LOAD_PER_SWING_SHARE,
  MAX_ACTION,
  MAX_SPEED_TO_STAND_M_PER_S,
  motorLagS,
  nominalFeet,
  STANDING_SHARE,
} from "../../../sim/control/locomotion-control.js";
import { HEIGHT_SHARE, VELOCITY_SHARE } from "../../../sim/control/odometry.js";
import { STANDSTILL_M_PER_S, STANDSTILL_RAD_PER_S } from "../../../sim/control/standstill.js";
import {
  ESTIMATOR_FRAME,
  HEIGHT_INPUT_SCALE,
  HEIGHT_SCALE,
  HISTORY_STEPS,
  VELOCITY_SCALE,
} from "../../../sim/control/state-estimate.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import { CLIP } from "../../networks/normalizer.js";
import { define, double, doubleArray, floatArray } from "./numbers.js";

/** Robot, gaits, control, odometry and estimator. */
export function constants(model: RobotModel, control: ControlConfig): string {
  return [
    robotConstants(model),
    gaitConstants(model),
    defines({
      FORWARD_GAIN,
      STANDSTILL_M_PER_S,
      STANDSTILL_RAD_PER_S,
      MAX_SPEED_TO_STAND_M_PER_S,
      STANCE_LEVELLING,
      STANCE_DAMPING_S,
      SWING_LEVELLING,
      // Policy steps by which the reference feet are ahead, to make up for the motors' lag.
      LEAD_STEPS: motorLagS(model) / control.stepS,
      INPUT_CLIP: CLIP,
      MAX_ACTION,
      STANDING_SHARE,
      ACTION_SHARE: control.actionShare,
      ACTION_SCALE_RAD: control.actionScaleRad,
    }),
    control.gravityFeedForward ? defines({ LOAD_PER_SWING_SHARE, MASS_KG: model.massKg }) : "",
    control.estimator === "none" ? "" : defines({ VELOCITY_SHARE, HEIGHT_SHARE }),
    control.estimator === "learned" ? estimatorConstants() : "",
  ].join("");
}

function robotConstants(model: RobotModel): string {
  const { legs, nominalHeightM } = model;
  return [
    "\n/* ---- Robot, gaits and settings ---- */\n\n",
    define("PI", double(Math.PI)),
    defines({
      GRAVITY: GRAVITY_M_PER_S2,
      NOMINAL_HEIGHT_M: nominalHeightM,
      THIGH_LENGTH_M: legs.thighLengthM,
      CALF_LENGTH_M: legs.calfLengthM,
      FOOT_RADIUS_M: legs.footRadiusM,
    }),
    floatArray("HIP_OFFSET_M", legs.hipOffsetM),
    floatArray("ABDUCTION_OFFSET_M", legs.abductionOffsetM),
    floatArray("NOMINAL_FEET_M", nominalFeet(model)),
    floatArray("DEFAULT_POSE_RAD", model.qDefaultRad),
    floatArray("JOINT_MIN_RAD", model.qMinRad),
    floatArray("JOINT_MAX_RAD", model.qMaxRad),
    floatArray("JOINT_SPEED_LIMIT", model.velocityMaxRadPerS),
    floatArray("JOINT_TORQUE_LIMIT", model.torqueMaxNm),
    floatArray("KP", model.kp),
    floatArray("KD", model.kd),
  ].join("");
}

function gaitConstants({ legs, nominalHeightM }: RobotModel): string {
  const rows = GAITS.map((gait) => {
    const numbers = [gait.periodS, gait.dutyFactor, strideRateHz(gait)].map(double).join(", ");
    const offsets = gait.phaseOffset.map(double).join(", ");
    return `    {${numbers}, {${offsets}}, ${bouncesPerStride(gait)}}, /* ${gait.id} */\n`;
  });
  return [
    defines({
      HIP_RADIUS_M: Math.hypot(legs.hipOffsetM[0], legs.hipOffsetM[1] + legs.abductionOffsetM[0]),
      LEG_LENGTH_M: legs.thighLengthM + legs.calfLengthM,
      GROUND_Z_M: legs.footRadiusM - nominalHeightM,
      CLEARANCE_M: CLEARANCE_RATIO * nominalHeightM,
      COMPRESSION_SHARE,
      RAIBERT_GAIN_S,
      FOOT_REACH_X_M,
      FOOT_REACH_Y_M,
      MAX_FOOT_SPEED_X: MAX_FOOT_SPEED_X_M_PER_S,
      MAX_FOOT_SPEED_Y: MAX_FOOT_SPEED_Y_M_PER_S,
      MAX_FOOT_SPEED_Z: maxFootSpeedZ(nominalHeightM),
      TRANSITION_FRAME_S: SOURCE_FRAME_S,
      TRANSITION_COMPLETE: COMPLETE,
    }),
    doubleArray("CLEARANCE_SHARES", CLEARANCE_SHARES),
    GAIT_TYPE,
    `static const gait_parameters GAITS[GAITWAY_GAIT_COUNT] = {\n${rows.join("")}};\n\n`,
  ].join("");
}

const GAIT_TYPE = `
typedef struct {
  double period_s;
  double duty_factor;
  double stride_rate_hz;
  double phase_offset[4]; /* cycles, FL FR RL RR */
  int bounces;            /* in a stride; 0 for gaits that do not leap */
} gait_parameters;

`;

function estimatorConstants(): string {
  const frameSize = ESTIMATOR_FRAME.reduce((sum, { size }) => sum + size, 0);
  return [
    define("HISTORY_STEPS", String(HISTORY_STEPS)),
    define("FRAME_SIZE", String(frameSize)),
    defines({ HEIGHT_INPUT_SCALE, VELOCITY_SCALE, HEIGHT_SCALE }),
  ].join("");
}

function defines(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([name, value]) => define(name, double(value)))
    .join("");
}
