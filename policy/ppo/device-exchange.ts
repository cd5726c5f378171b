/**
 * What the workers that roll out and the one thread that learns on a device hand each other, through shared memory. The learner
 * keeps nothing from one iteration to the next: networks and Adam's moments come from the workers' replicas and go back there.
 */

import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../../sim/control/state-estimate.js";
import type { TrainConfig } from "../config/schema.js";
import { taskOf } from "../config/tasks.js";
import { Barrier } from "../threads/all-reduce.js";
import type { Heartbeat } from "../threads/heartbeat.js";
import type { AdvantageMoments } from "./action-distribution.js";
import { actorCriticLayout } from "./actor-critic.js";
import type { Adam } from "./adam.js";
import type { Rollout } from "./rollout.js";
import { LOG_COLUMNS, summarizeUpdates, type UpdateSummary } from "./update-log.js";

/** Arrays of a rollout that are learned from. Advantages are normalised. */
const SAMPLE_FIELDS = [
  "obs",
  "action",
  "output",
  "locked",
  "advice",
  "logProb",
  "advantage",
  "returns",
  "estimatorInputs",
  "estimatorTargets",
] as const;

export type SampleField = (typeof SAMPLE_FIELDS)[number];

/** As threads are given it. */
export interface DeviceMemory {
  readonly control: SharedArrayBuffer;
  readonly samples: SharedArrayBuffer;
  readonly networks: SharedArrayBuffer;
  readonly log: SharedArrayBuffer;
  readonly settings: SharedArrayBuffer;
}

const CLOSED_WORD = Barrier.WORDS;

/** Places of the settings. */
const LEARNING_RATE = 0;
const UPDATES = 1;
const SEED = 2;
const SETTINGS = 3;

/** A worker's networks. */
export interface Replica {
  readonly params: Float32Array;
  readonly adam: Adam;
  readonly learningRate: number;
}

/** Shared memory for an iteration's samples of all workers, the networks, Adam's moments, and the log of updates. */
export function createDeviceMemory(config: TrainConfig): DeviceMemory {
  const { spec } = taskOf(config).observation;
  const width = Object.values(fieldWidths(config)).reduce((sum, each) => sum + each);
  const { epochs, minibatches, horizon } = config.ppo;
  return {
    control: new SharedArrayBuffer(4 * (Barrier.WORDS + 1)),
    samples: new SharedArrayBuffer(4 * config.numEnvs * horizon * width),
    networks: new SharedArrayBuffer(4 * 3 * actorCriticLayout(config, spec).size),
    log: new SharedArrayBuffer(4 * epochs * minibatches * LOG_COLUMNS),
    settings: new SharedArrayBuffer(8 * SETTINGS),
  };
}

/** Tells the learner to end its work, even in the midst of an update. */
export function closeDevice({ control }: DeviceMemory): void {
  Atomics.store(new Int32Array(control), CLOSED_WORD, 1);
}

/** Numbers of a sample in each field; 0 where the task has no such field. */
function fieldWidths(config: TrainConfig): Readonly<Record<SampleField, number>> {
  const { observation, actions } = taskOf(config);
  const { spec } = observation;
  const { numActions, numOutputs } = actions;
  const choices = actions.distribution === "categorical" ? numOutputs : 0;
  const learned = actorCriticLayout(config, spec).estimator.layers.length > 0;
  return {
    obs: spec.size,
    action: numActions,
    output: numOutputs,
    locked: Math.min(1, choices),
    advice: choices,
    logProb: 1,
    advantage: 1,
    returns: 1,
    estimatorInputs: learned ? ESTIMATOR_INPUTS : 0,
    estimatorTargets: learned ? ESTIMATOR_OUTPUTS : 0,
  };
}

