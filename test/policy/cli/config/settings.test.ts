import { describe, expect, it } from "vitest";
import { applySettings } from "../../../../policy/cli/config/settings.js";
import { InputError } from "../../../../sim/errors.js";

describe("--set", () => {
  it("changes single fields, makes those that are not there, and leaves the others and its input alone", () => {
    const config = { seed: 3, ppo: { epochs: 3, clip: 0.2 } };
    const changed = applySettings(config, ["ppo.epochs=5", "env.command.vxMPerS=[0, 1.5]"]);
    expect(changed).toEqual({ seed: 3, ppo: { epochs: 5, clip: 0.2 }, env: { command: { vxMPerS: [0, 1.5] } } });
    expect(config).toEqual({ seed: 3, ppo: { epochs: 3, clip: 0.2 } });
  });

  it("reads values as YAML, with what follows the first = as the value, and lets later ones win", () => {
    expect(applySettings({}, ["a=1e-3", "b=true", "c=x=y", "d=", "a=two"])).toEqual({
      ...{ a: "two", b: true, c: "x=y", d: null },
    });
  });

  it("replaces what is no group of fields, for the config's check to refuse", () => {
    expect(applySettings({ seed: 1, list: [1] }, ["seed.x=2", "list.0=2"])).toEqual({ seed: { x: 2 }, list: { 0: 2 } });
  });

  it("reaches no prototype", () => {
    const changed = applySettings({}, ["__proto__.polluted=1", "constructor.prototype.polluted=1"]);
    expect(Object.keys(changed)).toEqual(["__proto__", "constructor"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each(["ppo.epochs", "=3", "ppo..epochs=3", ".epochs=3", ""])("says what it expects instead of %j", (setting) => {
    const act = () => applySettings({}, [setting]);
    expect(act).toThrow(InputError);
    expect(act).toThrow(`--set: got ${setting}, expected field=value`);
  });

  it("names the field whose value is no YAML", () => {
    expect(() => applySettings({}, ["robot=[a"])).toThrow("--set robot: got [a, expected a YAML value");
  });
});
