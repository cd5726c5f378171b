/** Damaged configs and checkpoints: each is read, or refused in one clear line. */

import { beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { encodeBundle } from "../../policy/bundle/bundle.js";
import { startBackend } from "../../policy/cli/training/backend.js";
import { parseTrainConfig } from "../../policy/config/parse.js";
import type { TrainConfig } from "../../policy/config/schema.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../policy/training/checkpoint.js";
import { createBundle } from "../../policy/training/create-bundle.js";
import { Trainer } from "../../policy/training/trainer.js";
import { loadPhysics } from "../../sim/physics/world.js";
import { createRobotModel } from "../../sim/robot/model.js";
import { Fuzzer, valueOrInputError } from "../support/fuzz.js";
import { loneWorker, randomCheckpoint, testRobot, tinyTrainConfig } from "../support/learning.js";
import { model } from "../support/world.js";

beforeAll(async () => {
  await startBackend("wasm");
  await loadPhysics();
});

const CASES = 500;

/** Whether an iteration with it takes no more than a moment. */
function isSmall({ numEnvs, workers, ppo, network, env }: TrainConfig): boolean {
  const widths = [...network.actorHidden, ...network.criticHidden];
  const substeps = env.control.stepS / env.physics.timestepS;
  const sweeps = substeps * env.physics.solverIterations * env.physics.pgsIterations;
  return workers === 1 && numEnvs <= 6 && ppo.horizon <= 8 && Math.max(...widths) <= 10 && sweeps < 1000;
}

/** Two iterations, or an end in one clear line. */
function train(config: TrainConfig): void {
  const trainer = new Trainer(config, testRobot, model, loneWorker(config));
  valueOrInputError(() => trainer.run({ iterations: 2 }, { iteration: () => undefined, checkpoint: () => undefined }));
  expect(trainer.learner.params.every(Number.isFinite)).toBe(true);
}

describe("fuzzed configs", () => {
  it("are refused in one line, or train without making garbage", () => {
    const fuzzer = new Fuzzer(3);
    const good = tinyTrainConfig();
    let trained = 0;
    for (let i = 0; i < CASES; i++) {
      const config = valueOrInputError(() => {
        if (i % 3 > 0) return parseTrainConfig(fuzzer.tree(good), "fuzzed.yaml");
        const text = fuzzer.text(stringify(good));
        try {
          return parseTrainConfig(parse(text), "fuzzed.yaml");
        } catch (error) {
          if ((error as Error).name.startsWith("YAML")) return undefined;
          throw error;
        }
      });
      if (!config || !isSmall(config)) continue;
      train(config);
      trained++;
    }
    expect(trained).toBeGreaterThan(CASES / 20);
    expect(trained).toBeLessThan((CASES * 9) / 10);
  });
});

/** One iteration more, or an end in one clear line. */
function goOn(checkpoint: Checkpoint): void {
  const { config, robot, iteration } = checkpoint;
  valueOrInputError(() => {
    const trainer = new Trainer(config, robot, createRobotModel(robot, robot.name), loneWorker(config));
    trainer.restore(checkpoint);
    const limits = { iterations: iteration + 1 };
    trainer.run(limits, { iteration: () => undefined, checkpoint: () => undefined });
  });
}

describe("fuzzed checkpoints", () => {
  const config = tinyTrainConfig({ env: { terrain: { kind: "mixed", level: 1, curriculum: true } } });
  const good = encodeCheckpoint({ ...randomCheckpoint(config), terrainRows: [0, 1, 2, 3, 4, 8] });

  it("are refused in one line, or make a policy and go on", () => {
    const fuzzer = new Fuzzer(4);
    let read = 0;
    for (let i = 0; i < CASES; i++) {
      const bytes = i % 2 === 0 ? fuzzer.bytes(good) : fuzzer.container(good);
      const checkpoint = valueOrInputError(() => decodeCheckpoint(bytes, "fuzzed.ckpt"));
      if (!checkpoint) continue;
      read++;
      encodeBundle(createBundle(checkpoint));
      if (isSmall(checkpoint.config)) goOn(checkpoint);
    }
    expect(read).toBeLessThan(CASES / 2);
  });
});
