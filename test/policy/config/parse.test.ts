import { describe, expect, it } from "vitest";
import { parseTrainConfig } from "../../../policy/config/parse.js";
import { InputError } from "../../../sim/errors.js";

/** The message of the error that a config is rejected with. */
function rejection(input: unknown): string {
  try {
    parseTrainConfig(input, "run.yaml");
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as Error;
    expect(message).toMatch(/^run\.yaml: /);
    expect(message).not.toContain("\n");
    return message;
  }
  throw new Error("the config was accepted");
}

describe("a config", () => {
  it("has a default for everything", () => {
    for (const nothing of [undefined, null, {}]) {
      const config = parseTrainConfig(nothing, "run.yaml");
      expect(config.numEnvs % config.workers).toBe(0);
      expect(config.env.command.gaits).toEqual(["trot"]);
      expect(config.ppo.horizon).toBeGreaterThan(0);
      expect(config.network.actorHidden.length).toBeGreaterThan(0);
    }
  });

  it("keeps what it is given, among the defaults", () => {
    const config = parseTrainConfig({ seed: 7, ppo: { clip: 0.1 }, env: { physics: { friction: 0.3 } } }, "run.yaml");
    expect([config.seed, config.ppo.clip, config.env.physics.friction]).toEqual([7, 0.1, 0.3]);
    expect(config.ppo.epochs).toBe(parseTrainConfig({}, "run.yaml").ppo.epochs);
  });

  it("comes back from JSON as itself", () => {
    const config = parseTrainConfig({ seed: 7 }, "run.yaml");
    expect(parseTrainConfig(JSON.parse(JSON.stringify(config)), "run.yaml")).toEqual(config);
  });

  it("is read-only", () => {
    const config = parseTrainConfig({}, "run.yaml");
    expect(() => {
      config.seed = 3;
    }).toThrow(TypeError);
  });

  it("is one's own: no two share a list", () => {
    const [a, b] = [parseTrainConfig({}, "run.yaml"), parseTrainConfig({}, "run.yaml")];
    expect(a.network.actorHidden).not.toBe(b.network.actorHidden);
    expect(a.env.command.vxMPerS).not.toBe(b.env.command.vxMPerS);
  });
});

