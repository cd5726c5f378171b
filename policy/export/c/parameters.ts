/** `parameters.h`: all that the C takes from the robot, the gait library, the settings and their code, as constants and tables. */

import { bouncesPerStride, COMPRESSION_SHARE } from "../../../gaits/bounce.js";
import { GAITS, GRAVITY_M_PER_S2, gaitIndex, gaitStabilityNumber, strideRateHz } from "../../../gaits/library.js";
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
  HEIGHT_INPUT_SCALE,
  HEIGHT_SCALE,
  HISTORY_STEPS,
  VELOCITY_SCALE,
} from "../../../sim/control/state-estimate.js";
import { FALL_COS_TILT } from "../../../sim/robot/state.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import { ACCELERATION_FILTER_S } from "../../../sim/task/gait-selection.js";
import type { GaitSelectorBundle, PolicyBundle } from "../../bundle/bundle.js";
import { CLIP } from "../../networks/normalizer.js";
import { define, double, doubleArray, floatArray } from "./numbers.js";

export function parameters({ env, selector }: PolicyBundle, model: RobotModel): string {
  return [
    "/* ---- Robot, gaits and settings ---- */\n\n",
    robotParameters(model),
    gaitParameters(model),
    controlParameters(env.control, model),
    selector ? selectionParameters(selector, model) : "",
  ].join("");
}

function robotParameters(model: RobotModel): string {
  const { legs, nominalHeightM } = model;
  return [
    defines({
      PI: Math.PI,
      GRAVITY: GRAVITY_M_PER_S2,
      MASS_KG: model.massKg,
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

function gaitParameters({ legs, nominalHeightM }: RobotModel): string {
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
    `static const gait_parameters GAITS[GAITWAY_GAIT_COUNT] = {\n${rows.join("")}};\n`,
  ].join("");
}

function controlParameters(control: ControlConfig, model: RobotModel): string {
  return [
    define("RESIDUAL_ACTIONS", control.actionMode === "residual" ? "1" : "0"),
    define("GRAVITY_FEED_FORWARD", control.gravityFeedForward ? "1" : "0"),
    define("HISTORY_STEPS", String(HISTORY_STEPS)),
    defines({
      FORWARD_GAIN,
      STANDSTILL_M_PER_S,
      STANDSTILL_RAD_PER_S,
      MAX_SPEED_TO_STAND_M_PER_S,
      STANCE_LEVELLING,
      STANCE_DAMPING_S,
      SWING_LEVELLING,
      LOAD_PER_SWING_SHARE,
      // Policy steps by which the reference feet are ahead, to make up for the motors' lag.
      LEAD_STEPS: motorLagS(model) / control.stepS,
      INPUT_CLIP: CLIP,
      MAX_ACTION,
      STANDING_SHARE,
      ACTION_SHARE: control.actionShare,
      ACTION_SCALE_RAD: control.actionScaleRad,
      VELOCITY_SHARE,
      HEIGHT_SHARE,
      HEIGHT_INPUT_SCALE,
      VELOCITY_SCALE,
      HEIGHT_SCALE,
    }),
    define("MIN_UPRIGHT", double(FALL_COS_TILT), "cosine of the trunk's tilt"),
  ].join("");
}

function selectionParameters({ gaits, decisionSteps }: GaitSelectorBundle, { legs }: RobotModel): string {
  const legLengthM = legs.thighLengthM + legs.calfLengthM;
  const numbers = GAITS.map((gait) => gaitStabilityNumber(gait, legLengthM));
  return [
    define("DECISION_STEPS", String(decisionSteps)),
    define("ACCELERATION_FILTER_S", double(ACCELERATION_FILTER_S)),
    `static const uint8_t SELECTABLE_GAITS[GAITWAY_SELECTABLE_GAIT_COUNT] = {${gaits.map(gaitIndex).join(", ")}};\n`,
    floatArray("STABILITY_NUMBERS", numbers),
  ].join("");
}

function defines(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([name, value]) => define(name, double(value)))
    .join("");
}
