/** How lively a network's hidden layers are: what their units put out over many observations. */

/** Activations nearer to zero count as none. ELU's are of order 1 and never quite zero. */
const ZERO = 0.01;
/** A unit whose output has a smaller standard deviation tells the next layer nothing. */
const DEAD_STD = 0.01;
/** ELU's gradient is its output + 1 below zero: 5 % of it is left here. */
const SATURATED = -0.95;

export interface LayerSummary {
  readonly units: number;
  /** Variance over the layer's units, mean over observations. */
  readonly variance: number;
  /** Share of activations next to zero. */
  readonly sparsity: number;
  /** Activation variance-sparsity score: variance / sparsity (Song et al. 2024, arXiv 2411.02117). */
  readonly score: number;
  /** Score over the sum of all layers': little where a layer matters little. */
  readonly scoreShare: number;
  readonly deadUnits: number;
  /** Share of activations where ELU is flat, so that learning changes little. */
  readonly saturatedShare: number;
}

export class LayerActivity {
  private samples = 0;
  private readonly layers: readonly LayerSums[];

  constructor(widths: readonly number[]) {
    this.layers = widths.map((units) => ({
      ...{ units, variance: 0, zeros: 0, saturated: 0 },
      ...{ sum: new Float64Array(units), squares: new Float64Array(units) },
    }));
  }

  /** Takes in one observation's activations, layer by layer. */
  add(activations: readonly Float32Array[]): void {
    this.samples++;
    this.layers.forEach((layer, i) => {
      addTo(layer, activations[i]);
    });
  }

  summary(): LayerSummary[] {
    const { samples } = this;
    const figures = this.layers.map(({ units, variance, zeros, saturated, sum, squares }) => {
      const mean = variance / samples;
      const values = samples * units;
      const isDead = (unit: number) => squares[unit] / samples - (sum[unit] / samples) ** 2 < DEAD_STD ** 2;
      return {
        units,
        variance: mean,
        sparsity: zeros / values,
        // Where no activation is next to zero, one is taken to be: scores must stay finite.
        score: mean / (Math.max(1, zeros) / values),
        deadUnits: Array.from({ length: units }, (_, unit) => unit).filter(isDead).length,
        saturatedShare: saturated / values,
      };
    });
    const total = figures.reduce((all, { score }) => all + score, 0);
    return figures.map((figure) => ({ ...figure, scoreShare: figure.score / total }));
  }
}

interface LayerSums {
  readonly units: number;
  variance: number;
  zeros: number;
  saturated: number;
  /** Of each unit. */
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

function addTo(layer: LayerSums, values: Float32Array): void {
  let sum = 0;
  let squares = 0;
  for (let unit = 0; unit < values.length; unit++) {
    const value = values[unit];
    sum += value;
    squares += value * value;
    layer.sum[unit] += value;
    layer.squares[unit] += value * value;
    if (Math.abs(value) < ZERO) layer.zeros++;
    if (value < SATURATED) layer.saturated++;
  }
  layer.variance += squares / values.length - (sum / values.length) ** 2;
}
