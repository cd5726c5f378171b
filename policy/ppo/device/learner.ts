/**
 * PPO's epochs over the rollouts of all workers on one device, such as a GPU: samples, networks and Adam's moments stay there, and
 * nothing is read back within an epoch. The same mathematics as `Learner`'s own epochs, with minibatches drawn from all samples.
 */

import * as tf from "@tensorflow/tfjs-core";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { Rng } from "../../../sim/rng.js";
import { mirrorMap } from "../../../sim/task/mirror.js";
import type { TrainConfig } from "../../config/schema.js";
import { taskOf } from "../../config/tasks.js";
import { type ActorCriticLayout, actorCriticLayout } from "../actor-critic.js";
import type { DeviceExchange } from "../device-exchange.js";
import { MAX_LOG_STD } from "../gaussian-actions.js";
import { shuffle } from "../minibatch.js";
import { LOG_COLUMNS } from "../update-log.js";
import { type AdamSchedule, DeviceAdam, type DeviceState, type DeviceUpdate } from "./adam.js";
import { DeviceConstants } from "./constants.js";
import { DeviceGradient, type DeviceSamples } from "./gradient.js";

/** Sums over a minibatch's samples are made of up to so many parts, a power of two. */
const MAX_PARTS = 32;

/** What an iteration's updates share. */
interface Iteration {
  readonly samples: DeviceSamples;
  readonly schedule: AdamSchedule;
  /** Parameters that drew the actions. [1, P] */
  readonly drawing: tf.Tensor2D;
  /** [parts, 1, B / parts] */
  readonly ones: tf.Tensor3D;
}

export class DeviceLearner {
  private readonly layout: ActorCriticLayout;
  private readonly constants = new DeviceConstants();
  private readonly gradient: DeviceGradient;
  private readonly adam: DeviceAdam;
  /** Gives both sides' joints the mean of their log standard deviations. [12, 12] */
  private readonly tie: tf.Tensor2D | undefined;

  /** A TensorFlow.js backend must be ready. */
  constructor(private readonly config: TrainConfig) {
    this.layout = actorCriticLayout(config, taskOf(config).observation.spec);
    this.gradient = new DeviceGradient(config, this.constants);
    this.adam = new DeviceAdam(this.layout, config.ppo, this.constants);
    if (config.ppo.mirror) this.tie = tyingMatrix();
  }

  dispose(): void {
    this.adam.dispose();
    this.constants.dispose();
    this.tie?.dispose();
  }

  /**
   * Learns from what the workers have left in the exchange, and leaves the results there.
   * @param onProgress called after each minibatch that the device is given, and after each epoch that it has done
   */
  async update(exchange: DeviceExchange, onProgress: () => void): Promise<void> {
    const { epochs, minibatches } = this.config.ppo;
    const iteration = this.begin(exchange);
    const rng = new Rng(exchange.seed);
    const order = Int32Array.from({ length: exchange.numSamples }, (_, i) => i);
    let state = this.initialState(exchange);
    for (let epoch = 0; epoch < epochs; epoch++) {
      shuffle(order, rng);
      const supervised = iteration.samples.estimatorInputs !== undefined && epoch === 0;
      const log = this.epoch(iteration, state, order, supervised, onProgress);
      state = log.state;
      exchange.log.set(await log.rows.data<"float32">(), epoch * minibatches * LOG_COLUMNS);
      log.rows.dispose();
      onProgress();
    }
    exchange.params.set(await state.params.data<"float32">());
    exchange.m.set(await state.m.data<"float32">());
    exchange.v.set(await state.v.data<"float32">());
    exchange.updates += (await state.accepted.data())[0];
    tf.dispose([{ ...state }, { ...iteration.samples }, { ...iteration.schedule }, iteration.drawing, iteration.ones]);
  }

  private begin(exchange: DeviceExchange): Iteration {
    const { numSamples, samples } = exchange;
    const fields = Object.entries(samples).filter(([, values]) => values.length > 0);
    const tensors = fields.map(([field, values]) => [
      field,
      tf.tensor2d(values, [numSamples, values.length / numSamples]),
    ]);
    const batch = numSamples / this.config.ppo.minibatches;
    const parts = numParts(batch);
    return {
      samples: Object.fromEntries(tensors),
      schedule: this.adam.schedule(exchange.learningRate, exchange.updates),
      drawing: this.vector(exchange.params),
      ones: tf.ones([parts, 1, batch / parts]) as tf.Tensor3D,
    };
  }

  private initialState(exchange: DeviceExchange): DeviceState {
    return {
      params: this.vector(exchange.params),
      m: this.vector(exchange.m),
      v: this.vector(exchange.v),
      accepted: tf.tensor1d([0], "int32"),
    };
  }

  private vector(values: Float32Array): tf.Tensor2D {
    return tf.tensor2d(values, [1, values.length]);
  }

  /** One pass over the samples. Returns the state that follows, and the log's rows; the state before is disposed of. */
  private epoch(
    iteration: Iteration,
    before: DeviceState,
    order: Int32Array,
    supervised: boolean,
    onProgress: () => void,
  ): { state: DeviceState; rows: tf.Tensor2D } {
    const size = order.length / this.config.ppo.minibatches;
    const rows: tf.Tensor2D[] = [];
    let state = before;
    for (let first = 0; first < order.length; first += size) {
      const { next, row } = tf.tidy(() => this.step(iteration, state, order.slice(first, first + size), supervised));
      tf.dispose({ ...state });
      state = next;
      rows.push(row);
      onProgress();
    }
    const all = tf.concat(rows);
    tf.dispose(rows);
    return { state, rows: all };
  }

  /** One minibatch: the state that follows, and the log's row. */
  private step(
    { samples, schedule, drawing, ones }: Iteration,
    state: DeviceState,
    indices: Int32Array,
    supervised: boolean,
  ): DeviceUpdate {
    const rows = tf.tensor1d(indices, "int32");
    const picked = Object.entries(samples).map(([field, values]) => [field, tf.gather(values, rows)]);
    const minibatch: DeviceSamples = Object.fromEntries(picked);
    const { gradient, losses } = this.gradient.compute(state.params, drawing, minibatch, ones, supervised);
    const { next, row } = this.adam.update(state, gradient, losses, schedule, supervised);
    return { next: { ...next, params: this.limitStd(next.params) }, row };
  }

  /** Brings log standard deviations back into their limits, and both sides together where they are tied. */
  private limitStd(params: tf.Tensor2D): tf.Tensor2D {
    const { logStd, size } = this.layout;
    if (logStd === size) return params;
    const own = tf.slice(params, [0, logStd], [1, -1]);
    const tied: tf.Tensor2D = this.tie ? tf.matMul(own, this.tie) : own;
    const limited = tf.clipByValue(tied, Math.log(this.config.network.minStd), MAX_LOG_STD);
    return tf.concat([tf.slice(params, [0, 0], [1, logStd]), limited], 1) as tf.Tensor2D;
  }
}

/** The largest power of two up to `MAX_PARTS` that divides a minibatch. */
function numParts(batch: number): number {
  let parts = 1;
  while (parts < MAX_PARTS && batch % (2 * parts) === 0) parts *= 2;
  return parts;
}

function tyingMatrix(): tf.Tensor2D {
  const { from } = mirrorMap("joints", NUM_JOINTS);
  const values = new Float32Array(NUM_JOINTS ** 2);
  from.forEach((other, joint) => {
    values[joint * NUM_JOINTS + joint] += 0.5;
    values[other * NUM_JOINTS + joint] += 0.5;
  });
  return tf.tensor2d(values, [NUM_JOINTS, NUM_JOINTS]);
}
