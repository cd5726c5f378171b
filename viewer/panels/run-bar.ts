/** Which run is shown, and its figures. */

import { terrainName } from "../../sim/terrain/kinds.js";
import { byId, make } from "../page/dom.js";
import type { RunDetails, RunList } from "../server/api.js";

export class RunBar {
  private readonly picker = byId("run", HTMLSelectElement);
  private readonly figures = byId("figures", HTMLElement);

  constructor(onChoose: (id: string) => void) {
    this.picker.addEventListener("change", () => onChoose(this.picker.value));
  }

  /** Lists all runs, `id` (null: the first) as the one that is asked for. */
  showRuns({ runs }: RunList, id: string | null): void {
    this.picker.replaceChildren(...runs.map((run) => make("option", { value: run.id, textContent: run.id })));
    if (id !== null) this.picker.value = id;
    this.figures.replaceChildren();
  }

  showFigures(run: RunDetails): void {
    this.figures.replaceChildren(
      ...figuresOf(run).map(([name, value]) =>
        make("div", {}, make("dt", { textContent: name }), make("dd", { textContent: value })),
      ),
    );
  }
}

type Figure = readonly [name: string, value: string];

/** Of several evaluations the first, the one that the run is about, has room. */
function figuresOf({ iterations, status, evaluations: [evaluation] }: RunDetails): Figure[] {
  const figures: Figure[] = [];
  if (status !== "finished") figures.push(["Status", status]);
  if (iterations !== null) figures.push(["Iterations", String(iterations)]);
  if (evaluation) {
    figures.push(
      ["Tried on", terrainName(evaluation.terrain, evaluation.level)],
      ["Falls", `${evaluation.falls} of ${evaluation.trials}`],
      ["Speed error", `${evaluation.velocityErrorX.toFixed(2)} m/s`],
      ["Contact error", `${evaluation.contactErrorPercent.toFixed(1)} %`],
    );
  }
  return figures;
}