describe("a config is rejected, with file, field and value,", () => {
  it.each([
    [{ sede: 1 }, ["unknown key sede"]],
    [{ ppo: { clop: 0.2 } }, ["unknown key ppo.clop"]],
    [{ env: { physics: { gravity: 3 } } }, ["unknown key env.physics.gravity"]],
    [{ env: { reward: { style: 1 } } }, ["unknown key env.reward.style"]],
  ])("for an unknown key: %j", (input, parts) => {
    const message = rejection(input);
    for (const part of parts) expect(message).toContain(part);
  });

  it.each([
    [{ numEnvs: 0 }, ["numEnvs", "got 0"]],
    [{ seed: 1.5 }, ["seed", "got 1.5"]],
    [{ seed: -1 }, ["seed", "got -1"]],
    [{ ppo: { discount: 1.2 } }, ["ppo.discount", "got 1.2"]],
    [{ ppo: { horizon: "long" } }, ["ppo.horizon", 'got "long"', "number"]],
    [{ network: { actorHidden: [] } }, ["network.actorHidden", "got []"]],
    [{ network: { actorHidden: [64, -1] } }, ["network.actorHidden.1", "got -1"]],
    [{ task: "gait-selection", ppo: { mirror: true } }, ["ppo.mirror", "got true", "expected false"]],
    [{ env: { physics: { friction: 0 } } }, ["env.physics.friction", "got 0"]],
    [
      { env: { terrain: { curriculum: true } } },
      ["env.terrain.curriculum", "got true", "expected false, or kind mixed"],
    ],
    [{ env: { terrain: { kind: "moon" } } }, ["env.terrain.kind", 'got "moon"', "flat", "rough"]],
    [{ env: { control: { actionMode: "torque" } } }, ["env.control.actionMode", 'got "torque"', "residual"]],
    [{ env: { command: { vxMPerS: [1, -1] } } }, ["env.command.vxMPerS", "got [1,-1]", "[low, high]"]],
    [{ env: { command: { vxMPerS: [0, 99] } } }, ["env.command.vxMPerS.1", "got 99", "<=4"]],
    [{ env: { command: { standShare: 2 } } }, ["env.command.standShare", "got 2"]],
    [{ backend: "abacus" }, ["backend", 'got "abacus"', "wasm"]],
    [{ ppo: 5 }, ["ppo", "got 5", "object"]],
    ["fast", ["fast", "object"]],
  ])("for a value out of range: %j", (input, parts) => {
    const message = rejection(input);
    for (const part of parts) expect(message).toContain(part);
  });

  it("for robots that do not divide among the workers", () => {
    const message = rejection({ numEnvs: 10, workers: 4 });
    for (const part of ["numEnvs", "got 10", "multiple of workers", "4"]) expect(message).toContain(part);
  });

  it("for minibatches that do not divide a worker's samples", () => {
    // 6 / 2 robots · 5 steps = 15 samples.
    const message = rejection({ numEnvs: 6, workers: 2, ppo: { horizon: 5, minibatches: 4 } });
    for (const part of ["ppo.minibatches", "got 4", "15"]) expect(message).toContain(part);
    expect(parseTrainConfig({ numEnvs: 6, workers: 2, ppo: { horizon: 5, minibatches: 3 } }, "").ppo.minibatches).toBe(
      3,
    );
  });

  it.each([
    [0.02, 0.015],
    [0.01, 0.02],
  ])("for a policy step of %f s on a physics step of %f s", (stepS, timestepS) => {
    const message = rejection({ env: { control: { stepS }, physics: { timestepS } } });
    for (const part of ["env.control.stepS", `got ${stepS}`, `${timestepS}`]) expect(message).toContain(part);
  });

  it("but not for steps whose ratio only floating point makes odd", () => {
    // 0.03 / 0.01 = 2.9999999999999996
    const config = parseTrainConfig({ env: { control: { stepS: 0.03 }, physics: { timestepS: 0.01 } } }, "run.yaml");
    expect(config.env.control.stepS).toBe(0.03);
  });
});

describe("a task", () => {
  it("sets defaults: eight gaits, a learned estimator and noisy sensors for locomotion", () => {
    const { env, network } = parseTrainConfig({ task: "locomotion" }, "run.yaml");
    const gaits = ["stand", "trot", "run", "bound", "pronk", "limp", "amble", "hop"];
    expect([...env.command.gaits].sort()).toEqual([...gaits].sort());
    expect([env.control.estimator, network.residualShare]).toEqual(["learned", 1]);
    expect(env.sensors.jointVelocityRadPerS).toBeGreaterThan(0);
  });

  it("leaves alone what is given, and what it does not speak of", () => {
    const given = { task: "locomotion", env: { command: { gaits: ["hop"] }, sensors: { jointVelocityRadPerS: 0 } } };
    const { env, ppo } = parseTrainConfig(given, "run.yaml");
    expect(env.command.gaits).toEqual(["hop"]);
    expect(env.sensors.jointVelocityRadPerS).toBe(0);
    expect(env.sensors.jointPositionRad).toBe(
      parseTrainConfig({ task: "locomotion" }, "").env.sensors.jointPositionRad,
    );
    expect(ppo.clip).toBe(parseTrainConfig({}, "").ppo.clip);
  });

  it("does not change another's", () => {
    expect(parseTrainConfig({ task: "trot" }, "")).toEqual(parseTrainConfig({}, ""));
    expect(rejection({ task: "swim" })).toBe(
      'run.yaml: task: got "swim", expected one of trot, locomotion, gait-selection, or the path of a task\'s module',
    );
  });

  it("can't have readings or targets later than a policy step", () => {
    const late = (section: object) => rejection({ env: section });
    expect(late({ sensors: { delayS: [0, 0.03] } })).toMatch(
      /delay of 0\.03 s: expected at most env\.control\.stepS \(0\.02\)/,
    );
    expect(late({ randomization: { actionDelayS: [0.025, 0.025] } })).toMatch(/delay of 0\.025 s/);
  });
});
