/**
 * Distils a student, which knows no gait memory, from a policy that has one: the student drives, the teacher says at every step
 * what it would have done, and the student learns to do that (DAgger: Ross, Gordon & Bagnell, AISTATS 2011).
 */

import { NUM_JOINTS } from "../../gaits/types.js";
import type { CommandConfig } from "../../sim/config-sections.js";
import { VecEnv } from "../../sim/env.js";
import type { EnvConfig } from "../../sim/env-config.js";
import { InputError } from "../../sim/errors.js";
import { deriveSeed, Rng } from "../../sim/rng.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { createTerrain } from "../../sim/terrain/create.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import { addToSums, Normalizer } from "../networks/normalizer.js";
import { gather } from "../ppo/minibatch.js";
import { envOptionsOf } from "../runtime/env-options.js";
import { PolicyNetwork } from "../runtime/inference.js";
import { createStudentBundle, type StudentBundle, studentActionLimits } from "./bundle.js";
import { StudentHistory } from "./history.js";
import { StudentLearner } from "./learner.js";

const GAIT = "trot";
/** Commands that students learn, where their teachers do: what experiment E1 asks for, some backward and to the sides. */
const COMMANDS = { vxMPerS: [-0.5, 1.1], vyMPerS: [-0.3, 0.3], yawRateRadPerS: [-0.9, 0.9] } as const;
/** Share of commands to stand: to a student, which has no clock, that is harder than to its teacher. */
const STAND_SHARE = 0.1;
const ACTION_SCALE_RAD = 0.25;
const HIDDEN = [256, 128];

/**
 * Longest time that a student drives at a stretch, and how long the teacher then takes over. A student has no clock: left alone,
 * it falls behind the teacher's, whose answers then make no sense to it. Policy steps.
 */
const STUDENT_STEPS = 100;
const TEACHER_STEPS = 25;
/** Share of the rounds over which the student's stretches grow to their full length. */
const GROWING_SHARE = 0.5;

const FIRST_RATE = 1e-3;
const LAST_RATE = 1e-4;
const BATCH = 1024;

export interface DistillSettings {
  readonly seed: number;
  /** Frames that the student sees. */
  readonly historyLength: number;
  readonly rounds: number;
  readonly numEnvs: number;
  /** Policy steps of each robot in a round. */
  readonly horizon: number;
  /** Minibatches that are learned from in a round, and the latest rounds that they are drawn from. */
  readonly updates: number;
  readonly memory: number;
}

export const DEFAULT_DISTILLATION: Omit<DistillSettings, "seed"> = {
  historyLength: 5,
  rounds: 60,
  numEnvs: 128,
  horizon: 50,
  updates: 30,
  memory: 20,
};

export interface RoundStatistics {
  /** Root mean square of what the student's joint targets are off the teacher's, before each step of learning, rad. */
  readonly errorRad: number;
  /** Of all robots, whoever drove. */
  readonly falls: number;
}

export class Distillation {
  round = 0;
  private readonly env: VecEnv;
  private readonly teacher: PolicyNetwork;
  private readonly history: StudentHistory;
  private readonly learner: StudentLearner;
  private readonly normalizer: Normalizer;
  private readonly limits: ReturnType<typeof studentActionLimits>;
  private readonly rng: Rng;
  /** What the teacher is about to do, as its own actions, and as joint targets. [N, 12] */
  private readonly teacherActions: Float32Array;
  private readonly targets: Float32Array;
  private readonly lastAction: Float32Array;
  private readonly studentActions: Float32Array;
  private readonly normalized: Float32Array;
  /** Steps until the other takes over; the student drives while they are positive, the teacher while they are negative. [N] */
  private readonly turn: Int32Array;
  /** Latest rounds' inputs and the teacher's actions on them. [memory · horizon · N, ..] */
  private readonly rows: Float32Array;
  private readonly labels: Float32Array;
  private stored = 0;

