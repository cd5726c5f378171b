/** Measures how fast this browser trains: the page's counterpart of `gaitway bench`. */

import type { IterationMetrics } from "../../policy/training/progress.js";
import { fetchPolicy } from "../live/policies.js";
import { byId, make } from "../page/dom.js";
import { RunningMedian } from "../page/running-median.js";
import { measureTraining } from "./bench-client.js";
import type { BenchPageState } from "./bench-state.js";
import { threadCounts } from "./thread-counts.js";

/** Any policy's robot will do: the policy starts anew. */
const ROBOT_OF = "trot";

/** Rows of the table, named as `gaitway bench` does. */
const FIGURES = {
  stepsPerSecond: ["Training, environment steps a second", 0],
  physicsMicrosPerStep: ["Physics, thread µs a step", 1],
  observationMicrosPerStep: ["Rest of the environment, thread µs a step", 1],
  inferenceMicrosPerStep: ["Inference, thread µs a step", 1],
  learningMicrosPerStep: ["Learning, thread µs a step", 1],
} as const;
const NAMES = Object.keys(FIGURES) as (keyof typeof FIGURES)[];

export class BenchApp {
  private readonly threads = byId("bench-threads", HTMLSelectElement);
  private readonly start = byId("bench-start", HTMLButtonElement);
  private readonly progress = byId("bench-progress", HTMLProgressElement);
  private readonly status = byId("bench-status", HTMLElement);
  private readonly rows = byId("bench-figures", HTMLTableSectionElement);
  private medians: Readonly<Record<string, number>> | null = null;

  constructor() {
    const counts = threadCounts(navigator.hardwareConcurrency);
    this.threads.replaceChildren(...counts.map((count) => make("option", {}, String(count))));
    this.threads.value = String(counts[counts.length - 1]);
    this.start.addEventListener("click", () => this.measure());
  }

  pageState(): BenchPageState {
    return { medians: this.medians };
  }

  private async measure(): Promise<void> {
    const { progress, status, start } = this;
    start.disabled = true;
    progress.hidden = false;
    progress.removeAttribute("value");
    status.textContent = "Training…";
    try {
      const { robot } = await fetchPolicy(ROBOT_OF);
      const iterations = await measureTraining(robot, Number(this.threads.value), (share) => {
        progress.value = share;
      });
      this.show(iterations);
      status.textContent = `Medians of ${iterations.length} iterations in ${this.threads.value} threads.`;
    } catch (error) {
      status.textContent = error instanceof Error ? error.message : String(error);
    }
    progress.hidden = true;
    start.disabled = false;
  }

  private show(iterations: readonly IterationMetrics[]): void {
    const medianOf = (name: keyof typeof FIGURES) => {
      const median = new RunningMedian();
      for (const iteration of iterations) median.add(iteration[name]);
      return median.value;
    };
    const medians = Object.fromEntries(NAMES.map((name) => [name, medianOf(name)]));
    this.medians = medians;
    this.rows.replaceChildren(
      ...NAMES.map((name) => {
        const [label, digits] = FIGURES[name];
        const value = medians[name].toLocaleString("en", { maximumFractionDigits: digits });
        return make("tr", {}, make("th", { scope: "row" }, label), make("td", {}, value));
      }),
    );
  }
}
