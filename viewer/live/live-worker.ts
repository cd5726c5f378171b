/** The live simulation's end in a Web Worker: steps it on request, off the page's thread. */

import "../page/zod-without-eval.js";
import { addGaits } from "../../gaits/library.js";
import type { OwnGait } from "../../gaits/types.js";
import { loadPhysics } from "../../sim/physics/world.js";
import { useTask } from "../recording/run-task.js";
import type { LiveReply, LiveRequest } from "./live-client.js";
import { type LiveOptions, LiveSimulation } from "./live-simulation.js";

let simulation: LiveSimulation | undefined;

void loadPhysics(); // while the page makes ready to ask for a simulation

async function start(options: LiveOptions, gaits: readonly OwnGait[]): Promise<LiveReply> {
  addGaits(gaits);
  if (options.task !== null) await useTask(options.task);
  const started = await LiveSimulation.create(options);
  simulation?.free();
  simulation = started;
  return { kind: "started", terrain: started.terrain };
}

async function answer(request: LiveRequest): Promise<LiveReply> {
  if (request.kind === "start") return start(request.options, request.gaits);
  if (!simulation) throw new Error("advance before start");
  const advancing = simulation;
  simulation = undefined; // one that breaks is left to itself: an engine that failed need not even free its memory
  const began = performance.now();
  const state = advancing.advance(request.steps, request.input, request.events);
  simulation = advancing;
  return { kind: "advanced", state, stepMs: (performance.now() - began) / Math.max(1, request.steps) };
}

self.onmessage = async ({ data }: MessageEvent<LiveRequest>) => {
  try {
    self.postMessage(await answer(data));
  } catch (error) {
    const reply: LiveReply = { kind: "failed", message: error instanceof Error ? error.message : String(error) };
    self.postMessage(reply);
  }
};
