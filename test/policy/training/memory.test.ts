import { describe, expect, it } from "vitest";
import { withinMemory } from "../../../policy/training/memory.js";
import { InputError } from "../../../sim/errors.js";
import { tinyTrainConfig } from "../../support/learning.js";

const config = tinyTrainConfig();

describe("a training that is too large for the memory", () => {
  // A TiB of a thread's own memory, and a PiB of shared.
  it.each([() => new Float32Array(2 ** 40), () => new SharedArrayBuffer(2 ** 50)])(
    "is refused by what sets its size: %s",
    (allocate) => {
      const refused = () => withinMemory(config, () => allocate());
      expect(refused).toThrow(InputError);
      expect(refused).toThrow(/^numEnvs: got 6 at a ppo\.horizon of 8, more than there is memory for: [^\n]+$/);
    },
  );

  it("is not what other errors are taken for", () => {
    const bug = () => (1).toPrecision(1000);
    expect(() => withinMemory(config, bug)).toThrow(RangeError);
    expect(withinMemory(config, () => 3)).toBe(3);
  });
});
