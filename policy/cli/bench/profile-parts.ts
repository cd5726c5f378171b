/** Which part of a training iteration each function belongs to, and what a CPU profile makes of that. */

import type { Profiler } from "node:inspector";

export const PARTS = [
  "physics",
  "state read-back",
  "gait memory",
  "observation and reward",
  "inference",
  "gradient",
  "all-reduce",
  "optimiser",
  "waiting for other threads",
  "garbage collection",
  "the rest",
] as const;
export type Part = (typeof PARTS)[number];

type Rule = readonly [file: RegExp, functions: RegExp, part: Part];

const ANY = /^/;
/** The first that fits counts. What no rule knows, libraries above all, belongs to whoever called it. */
const RULES: readonly Rule[] = [
  [/sim\/physics\/world\.js$/, /^(advance|setTargets)$/, "physics"],
  [/sim\/physics\/(world|contacts|read-state|friction)\.js$/, /^(read|readRobot|update)$/, "state read-back"],
  [/gaits\/[\w-]+\.js$/, ANY, "gait memory"],
  [/sim\/control\/locomotion-control\.js$/, /^(act|advance)$/, "gait memory"],
  [/sim\/(env|simulated-robots|control\/[\w-]+|task\/[\w-]+)\.js$/, ANY, "observation and reward"],
  [/policy\/training\/(env|gait-selection-env)\.js$/, ANY, "observation and reward"],
  [/policy\/ppo\/learner\.js$/, /^(act|estimate|values|beginRollout)$/, "inference"],
  [/policy\/training\/trainer\.js$/, /^storeObservations$/, "inference"],
  [/policy\/ppo\/learner\.js$/, /^(minibatchGradient|estimatorGradient)$/, "gradient"],
  [/policy\/ppo\/(gae|minibatch)\.js$/, ANY, "gradient"],
  [/policy\/threads\/all-reduce\.js$/, /^wait$/, "waiting for other threads"],
  [/policy\/threads\/all-reduce\.js$/, ANY, "all-reduce"],
  [/policy\/ppo\/adam\.js$/, ANY, "optimiser"],
  [/policy\/ppo\/update-guard\.js$/, ANY, "optimiser"],
  [ANY, /^\(garbage collector\)$/, "garbage collection"],
];

function partOf({ url, functionName }: Profiler.ProfileNode["callFrame"], caller: Part): Part {
  return RULES.find(([file, functions]) => file.test(url) && functions.test(functionName))?.[2] ?? caller;
}

/**
 * Time of one thread in each part, ms, by its CPU profile.
 * @param from µs on the profile's clock before which nothing counts
 */
export function partTimesMs({ nodes, samples = [], timeDeltas = [], startTime }: Profiler.Profile, from: number) {
  const part = new Map<number, Part>();
  // Callers stand before those whom they call.
  const assign = (node: Profiler.ProfileNode, caller: Part) => part.set(node.id, partOf(node.callFrame, caller));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  assign(nodes[0], "the rest");
  for (const node of nodes) for (const id of node.children ?? []) assign(byId.get(id)!, part.get(node.id)!);
  const timesMs = Object.fromEntries(PARTS.map((name) => [name, 0])) as Record<Part, number>;
  let now = startTime;
  // A sample's delta is the time since the sample before: it ends where this one was taken.
  samples.forEach((id, i) => {
    now += timeDeltas[i];
    if (now >= from) timesMs[part.get(id)!] += timeDeltas[i] / 1000;
  });
  return timesMs;
}
