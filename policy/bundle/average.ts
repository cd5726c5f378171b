/**
 * The mean of one training's networks: they wander about in a wide valley, whose middle does better on what they were not
 * trained on than any point that they pass (stochastic weight averaging, Izmailov et al. 2018, arXiv 1803.05407).
 */

import type { NetworkFields, PolicyBundle } from "./bundle.js";
import { fromBase64, toBase64 } from "./layers.js";

type Layers = PolicyBundle["layers"];

/** @param bundles of one training, in order; the mean is told to be of the last one's iteration */
export function averageBundles(bundles: readonly PolicyBundle[]): PolicyBundle {
  const last = bundles[bundles.length - 1];
  const selectors = bundles.flatMap(({ selector }) => selector ?? []);
  const estimators = bundles.flatMap(({ estimator }) => (estimator ? [estimator] : []));
  return {
    ...last,
    ...meanNetwork(bundles),
    estimator: last.estimator && meanLayers(estimators),
    selector: last.selector && { ...last.selector, ...meanNetwork(selectors) },
  };
}

function meanNetwork(networks: readonly NetworkFields[]): Pick<NetworkFields, "layers" | "normalizer"> {
  return {
    layers: meanLayers(networks.map(({ layers }) => layers)),
    normalizer: {
      mean: mean(networks.map(({ normalizer }) => normalizer.mean)),
      variance: mean(networks.map(({ normalizer }) => normalizer.variance)),
    },
  };
}

function meanLayers(networks: readonly Layers[]): Layers {
  return networks[0].map((layer, l) => {
    const values = networks.map((layers) => fromBase64(layers[l].parameters));
    return { ...layer, parameters: toBase64(Float32Array.from(mean(values))) };
  });
}

/** Number by number. */
function mean(rows: readonly ArrayLike<number>[]): number[] {
  return Array.from(rows[0], (_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
}
