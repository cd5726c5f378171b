import { describe, expect, it } from "vitest";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../../policy/training/checkpoint.js";
import { decodeContainer, encodeContainer } from "../../../sim/container.js";
import { InputError } from "../../../sim/errors.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { randomCheckpoint } from "../../support/learning.js";

const checkpoint = randomCheckpoint();

/** With a terrain curriculum, in which each robot has its row. */
const onTiles = {
  ...checkpoint.config,
  env: { ...checkpoint.config.env, terrain: { kind: "mixed", curriculum: true } },
};

/** The message of the error that a file is rejected with. */
function rejection(bytes: Uint8Array): string {
  try {
    decodeCheckpoint(bytes, "it-12.ckpt");
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as Error;
    expect(message).toContain("it-12.ckpt");
    expect(message).not.toContain("\n");
    return message;
  }
  throw new Error("the checkpoint was accepted");
}

/** The file with another header field, and a checksum that fits. */
function withHeader(changes: Partial<Record<keyof Checkpoint | "surprise", unknown>>): Uint8Array {
  const { header, sections } = decodeContainer(encodeCheckpoint(checkpoint), "checkpoint", "");
  return encodeContainer("checkpoint", { ...(header as object), ...changes }, sections);
}

describe("a checkpoint", () => {
  it("comes back from its file as it was, to the last bit", () => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint), "it-12.ckpt")).toEqual(checkpoint);
  });

  it("comes back from anywhere in a larger buffer, as a copy", () => {
    const bytes = encodeCheckpoint(checkpoint);
    const larger = new Uint8Array(bytes.length + 10);
    larger.set(bytes, 3);
    const read = decodeCheckpoint(larger.subarray(3, 3 + bytes.length), "it-12.ckpt");
    larger.fill(0);
    expect(read.params).toEqual(checkpoint.params);
  });
});

describe("a file is rejected", () => {
  it("that was made for another layout of observations, naming both", () => {
    const message = rejection(withHeader({ observationHash: "0badf00d" }));
    expect(message).toContain("0badf00d");
    expect(message).toContain(OBSERVATION_SPEC.hash);
  });

  it.each([10, 100, 2000])("that is cut short by %i bytes", (missing) => {
    const bytes = encodeCheckpoint(checkpoint);
    expect(rejection(bytes.subarray(0, bytes.length - missing))).toContain("cut short");
  });

  it("in which one bit has changed", () => {
    const bytes = encodeCheckpoint(checkpoint);
    bytes[bytes.length - 50] ^= 1;
    expect(rejection(bytes)).toContain("checksum");
  });

  it.each(["params", "adamM", "adamV", "averageActor"])("that lacks its section %s", (name) => {
    const { header, sections } = decodeContainer(encodeCheckpoint(checkpoint), "checkpoint", "");
    delete sections[name];
    expect(rejection(encodeContainer("checkpoint", header, sections))).toContain(`${name}: got 0 numbers`);
  });

  it("whose sections differ in length", () => {
    const bytes = encodeCheckpoint({ ...checkpoint, adamV: checkpoint.adamV.subarray(1) });
    expect(rejection(bytes)).toContain(`adamV: got ${checkpoint.adamV.length - 1} numbers`);
  });

  it.each([
    [{ iteration: -1 }, "iteration"],
    [{ learningRate: "fast" }, "learningRate"],
    [{ normalizer: { count: 0, mean: [], variance: [] } }, "normalizer.count"],
    [{ surprise: 1 }, "surprise"],
    [{ terrainRows: [0] }, "terrainRows: got 1 numbers, expected 0"],
    [{ config: onTiles, terrainRows: [0, 8] }, "terrainRows: got 2 numbers, expected 6"],
    [{ config: onTiles, terrainRows: [0, 8, 9, 0, 0, 0] }, "terrainRows.2: got 9, expected less than 9"],
    [{ config: { ...checkpoint.config, speed: 3 } }, "speed"],
    [{ config: { ...checkpoint.config, seed: -3 } }, "seed: got -3"],
  ])("with a wrong header: %o", (changes, part) => {
    expect(rejection(withHeader(changes))).toContain(part);
  });

  it("that is an episode", () => {
    expect(rejection(encodeContainer("episode", {}, {}))).toContain("episode");
  });

  it("that is something else altogether", () => {
    expect(rejection(new TextEncoder().encode("not a checkpoint, but long enough to be one"))).toContain(
      "not a Gaitway",
    );
    expect(rejection(new Uint8Array(0))).toContain("not a Gaitway");
  });
});
