/** A policy bundle as ONNX files: the policy, and where it has them its learned state estimator and its gait selection policy. */

import CRC32 from "crc-32";
import {
  ESTIMATOR_FRAME,
  ESTIMATOR_OUTPUTS,
  HEIGHT_INPUT_SCALE,
  HEIGHT_SCALE,
  HISTORY_STEPS,
  VELOCITY_SCALE,
} from "../../../sim/control/state-estimate.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import { ACCELERATION_FILTER_S } from "../../../sim/task/gait-selection.js";
import { encodeBundle, type GaitSelectorBundle, type PolicyBundle } from "../../bundle/bundle.js";
import { createGraph, foldNormalizer, type OnnxNetwork } from "./graph.js";
import { encodeModel } from "./protobuf.js";
import { onnxReadme } from "./readme.js";
import { gaitMetadata, jointMetadata } from "./robot-metadata.js";

export const POLICY_FILE = "policy.onnx";
export const ESTIMATOR_FILE = "estimator.onnx";
export const SELECTOR_FILE = "selector.onnx";
/** Where the metadata holds all of a bundle, or of its gait selection policy, but the weights. */
export const BUNDLE_KEY = "gaitway_bundle";
/** Where all files of a bundle hold the same mark of it. */
export const BUNDLE_ID_KEY = "gaitway_bundle_id";

/** @param version Gaitway's */
export function exportOnnx(
  bundle: PolicyBundle,
  model: RobotModel,
  version: string,
): ReadonlyMap<string, string | Uint8Array> {
  const policy = { ...foldNormalizer(bundle.layers, bundle.normalizer), outputLimits: null };
  const files = new Map<string, string | Uint8Array>();
  files.set(POLICY_FILE, encodeNetwork(policy, "actions", policyMetadata(bundle, model), version));
  if (bundle.estimator) {
    const estimator = { inputLimits: null, layers: bundle.estimator, outputLimits: null };
    files.set(ESTIMATOR_FILE, encodeNetwork(estimator, "estimate", estimatorMetadata(bundle), version));
  }
  if (bundle.selector) {
    const selector = { ...foldNormalizer(bundle.selector.layers, bundle.selector.normalizer), outputLimits: null };
    files.set(SELECTOR_FILE, encodeNetwork(selector, "logits", selectorMetadata(bundle, bundle.selector), version));
  }
  return files.set("README.md", onnxReadme(bundle, model));
}

/** By what they put out. */
const NETWORK_NAMES = { actions: "policy", estimate: "estimator", logits: "selector" } as const;

/** @param metadata texts as they are, everything else as JSON */
export function encodeNetwork(
  network: OnnxNetwork,
  output: keyof typeof NETWORK_NAMES,
  metadata: Readonly<Record<string, unknown>>,
  version: string,
): Uint8Array {
  const name = NETWORK_NAMES[output];
  const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return encodeModel({
    version,
    name,
    description: `Gaitway's ${name}. Its metadata, in JSON, say what goes in and comes out.`,
    ...createGraph(network, output),
    metadata: new Map(Object.entries({ gaitway_version: version, ...metadata }).map(([k, v]) => [k, asText(v)])),
  });
}

function policyMetadata(bundle: PolicyBundle, model: RobotModel): Readonly<Record<string, unknown>> {
  const { layers: _, estimator, selector, ...rest } = bundle;
  const { control } = bundle.env;
  return {
    ...jointMetadata(model),
    observation: bundle.observation.slices,
    action_scale: control.actionScaleRad,
    action_mode: control.actionMode,
    action_share: control.actionShare,
    control_dt: control.stepS,
    gaits: gaitMetadata(bundle),
    command_gaits: bundle.env.command.gaits,
    config_hash: configHash(bundle),
    [BUNDLE_ID_KEY]: bundleId(bundle),
    [BUNDLE_KEY]: { ...rest, hasEstimator: estimator !== null, hasSelector: selector !== null },
  };
}

function estimatorMetadata(bundle: PolicyBundle): Readonly<Record<string, unknown>> {
  return {
    observation: estimatorSlices(),
    output: [
      { name: "velocityCorrection", offset: 0, size: 3, unit: "m/s", scale: VELOCITY_SCALE },
      { name: "heightCorrection", offset: 3, size: 1, unit: "m", scale: HEIGHT_SCALE },
      { name: "contactLogit", offset: 4, size: ESTIMATOR_OUTPUTS - 4, unit: "1", scale: 1 },
    ],
    control_dt: bundle.env.control.stepS,
    config_hash: configHash(bundle),
    [BUNDLE_ID_KEY]: bundleId(bundle),
  };
}

function selectorMetadata(
  bundle: PolicyBundle,
  { layers: _, ...rest }: GaitSelectorBundle,
): Readonly<Record<string, unknown>> {
  return {
    observation: rest.observation.slices,
    gaits: rest.gaits,
    decision_steps: rest.decisionSteps,
    acceleration_filter_s: ACCELERATION_FILTER_S,
    control_dt: bundle.env.control.stepS,
    config_hash: configHash(bundle),
    [BUNDLE_ID_KEY]: bundleId(bundle),
    [BUNDLE_KEY]: rest,
  };
}

/** What the estimator is told: frames, the oldest first, and besides them the odometry and the gait memory's contacts. */
export function estimatorSlices(): { name: string; age: number; offset: number; size: number; scale: number }[] {
  const ages = Array.from({ length: HISTORY_STEPS }, (_, i) => HISTORY_STEPS - 1 - i);
  const terms = [
    ...ages.flatMap((age) => ESTIMATOR_FRAME.map((term) => ({ ...term, age }))),
    { name: "odometryVelocity", age: 0, size: 3, scale: 1 },
    { name: "odometryHeight", age: 0, size: 1, scale: HEIGHT_INPUT_SCALE },
    { name: "scheduledContact", age: 0, size: 4, scale: 1 },
  ];
  let offset = 0;
  return terms.map(({ name, age, size, scale }) => {
    offset += size;
    return { name, age, offset: offset - size, size, scale };
  });
}

/** CRC-32 of an environment's configuration as JSON, in hexadecimal. */
export function configHash({ env }: { readonly env?: unknown }): string {
  return crc32(JSON.stringify(env));
}

export function bundleId(bundle: PolicyBundle): string {
  return crc32(encodeBundle(bundle));
}

function crc32(text: string): string {
  return (CRC32.str(text) >>> 0).toString(16).padStart(8, "0");
}
