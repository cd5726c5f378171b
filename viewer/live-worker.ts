/** The live simulation's end in a Web Worker: steps it on request, off the page's thread. */

import "./zod-without-eval.js";
import type { LiveReply, LiveRequest } from "./live-client.js";
import { LiveSimulation } from "./live-simulation.js";

let simulation: Promise<LiveSimulation> | undefined;

async function answer(request: LiveRequest): Promise<LiveReply> {
  if (request.kind === "start") {
    simulation = LiveSimulation.create(request);
    await simulation;
    return { kind: "started" };
  }
  if (!simulation) throw new Error("step before start");
  return { kind: "stepped", ...(await simulation).step(request.steps) };
}

self.onmessage = async ({ data }: MessageEvent<LiveRequest>) => {
  try {
    self.postMessage(await answer(data));
  } catch (error) {
    const reply: LiveReply = { kind: "failed", message: error instanceof Error ? error.message : String(error) };
    self.postMessage(reply);
  }
};
