import type { Profiler } from "node:inspector";
import { expect, test } from "vitest";
import { PARTS, partTimesMs } from "../../../../policy/cli/bench/profile-parts.js";

const DIST = "file:///gaitway/dist";

function node(id: number, file: string, functionName: string, children: number[] = []): Profiler.ProfileNode {
  const url = file === "" ? "" : `${DIST}/${file}`;
  return { id, children, callFrame: { functionName, scriptId: "0", url, lineNumber: 0, columnNumber: 0 } };
}

/** root → step of the environment → { engine, gait memory, the estimator → TensorFlow.js } ; learner → wait; collector */
const NODES = [
  node(1, "", "(root)", [2, 8, 10]),
  node(2, "sim/env.js", "step", [3, 5, 6]),
  node(3, "sim/physics/world.js", "advance", [4]),
  node(4, "", "wasm-function[7]"),
  node(5, "gaits/kinematics.js", "solve"),
  node(6, "policy/ppo/learner.js", "estimate", [7]),
  node(7, "node_modules/tf-core.js", "matMul"),
  node(8, "policy/threads/all-reduce.js", "sum", [9]),
  node(9, "policy/threads/all-reduce.js", "wait"),
  node(10, "", "(garbage collector)"),
];

/** Samples of the nodes in turn, 1, 2, 3 ... ms apart. */
const PROFILE: Profiler.Profile = {
  nodes: NODES,
  startTime: 1_000_000,
  endTime: 1_055_000,
  samples: NODES.map(({ id }) => id),
  timeDeltas: NODES.map((_, i) => 1000 * (i + 1)),
};

test("functions count towards their part, and what they call with them", () => {
  const expected = {
    physics: 3 + 4,
    "gait memory": 5,
    "observation and reward": 2,
    inference: 6 + 7,
    "all-reduce": 8,
    "waiting for other threads": 9,
    "garbage collection": 10,
    "the rest": 1,
  };
  const zeros = Object.fromEntries(PARTS.map((part) => [part, 0]));
  expect(partTimesMs(PROFILE, 0)).toEqual({ ...zeros, ...expected });
});

test("samples from before the start do not count", () => {
  // The samples come 1, 3, 6, 10, 15, 21, 28, 36, 45 and 55 ms after the start.
  const timesMs = partTimesMs(PROFILE, 1_036_000);
  expect(timesMs["all-reduce"]).toBe(8);
  expect(timesMs["waiting for other threads"]).toBe(9);
  expect(Object.values(timesMs).reduce((sum, ms) => sum + ms)).toBe(8 + 9 + 10);
});
