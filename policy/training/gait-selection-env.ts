import { SELECTABLE_GAITS } from "../../gaits/library.js";
import { NUM_JOINTS } from "../../gaits/types.js";
import { VecEnv, type VecEnvOptions } from "../../sim/env.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { SELECTION_OBSERVATION, SELECTION_SPEC, SelectionState } from "../../sim/task/gait-selection.js";
import { observationOf } from "../../sim/task/observation.js";
import type { ObservationWriter } from "../../sim/task/observation-layout.js";
import type { Terrain } from "../../sim/terrain/height-field.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import type { TrainConfig } from "../config/schema.js";
import { FroudeRule } from "../runtime/gait-choice.js";
import type { TrainingEnv } from "./env-interface.js";
import { FrozenPolicy } from "./frozen-policy.js";

/**
 * Robots that a frozen policy walks, and a learning one selects gaits for: every `decisionSteps` policy steps, but never during a
 * transition. A step of this environment is all of them; their rewards add up.
 */
export class GaitSelectionEnv implements TrainingEnv {
  readonly obs: Float32Array;
  /** What an episode's last choice was made on: its end itself is gone by the time that it could be told. */
  readonly finalObs: Float32Array;
  readonly reward: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly locked: Uint8Array;
  /** What the command's Froude number asks for, as an index in SELECTABLE_GAITS. */
  readonly advice: Uint8Array;
  private readonly env: VecEnv;
  private readonly frozen: FrozenPolicy;
  private readonly selection: SelectionState;
  private readonly writer: ObservationWriter;
  private readonly actions: Float32Array;
  private readonly decisionSteps: number;
  private readonly rule: FroudeRule;

  /** Control and physics are those that the frozen policy was trained with. */
  constructor(
    { env, selection }: Pick<TrainConfig, "env" | "selection">,
    locomotion: PolicyBundle,
    model: RobotModel,
    private readonly numEnvs: number,
    terrain: Terrain,
    seed: number,
    options: VecEnvOptions,
  ) {
    const { control, physics } = locomotion.env;
    const config = { ...env, physics, control };
    this.frozen = new FrozenPolicy(locomotion);
    const observation = observationOf(locomotion.observation.slices, locomotion.task);
    const estimator = locomotion.estimator ? this.frozen.estimate : undefined;
    this.env = new VecEnv(model, config, numEnvs, terrain, seed, { ...options, observation, estimator });
    this.env.control.standsAtRest.fill(0);
    this.selection = new SelectionState(this.env.control);
    const { state } = this.env.physics;
    const { readings } = this.env.sensors;
    const { control: robots, privileged } = this.env;
    this.writer = SELECTION_OBSERVATION.writer({
      state,
      readings,
      control: robots,
      privileged,
      selection: this.selection,
    });
    this.decisionSteps = selection.decisionSteps;
    this.obs = new Float32Array(numEnvs * SELECTION_SPEC.size);
    this.finalObs = new Float32Array(this.obs.length);
    this.reward = new Float32Array(numEnvs);
    this.terminated = new Uint8Array(numEnvs);
    this.truncated = new Uint8Array(numEnvs);
    this.locked = new Uint8Array(numEnvs);
    this.advice = new Uint8Array(numEnvs);
    this.rule = new FroudeRule(this.env.control);
    this.actions = new Float32Array(numEnvs * NUM_JOINTS);
    for (let robot = 0; robot < numEnvs; robot++) this.selection.reset(robot);
    this.observe();
  }

  get statistics(): VecEnv["statistics"] {
    return this.env.statistics;
  }

  get blowUps(): VecEnv["blowUps"] {
    return this.env.blowUps;
  }

  get physicsMs(): number {
    return this.env.physicsMs;
  }

  get estimatorInputs(): Float32Array {
    return this.env.estimatorInputs;
  }

  get estimatorTargets(): Float32Array {
    return this.env.estimatorTargets;
  }

  /** Lets all robots follow their choices. `choices` [N], indices in SELECTABLE_GAITS; ignored where locked */
  step(choices: Float32Array): void {
    const { env, frozen, actions, locked, numEnvs } = this;
    this.finalObs.set(this.obs);
    this.reward.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    for (let robot = 0; robot < numEnvs; robot++) {
      if (locked[robot] === 0) env.control.gaitCommand[robot] = SELECTABLE_GAITS[choices[robot]];
    }
    for (let step = 0; step < this.decisionSteps; step++) {
      frozen.act(actions, env.obs, env.spec.size);
      env.step(actions);
      for (let robot = 0; robot < numEnvs; robot++) this.finish(robot);
    }
    this.observe();
  }

  free(): void {
    this.env.free();
    this.frozen.dispose();
  }

  /** A robot whose episode has ended begins the next one in a gait that it happens upon, and chooses with the others again. */
  private finish(robot: number): void {
    const { env, selection, terminated, truncated } = this;
    if (env.terminated[robot] | env.truncated[robot]) selection.reset(robot);
    else selection.advance(robot);
    if (terminated[robot] | truncated[robot]) return;
    this.reward[robot] += env.reward[robot];
    terminated[robot] = env.terminated[robot];
    truncated[robot] = env.truncated[robot];
  }

  private observe(): void {
    for (let robot = 0; robot < this.numEnvs; robot++) {
      this.read(robot);
      if (!this.blowUps.inSelection(this.obs, robot)) continue;
      this.discard(robot);
      this.read(robot);
    }
  }

  private read(robot: number): void {
    this.locked[robot] = this.env.control.gait.reference.transition[robot];
    this.advice[robot] = SELECTABLE_GAITS.indexOf(this.rule.gaitOf(robot));
    this.writer.write(this.obs, robot * SELECTION_SPEC.size, robot);
  }

  /** Ends the episode of a robot that nothing can be selected for, as if it had never made this choice. */
  private discard(robot: number): void {
    this.env.discard(robot);
    this.selection.reset(robot);
    this.reward[robot] = 0;
    this.terminated[robot] = 1;
    this.truncated[robot] = 0;
  }
}
