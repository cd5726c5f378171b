import { describe, expect, it } from "vitest";
import { createMlpLayout, initializeMlp } from "../../../policy/networks/mlp.js";
import { createActorCriticLayout } from "../../../policy/ppo/actor-critic.js";
import { Rng } from "../../../sim/rng.js";

describe("the layout of a network", () => {
  it("puts weights and biases of layer after layer from its first parameter on", () => {
    // 3 · 4 weights from 10, 4 biases from 22; 4 · 2 weights from 26, 2 biases from 34, end 36.
    expect(createMlpLayout([3, 4, 2], 10)).toEqual({
      layers: [
        { inputs: 3, outputs: 4, weights: 10, biases: 22 },
        { inputs: 4, outputs: 2, weights: 26, biases: 34 },
      ],
      begin: 10,
      end: 36,
    });
  });
});

describe("the layout of an actor-critic", () => {
  const layout = createActorCriticLayout(5, 7, 2, { actorHidden: [3], criticHidden: [4, 6] });

  it("holds actor, critic and log standard deviations one after the other", () => {
    // Actor 6·3 + 4·2 = 26; critic 8·4 + 5·6 + 7·1 = 69; 2 log standard deviations.
    expect([layout.actor.begin, layout.actor.end]).toEqual([0, 26]);
    expect([layout.critic.begin, layout.critic.end]).toEqual([26, 95]);
    expect([layout.logStd, layout.numOutputs, layout.size]).toEqual([95, 2, 97]);
  });

  it("gives the critic its own inputs and one output", () => {
    const widths = layout.critic.layers.map(({ inputs, outputs }) => [inputs, outputs]);
    expect(widths).toEqual([
      [7, 4],
      [4, 6],
      [6, 1],
    ]);
  });
});

describe("initial weights", () => {
  const layout = createMlpLayout([200, 100, 50], 5);
  const params = new Float32Array(layout.end + 5).fill(9);
  initializeMlp(params, layout, 0.1, new Rng(1));

  const deviation = (layer: number) => {
    const { inputs, outputs, weights } = layout.layers[layer];
    const values = params.subarray(weights, weights + inputs * outputs);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return { mean, std: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length) };
  };

  it("spread by √(2 / inputs) in hidden layers, about zero", () => {
    // √(2 / 200) = 0.1; of 20000 numbers, ± .1 / √40000 = .0005.
    const { mean, std } = deviation(0);
    expect(Math.abs(std - 0.1)).toBeLessThan(4 * 0.0005);
    expect(Math.abs(mean)).toBeLessThan((4 * 0.1) / Math.sqrt(20_000));
  });

  it("spread by gain / √inputs in the output layer", () => {
    // .1 / √100 = .01; of 5000 numbers, ± .01 / √10000 = .0001.
    expect(Math.abs(deviation(1).std - 0.01)).toBeLessThan(4 * 0.0001);
  });

  it("have zero biases, and leave everyone else's parameters alone", () => {
    for (const { biases, outputs } of layout.layers) {
      expect(params.subarray(biases, biases + outputs).every((b) => b === 0)).toBe(true);
    }
    expect([...params.subarray(0, 5), ...params.subarray(layout.end)]).toEqual(new Array(10).fill(9));
  });

  it("follow from the random stream alone", () => {
    const again = new Float32Array(params.length).fill(9);
    initializeMlp(again, layout, 0.1, new Rng(1));
    expect(again).toEqual(params);
    initializeMlp(again, layout, 0.1, new Rng(2));
    expect(again).not.toEqual(params);
  });
});