/** One thread's end of it. */
export class DeviceExchange {
  /** Of all workers, one after another. [samples, width] each, empty where the task has no such field */
  readonly samples: Readonly<Record<SampleField, Float32Array>>;
  readonly params: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
  /** [epochs · minibatches, LOG_COLUMNS] */
  readonly log: Float32Array;
  /** Samples of all workers in an iteration. */
  readonly numSamples: number;
  private readonly settings: Float64Array;
  private readonly control: Int32Array;
  private readonly barrier: Barrier;

  constructor(
    memory: DeviceMemory,
    private readonly config: TrainConfig,
    private readonly heartbeat: Heartbeat,
  ) {
    this.numSamples = config.numEnvs * config.ppo.horizon;
    const widths = fieldWidths(config);
    let offset = 0;
    const views = SAMPLE_FIELDS.map((field) => {
      const view = new Float32Array(memory.samples, offset, this.numSamples * widths[field]);
      offset += view.byteLength;
      return [field, view];
    });
    this.samples = Object.fromEntries(views) as Record<SampleField, Float32Array>;
    const networks = new Float32Array(memory.networks);
    const { length } = networks;
    this.params = networks.subarray(0, length / 3);
    this.m = networks.subarray(length / 3, (2 * length) / 3);
    this.v = networks.subarray((2 * length) / 3);
    this.log = new Float32Array(memory.log);
    this.settings = new Float64Array(memory.settings);
    this.control = new Int32Array(memory.control);
    this.barrier = new Barrier(this.control, config.workers + 1);
  }

  /** Of the actor. */
  get learningRate(): number {
    return this.settings[LEARNING_RATE];
  }

  /** That were made so far, in all iterations. */
  get updates(): number {
    return this.settings[UPDATES];
  }

  set updates(updates: number) {
    this.settings[UPDATES] = updates;
  }

  /** For the order of samples. */
  get seed(): number {
    return this.settings[SEED];
  }

  /**
   * A worker's part in an update: hands over its rollout, waits for the learner, and takes over what it made of the networks. Every
   * worker must call it, and all must have met in between two calls: the first one hands over the networks.
   */
  learn(worker: number, rollout: Rollout, moments: AdvantageMoments, replica: Replica, seed: number): UpdateSummary {
    this.handOver(worker, rollout, moments, replica, seed);
    this.meet();
    this.meet();
    return this.takeOver(replica);
  }

  /** @param seed for the order of samples; the first worker's counts, and so do its networks */
  handOver(worker: number, rollout: Rollout, { mean, std }: AdvantageMoments, replica: Replica, seed: number): void {
    for (const field of SAMPLE_FIELDS) {
      const own = this.samples[field].length / this.config.workers;
      this.samples[field].set(rollout[field].subarray(0, own), worker * own);
    }
    const first = worker * rollout.samples;
    const advantage = this.samples.advantage.subarray(first, first + rollout.samples);
    for (let k = 0; k < advantage.length; k++) advantage[k] = (advantage[k] - mean) / std;
    if (worker > 0) return;
    this.params.set(replica.params);
    this.m.set(replica.adam.m);
    this.v.set(replica.adam.v);
    this.settings.set([replica.learningRate, replica.adam.t, seed]);
  }

  /** Copies the learner's results to a worker's networks. */
  takeOver({ params, adam }: Replica): UpdateSummary {
    params.set(this.params);
    adam.m.set(this.m);
    adam.v.set(this.v);
    adam.t = this.updates;
    return summarizeUpdates(this.log, this.config.ppo);
  }

  /** Ends the learner's work between updates; every worker must call it. */
  close(): void {
    Atomics.store(this.control, CLOSED_WORD, 1);
    this.meet();
  }

  get isClosed(): boolean {
    return Atomics.load(this.control, CLOSED_WORD) === 1;
  }

  /** The learner's part: waits until all workers have handed over. Returns whether they have, or ended. */
  awaitRollouts(): boolean {
    this.meet();
    return !this.isClosed;
  }

  /** The learner's part: lets the workers go on. */
  release(): void {
    this.meet();
  }

  private meet(): void {
    this.heartbeat.startWaiting();
    this.barrier.wait();
    this.heartbeat.stopWaiting();
  }
}