  /** `loadPhysics` and a TensorFlow.js backend must be ready. @throws InputError if the teacher can't trot */
  constructor(
    private readonly bundle: PolicyBundle,
    private readonly model: RobotModel,
    private readonly settings: DistillSettings,
  ) {
    const { numEnvs, historyLength, seed, memory, horizon } = settings;
    const env = distillationEnv(bundle.env);
    const terrain = createTerrain({ ...env.terrain, seed: deriveSeed(seed, 1) });
    this.env = new VecEnv(model, env, numEnvs, terrain, deriveSeed(seed, 2), envOptionsOf(bundle));
    this.rng = new Rng(deriveSeed(seed, 3));
    this.teacher = new PolicyNetwork(bundle);
    const perRobot = () => new Float32Array(numEnvs * NUM_JOINTS);
    this.teacherActions = perRobot();
    this.targets = perRobot();
    this.lastAction = perRobot();
    this.studentActions = perRobot();
    const sources = { readings: this.env.sensors.readings, command: this.env.control.command };
    this.history = new StudentHistory(model, { ...sources, lastAction: this.lastAction }, historyLength, numEnvs);
    const { size } = this.history;
    this.learner = new StudentLearner(size, HIDDEN, this.rng);
    this.normalizer = new Normalizer(size);
    this.normalized = new Float32Array(numEnvs * size);
    this.limits = studentActionLimits(ACTION_SCALE_RAD, model);
    this.turn = Int32Array.from({ length: numEnvs }, () => -1 - this.rng.integer(TEACHER_STEPS));
    const capacity = memory * horizon * numEnvs;
    this.rows = new Float32Array(capacity * size);
    this.labels = new Float32Array(capacity * NUM_JOINTS);
    for (let robot = 0; robot < numEnvs; robot++) this.begin(robot);
  }

  /** Drives, then learns from this round and the latest ones before it. */
  advance(): RoundStatistics {
    const { horizon, rounds, updates } = this.settings;
    let falls = 0;
    for (let t = 0; t < horizon; t++) falls += this.drive();
    // Later rounds go on with the first one's statistics, which the network has grown used to.
    if (this.round === 0) this.normalize();
    const rate = FIRST_RATE * (LAST_RATE / FIRST_RATE) ** (this.round / rounds);
    const available = Math.min(this.stored, this.labels.length / NUM_JOINTS);
    let loss = 0;
    for (let i = 0; i < updates; i++) loss += this.learn(available, rate) / updates;
    this.round++;
    return { errorRad: ACTION_SCALE_RAD * Math.sqrt(loss), falls };
  }

  student(): StudentBundle {
    const { robot, env } = this.bundle;
    const { mean, variance } = this.normalizer.save();
    const { vxMPerS, vyMPerS, yawRateRadPerS } = this.env.config.command;
    return createStudentBundle({
      robot,
      historyLength: this.settings.historyLength,
      normalizer: { mean, variance },
      layers: this.learner.layers(),
      actionScaleRad: ACTION_SCALE_RAD,
      stepS: env.control.stepS,
      gait: GAIT,
      command: { vxMPerS, vyMPerS, yawRateRadPerS },
      env: this.env.config,
    });
  }

  free(): void {
    this.env.free();
  }

  /** One policy step of all robots, kept to learn from. Returns how many fell. */
  private drive(): number {
    const { env, history, normalized, normalizer, learner } = this;
    const { numEnvs } = this.settings;
    for (let robot = 0; robot < numEnvs; robot++) {
      normalizer.normalize(normalized, robot * history.size, history.inputs, robot * history.size);
    }
    learner.act(this.studentActions, normalized);
    for (let robot = 0; robot < numEnvs; robot++) this.decide(robot);
    env.step(this.teacherActions);
    let falls = 0;
    for (let robot = 0; robot < numEnvs; robot++) {
      falls += env.terminated[robot];
      if (env.terminated[robot] || env.truncated[robot]) this.begin(robot);
      else history.push(robot);
    }
    return falls;
  }

