import * as tf from "@tensorflow/tfjs-core";
import type { TrainConfig } from "../../config/schema.js";
import { taskOf } from "../../config/tasks.js";
import { type ActorCriticLayout, actorCriticLayout } from "../actor-critic.js";
import type { SampleField } from "../device-exchange.js";
import type { DeviceConstants } from "./constants.js";
import {
  categoricalGradient,
  estimatorGradient,
  gaussianGradient,
  type LossGradient,
  type PolicySamples,
  valueGradient,
} from "./losses.js";
import { DeviceNetwork } from "./network.js";

/** Samples of an iteration, or of a minibatch; only the fields that the task has. [samples, width] each */
export type DeviceSamples = Readonly<Partial<Record<SampleField, tf.Tensor2D>>>;

export interface MinibatchGradient {
  /** [1, P] */
  readonly gradient: tf.Tensor2D;
  /** KL divergence, value loss, estimator's loss. [1, 3] */
  readonly losses: tf.Tensor2D;
}

/** The gradient of all networks' losses over one minibatch. Everything is made within, and freed by, the caller's `tf.tidy`. */
export class DeviceGradient {
  private readonly layout: ActorCriticLayout;
  private readonly actorInputs: number;

  constructor(
    private readonly config: TrainConfig,
    private readonly constants: DeviceConstants,
  ) {
    const { spec } = taskOf(config).observation;
    this.layout = actorCriticLayout(config, spec);
    this.actorInputs = spec.actorSize;
  }

  /**
   * @param params the whole parameter vector, `drawing` the one that drew the actions. [1, P]
   * @param ones for sums over samples: in so many parts, [parts, 1, B / parts]
   * @param supervised whether the estimator learns, too
   */
  compute(
    params: tf.Tensor2D,
    drawing: tf.Tensor2D,
    samples: DeviceSamples,
    ones: tf.Tensor3D,
    supervised: boolean,
  ): MinibatchGradient {
    const { layout, constants } = this;
    const parts = ones.shape[0];
    const actor = new DeviceNetwork(layout.actor, params);
    const actorObs = tf.slice(samples.obs!, [0, 0], [-1, this.actorInputs]);
    const policy = this.policyGradient(actor.forward(actorObs), params, drawing, samples, parts);
    const critic = new DeviceNetwork(layout.critic, params);
    const value = valueGradient(critic.forward(samples.obs!), samples.returns!, constants);
    const slices = [...actor.backward(policy.dOutput, ones), ...critic.backward(value.dOutput, ones)];
    let estimatorLoss: tf.Tensor = constants.get(0);
    if (supervised) {
      const estimator = new DeviceNetwork(layout.estimator, params);
      const outputs = estimator.forward(samples.estimatorInputs!);
      const { dOutput, loss } = estimatorGradient(outputs, samples.estimatorTargets!, constants);
      slices.push(...estimator.backward(dOutput, ones));
      estimatorLoss = loss;
    } else if (layout.estimator.end > layout.estimator.begin) {
      slices.push(tf.zeros([parts, layout.estimator.end - layout.estimator.begin]));
    }
    if (policy.dLogStd) slices.push(policy.dLogStd);
    const gradient: tf.Tensor2D = tf.matMul(tf.ones([1, parts]) as tf.Tensor2D, tf.concat(slices, 1));
    const losses = [policy.loss, value.loss, estimatorLoss].map((loss) => tf.reshape(loss, [1, 1]));
    return { gradient, losses: tf.concat(losses, 1) as tf.Tensor2D };
  }

  private policyGradient(
    output: tf.Tensor2D,
    params: tf.Tensor2D,
    drawing: tf.Tensor2D,
    samples: DeviceSamples,
    parts: number,
  ): LossGradient & { readonly dLogStd?: tf.Tensor2D } {
    const { layout, constants, config } = this;
    // The task's samples have all fields that its kind of actions asks for.
    const given = samples as PolicySamples;
    if (taskOf(config).actions.distribution === "categorical")
      return categoricalGradient(output, given, config.ppo, constants);
    const logStd = (of: tf.Tensor2D) => tf.slice(of, [0, layout.logStd], [1, -1]);
    return gaussianGradient(output, logStd(params), logStd(drawing), given, config.ppo, parts, constants);
  }
}
