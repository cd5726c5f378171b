import { expect, it } from "vitest";
import { loadPolicies } from "../../../../policy/cli/evaluation/experiment-policies.js";
import { EXPERIMENTS } from "../../../../policy/evaluation/experiments.js";

/** Names of an experiment's policies, with who says their gaits. */
function sources(id: string) {
  const experiment = EXPERIMENTS.find((each) => each.id === id)!;
  const policies = loadPolicies("own=gait-selection", "no-runs", experiment);
  return policies.map(({ name, gaitSource }) => [name, gaitSource]);
}

it("gaits are everybody's own choice where an experiment tells none, and told where it does", () => {
  const gaits = ["trot", "run", "bound", "pronk", "limp", "amble", "hop"];
  const found = sources("E3");
  expect(found).toHaveLength(1 + 1 + gaits.length + 1);
  expect(found).toEqual(
    expect.arrayContaining([
      ["own", "policy"],
      ["by-speed", "by-speed"],
      ...gaits.map((gait) => [gait, { gait }]),
      ["gaitMemoryAlone", "by-speed"],
    ]),
  );
  expect(sources("E4")).toEqual([
    ["own", "told"],
    ["gaitMemoryAlone", "told"],
  ]);
});