  /** Asks the teacher, keeps its answer, and passes on who drives. */
  private decide(robot: number): void {
    const { env, model, limits, targets, teacherActions, lastAction, studentActions } = this;
    const { control } = env;
    const a = robot * NUM_JOINTS;
    this.teacher.act(teacherActions, a, env.obs, robot * env.spec.size);
    control.preview(targets, robot, teacherActions, a);
    for (let j = 0; j < NUM_JOINTS; j++) lastAction[a + j] = (targets[a + j] - model.qDefaultRad[j]) / ACTION_SCALE_RAD;
    this.store(robot);
    if (!this.studentDrives(robot)) return;
    for (let j = 0; j < NUM_JOINTS; j++) {
      lastAction[a + j] = Math.min(Math.max(studentActions[a + j], limits.low[j]), limits.high[j]);
      targets[a + j] = model.qDefaultRad[j] + ACTION_SCALE_RAD * lastAction[a + j];
    }
    control.actionFor(teacherActions, robot, targets, a);
  }

  private store(robot: number): void {
    const { history, rows, labels, lastAction } = this;
    const { size } = history;
    const place = this.stored++ % (labels.length / NUM_JOINTS);
    rows.set(history.inputs.subarray(robot * size, (robot + 1) * size), place * size);
    labels.set(lastAction.subarray(robot * NUM_JOINTS, (robot + 1) * NUM_JOINTS), place * NUM_JOINTS);
  }

  private studentDrives(robot: number): boolean {
    const { turn, round, rng } = this;
    if (turn[robot] > 0) {
      turn[robot]--;
      if (turn[robot] === 0) turn[robot] = -TEACHER_STEPS;
      return true;
    }
    turn[robot]++;
    const longest = Math.round(STUDENT_STEPS * Math.min(1, round / (GROWING_SHARE * this.settings.rounds)));
    if (turn[robot] === 0) turn[robot] = longest > 0 ? 1 + rng.integer(longest) : -TEACHER_STEPS;
    return false;
  }

  /** A robot starts anew, always with the same feet: a student can't know with which ones its teacher would have. */
  private begin(robot: number): void {
    const { gait } = this.env.control;
    gait.reset(robot, gait.reference.gaitIndex[robot], 0);
    this.lastAction.fill(0, robot * NUM_JOINTS, (robot + 1) * NUM_JOINTS);
    // Controllers start from one or the other.
    if (this.rng.next() < 0.5) this.history.reset(robot);
    else this.history.clear(robot);
  }

  private normalize(): void {
    const { normalizer, history, rows } = this;
    const sums = new Float64Array(1 + 2 * history.size);
    for (let row = 0; row < this.stored; row++) addToSums(sums, rows, row * history.size, history.size);
    normalizer.merge(sums);
  }

  private learn(available: number, rate: number): number {
    const { history, normalizer, rng, rows, labels } = this;
    const { size } = history;
    const indices = Int32Array.from({ length: BATCH }, () => rng.integer(available));
    const batch = gather(rows, indices, size, size);
    for (let b = 0; b < BATCH; b++) normalizer.normalize(batch, b * size, batch, b * size);
    return this.learner.step(batch, gather(labels, indices, NUM_JOINTS, NUM_JOINTS), rate);
  }
}

/** The teacher's environment, with one gait, and commands within its own and those that students learn. */
function distillationEnv(env: EnvConfig): EnvConfig {
  if (!env.command.gaits.includes(GAIT)) {
    throw new InputError(`the policy knows ${env.command.gaits.join(", ")}; a student learns to ${GAIT}`);
  }
  const within = (name: keyof typeof COMMANDS): CommandConfig["vxMPerS"] => [
    Math.max(env.command[name][0], COMMANDS[name][0]),
    Math.min(env.command[name][1], COMMANDS[name][1]),
  ];
  return {
    ...env,
    command: {
      ...env.command,
      gaits: [GAIT],
      curriculum: false,
      standShare: STAND_SHARE,
      vxMPerS: within("vxMPerS"),
      vyMPerS: within("vyMPerS"),
      yawRateRadPerS: within("yawRateRadPerS"),
    },
  };
}
