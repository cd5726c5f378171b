import { afterAll, expect, it } from "vitest";
import { encodeBundle } from "../../policy/bundle/bundle.js";
import { Workspace } from "../support/command-line.js";
import { selectorOf } from "../support/selection.js";

const workspace = new Workspace();
afterAll(() => workspace.remove());

const SMALL = ["inspect", "--robots", "2", "--seconds", "1.2"];

it("gaitway inspect prints tables and advice", async () => {
  const { code, stdout, stderr } = await workspace.run(...SMALL);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^Inspecting trot\n/);
  for (const title of ["Network: ", "Observations ", "Actions\n", "Reward, ", "Left and right, "]) {
    expect(stdout).toContain(title);
  }
  expect(stdout).toMatch(/^│ lastAction +│ 1 +│ -[\d.]+ to [\d.]+ +│/m);
  expect(stdout).toMatch(/^(Advice\n- .+|Nothing looks off\.)$/m);
});

it("gaitway inspect --json prints one document", async () => {
  const { code, stdout } = await workspace.run(...SMALL, "--json");
  expect(code).toBe(0);
  const { layers, joints, reward, symmetry, advice } = JSON.parse(stdout);
  expect([layers.length, joints.length, Array.isArray(advice)]).toEqual([2, 12, true]);
  expect(reward[0]).toEqual({ name: expect.any(String), mean: expect.any(Number), share: expect.any(Number) });
  expect(symmetry[0]).toMatchObject({ pair: "front", figure: "duty factor", left: expect.any(Number) });
});

it("gaitway inspect says which of a gait selection's two policies it looks into", async () => {
  workspace.write("selecting.json", encodeBundle(selectorOf(0)));
  const { code, stdout, stderr } = await workspace.run("inspect", "selecting.json", ...SMALL.slice(1), "--json");
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^warning: selecting\.json selects gaits: this looks into the policy that walks, not the one that selects$/m,
  );
  expect(JSON.parse(stdout).joints).toHaveLength(12);
});

it("gaitway inspect says what is wrong with its flags", async () => {
  const { code, stderr } = await workspace.run("inspect", "--seconds", "1");
  expect({ code, stderr }).toEqual({ code: 1, stderr: "gaitway: --seconds: got 1, expected a number above 1\n" });
});
