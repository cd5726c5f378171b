/** What to do about figures of an inspection that are off. Bounds are rules of thumb: a sound policy stays well within them. */

import type { Inspection } from "./inspect.js";

const MAX_DEAD_SHARE = 0.1;
const MAX_SATURATED_SHARE = 0.3;
/** Of the share that a layer would have if all scored alike. */
const MIN_SCORE = 0.25;
const MAX_CLIPPED_OBSERVATIONS = 0.001;
/** Standard deviations of the normaliser. */
const MAX_SHIFT = 1;
const MAX_SPREAD = 2;
const MAX_SATURATED_ACTIONS = 0.01;
const MAX_TORQUE_LIMITED = 0.05;
const MAX_PENALTY_SHARE = 0.3;
const MAX_REWARD_SHARE = 0.9;
const MAX_ASYMMETRY = 0.2;
const MAX_FALLS_PER_MINUTE = 1;

/** One sentence or two for each figure that is off; none for a policy without findings. */
export function advise(inspection: Inspection): string[] {
  return [
    ...layerAdvice(inspection),
    ...observationAdvice(inspection),
    ...actionAdvice(inspection),
    ...rewardAdvice(inspection),
    ...symmetryAdvice(inspection),
  ];
}

function layerAdvice({ layers }: Inspection): string[] {
  return layers.flatMap(({ units, deadUnits, saturatedShare, scoreShare }, i) => {
    const name = `Hidden layer ${i + 1}`;
    return [
      ...when(
        deadUnits > MAX_DEAD_SHARE * units,
        `${name}: ${deadUnits} of ${units} units never change. Lower ppo.maxLearningRate, or make the layer smaller (network.actorHidden).`,
      ),
      ...when(
        saturatedShare > MAX_SATURATED_SHARE,
        `${name}: ${percent(saturatedShare)} of its activations are where ELU is flat and hardly learns. Lower ppo.maxLearningRate.`,
      ),
      ...when(
        scoreShare < MIN_SCORE / layers.length,
        `${name} has ${percent(scoreShare)} of the activation variance-sparsity score: try without it (network.actorHidden).`,
      ),
    ];
  });
}

function observationAdvice({ observation }: Inspection): string[] {
  return observation.flatMap(({ name, clippedShare, shift, spread, constant }) => [
    ...when(
      clippedShare > MAX_CLIPPED_OBSERVATIONS,
      `${name}: ${percent(clippedShare)} of it is cut off by the normaliser. Look for spikes in it, or train where it takes such values.`,
    ),
    ...when(
      shift > MAX_SHIFT || spread[1] > MAX_SPREAD,
      `${name} is not as it was in training: mean off by ${shift.toFixed(1)}, spread ${spread[1].toFixed(1)} times as large. Train longer: the normaliser still remembers how robots moved at the start.`,
    ),
    ...when(
      constant > 0,
      `${name}: ${constant} of its numbers never change, but did in training. Look for a sensor or a command that got stuck.`,
    ),
  ]);
}

function actionAdvice({ joints }: Inspection): string[] {
  const over = (name: "clippedShare" | "jointLimitShare" | "torqueLimitShare", bound: number) => {
    const found = joints.filter((joint) => joint[name] > bound);
    const most = Math.max(...found.map((joint) => joint[name]));
    return { isOff: found.length > 0, most: percent(most), who: found.map((joint) => joint.name).join(", ") };
  };
  const clipped = over("clippedShare", MAX_SATURATED_ACTIONS);
  const atJoint = over("jointLimitShare", MAX_SATURATED_ACTIONS);
  const atTorque = over("torqueLimitShare", MAX_TORQUE_LIMITED);
  return [
    ...when(
      clipped.isOff,
      `${clipped.who}: up to ${clipped.most} of the actions are cut off. Raise env.control.actionScaleRad or the penalty env.reward.actionSize.`,
    ),
    ...when(
      atJoint.isOff,
      `${atJoint.who}: up to ${atJoint.most} of the targets are at a joint limit. Lower env.control.actionScaleRad, or check defaultPoseRad and the URDF's limits.`,
    ),
    ...when(
      atTorque.isOff,
      `${atTorque.who}: at the torque limit up to ${atTorque.most} of the time. Raise the penalty env.reward.torque, command less speed, or check torqueMaxNm and kp.`,
    ),
  ];
}

function rewardAdvice({ reward, fallsPerMinute }: Inspection): string[] {
  const terms = reward.flatMap(({ name, mean, share }) => [
    ...when(
      mean < 0 && share > MAX_PENALTY_SHARE,
      `reward ${name}: a penalty that makes ${percent(share)} of the reward. Lower the weight env.reward.${name}: robots may learn to stand still.`,
    ),
    ...when(
      mean > 0 && share > MAX_REWARD_SHARE,
      `reward ${name} makes ${percent(share)} of the reward: the other terms hardly count. Lower its weight env.reward.${name}, or raise theirs.`,
    ),
  ]);
  const falls = `Robots fall ${fallsPerMinute.toFixed(1)} times a minute. Train longer, or on easier ground, with slower commands or weaker pushes.`;
  return [...terms, ...when(fallsPerMinute > MAX_FALLS_PER_MINUTE, falls)];
}

function symmetryAdvice({ symmetry }: Inspection): string[] {
  const uneven = (symmetry ?? []).filter(({ asymmetry }) => asymmetry > MAX_ASYMMETRY);
  const figures = uneven.map(
    ({ pair, figure, left, right }) => `${pair} ${figure} ${left.toFixed(2)} against ${right.toFixed(2)}`,
  );
  return when(
    uneven.length > 0,
    `Left and right differ: ${figures.join("; ")}. Train longer or from another seed, and check that command ranges are even.`,
  );
}

function when(isOff: boolean, advice: string): string[] {
  return isOff ? [advice] : [];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
