import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeBundle } from "../../../policy/bundle.js";
import { Controller } from "../../../policy/controller.js";
import { exportGolden } from "../../../policy/export/golden.js";
import { GOLDEN_COLUMNS } from "../../../policy/export/golden-columns.js";
import { OBSERVATION_SPEC } from "../../../sim/observation.js";
import { loadPhysics } from "../../../sim/physics.js";
import { createRobotModel } from "../../../sim/robot-model.js";
import { createRobotState } from "../../../sim/state.js";
import { freshBundle } from "../../support/fresh-bundle.js";

const url = new URL("../../../policy/pretrained/locomotion.json", import.meta.url);
const bundle = decodeBundle(readFileSync(url, "utf8"), "locomotion");
const model = createRobotModel(bundle.robot, bundle.robot.name);

interface GoldenDocument {
  readonly stepS: number;
  readonly columns: readonly { readonly name: string; readonly size: number; readonly role: string }[];
  readonly steps: readonly Readonly<Record<string, number[]>>[];
}

let files: ReadonlyMap<string, string>;
let json: GoldenDocument;

beforeAll(async () => {
  await loadPhysics();
  files = exportGolden(bundle, model);
  json = JSON.parse(files.get("golden.json")!);
});

describe("golden vectors", () => {
  it("are a walk of 200 steps through all gaits that the policy knows, after several commands, on its feet", () => {
    expect(json.steps).toHaveLength(200);
    expect(json.stepS).toBe(0.02);
    expect(new Set(json.steps.map(({ gait }) => gait[0])).size).toBe(bundle.env.command.gaits.length);
    expect(new Set(json.steps.map(({ command }) => command.join())).size).toBeGreaterThan(5);
    expect(json.steps.some(({ transition }) => transition[0] === 1)).toBe(true);
    expect(Math.max(...json.steps.map(({ projectedGravity }) => projectedGravity[2]))).toBeLessThan(-0.8);
    const contacts = json.steps.map(({ footContact }) => footContact.join(""));
    expect(new Set(contacts).size).toBeGreaterThan(5);
  });

  it("are the same in CSV and JSON, columns named and sized", () => {
    const [header, ...rows] = files.get("golden.csv")!.trimEnd().split("\n");
    const names = json.columns.flatMap(({ name, size }) => Array.from({ length: size }, (_, k) => `${name}[${k}]`));
    expect(header.split(",")).toEqual(names);
    const flat = json.steps.map((step) => json.columns.flatMap(({ name }) => step[name]));
    expect(rows.map((row) => row.split(",").map(Number))).toEqual(flat);
    // Readings: 3 + 3 + 3 + 3 · 12 + 4 = 49; the command's 3, and the gait.
    const inputs = json.columns.filter(({ role }) => role === "input").reduce((sum, { size }) => sum + size, 0);
    expect(inputs).toBe(53);
    expect(json.steps[0].observation).toHaveLength(OBSERVATION_SPEC.actorSize);
  });

  it("hold the inputs from which a controller makes the rest, to the last bit", () => {
    const readings = createRobotState(1);
    const controller = new Controller(model, bundle, readings);
    const inputs = GOLDEN_COLUMNS.filter(({ role }) => role === "input");
    json.steps.forEach((step, i) => {
      for (const { name, values } of inputs) values({ readings, controller }).set(step[name]);
      if (i === 0) controller.reset(0);
      else controller.sense();
      controller.act();
      for (const { name, values } of GOLDEN_COLUMNS) {
        expect([name, ...values({ readings, controller })]).toEqual([name, ...step[name].map(Math.fround)]);
      }
    });
  });

  it("end where a robot falls", () => {
    const fresh = freshBundle();
    // Whatever it sees, its hips turn by 4 · 0.25 = 1 rad to one side: it rolls over.
    const values = new Float32Array((32 + 1) * 12);
    for (let j = 0; j < 12; j++) values[32 * 12 + j] = j % 3 === 0 ? 4 : 0;
    const parameters = Buffer.from(values.buffer).toString("base64");
    const falls = { ...fresh, layers: [...fresh.layers.slice(0, -1), { inputs: 32, outputs: 12, parameters }] };
    const rows = exportGolden(falls, model).get("golden.csv")!.trimEnd().split("\n").length - 1;
    expect(rows).toBeGreaterThan(5);
    expect(rows).toBeLessThan(200);
  });
});
