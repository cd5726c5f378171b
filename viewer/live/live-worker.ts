/** The live simulation's end in a Web Worker: steps it on request, off the page's thread. */

import "../zod-without-eval.js";
import type { LiveReply, LiveRequest } from "./live-client.js";
import { type LiveOptions, LiveSimulation } from "./live-simulation.js";

let simulation: LiveSimulation | undefined;

async function start(options: LiveOptions): Promise<LiveReply> {
  const started = await LiveSimulation.create(options);
  simulation?.free();
  simulation = started;
  return { kind: "started", terrain: started.terrain };
}

async function answer(request: LiveRequest): Promise<LiveReply> {
  if (request.kind === "start") return start(request.options);
  if (!simulation) throw new Error("advance before start");
  const began = performance.now();
  const state = simulation.advance(request.steps, request.input, request.events);
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
