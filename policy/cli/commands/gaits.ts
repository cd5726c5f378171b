import type { CommandModule } from "yargs";
import { renderGaitDiagram } from "../../../gaits/diagram.js";
import { GAITS, gaitIndex, SELECTABLE_GAITS } from "../../../gaits/library.js";
import { JSON_OPTION } from "../terminal/options.js";

interface GaitsArguments {
  gait?: string | undefined;
  json: boolean;
}

/** Width of the diagrams where the terminal does not say, and at most. */
const DIAGRAM_COLUMNS = 80;
const MIN_DIAGRAM_COLUMNS = 40;

/** `gaitway gaits`: prints the gait library. */
export const gaitsCommand: CommandModule<object, GaitsArguments> = {
  command: "gaits",
  describe: "Show the gaits that the robots know, as diagrams of which foot is on the ground when",
  builder: (yargs) =>
    yargs
      .option("gait", { type: "string", choices: GAITS.map((gait) => gait.id), describe: "Show only this gait" })
      .options(JSON_OPTION)
      .example("$0 gaits", "All gaits")
      .example("$0 gaits --gait trot", "One gait")
      .example("$0 gaits --json", "The table, for other programs"),
  handler: ({ gait, json }) => {
    const indices = gait === undefined ? GAITS.map((_, index) => index) : [gaitIndex(gait)];
    process.stdout.write(`${json ? gaitTable(indices) : gaitDiagrams(indices)}\n`);
  },
};

function gaitTable(indices: readonly number[]): string {
  const table = indices.map((index) => ({ ...GAITS[index], selectable: SELECTABLE_GAITS.includes(index) }));
  return JSON.stringify(table, null, 2);
}

function gaitDiagrams(indices: readonly number[]): string {
  const terminal = process.stdout.columns || DIAGRAM_COLUMNS;
  const columns = Math.max(MIN_DIAGRAM_COLUMNS, Math.min(DIAGRAM_COLUMNS, terminal));
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  return indices.map((index) => renderGaitDiagram(GAITS[index], { columns, color }).join("\n")).join("\n\n");
}
