import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { SELECTABLE_GAITS } from "../../../gaits/library.js";
import { decodeBundle, type PolicyBundle } from "../../../policy/bundle/bundle.js";
import { exportGolden } from "../../../policy/export/golden.js";
import { goldenColumns, SELECTED_GAIT } from "../../../policy/export/golden-columns.js";
import { Controller } from "../../../policy/runtime/controller.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { freshBundle } from "../../support/fresh-bundle.js";
import { rollsOver } from "../../support/rolls-over.js";
import { randomSelector } from "../../support/selection.js";

const url = new URL("../../../policy/pretrained/locomotion.json", import.meta.url);
const bundle = decodeBundle(readFileSync(url, "utf8"), "locomotion");
const selecting = { ...bundle, selector: randomSelector(4) };
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

/** A controller that is given the vectors' inputs computes all of the rest. */
function expectReplay(policy: PolicyBundle, { steps }: GoldenDocument): void {
  const readings = createRobotState(1);
  const controller = new Controller(model, policy, readings);
  const sources = { readings, controller, toldGait: new Uint8Array(1) };
  const columns = goldenColumns(policy);
  const inputs = columns.filter(({ role }) => role === "input");
  steps.forEach((step, i) => {
    for (const { name, values } of inputs) values(sources).set(step[name]);
    const [told] = sources.toldGait;
    controller.step(told === SELECTED_GAIT ? "policy" : told, i === 0);
    for (const { name, values } of columns) {
      expect([name, ...values(sources)]).toEqual([name, ...step[name].map(Math.fround)]);
    }
  });
}

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

  it("hold the inputs from which a controller makes the rest, to the last bit", () => expectReplay(bundle, json));

  it("hold what lies between sensors and estimate, as far as the policy has it", () => {
    // In the newest frame of four of 49: the accelerometer after gravity and gyroscope, three times as large.
    const { deltaVelocity, odometryVelocity, odometryHeight, estimatorInput, estimatorOutput, ...rest } =
      json.steps[50];
    expect(estimatorInput).toHaveLength(4 * 49 + 8);
    expect(estimatorInput[3 * 49 + 6]).toBeCloseTo(3 * deltaVelocity[0], 6);
    expect(estimatorInput.slice(4 * 49, 4 * 49 + 3)).toEqual(odometryVelocity);
    // An output of 1 corrects by 1 / 4 m/s, or by 1 / 20 m.
    expect(rest.estimatedVelocity[0]).toBeCloseTo(odometryVelocity[0] + estimatorOutput[0] / 4, 6);
    expect(rest.estimatedHeight[0]).toBeCloseTo(odometryHeight[0] + estimatorOutput[3] / 20, 6);
    const namesWith = (estimator: "none" | "odometry") => {
      const fresh = freshBundle();
      const control = { ...fresh.env.control, estimator };
      return goldenColumns({ ...fresh, selector: null, env: { ...fresh.env, control } }).map(({ name }) => name);
    };
    expect(namesWith("odometry")).toContain("odometryHeight");
    expect(namesWith("odometry")).not.toContain("estimatorInput");
    expect(namesWith("none")).not.toContain("odometryHeight");
  });

  describe("of a policy with one that selects gaits", () => {
    let selected: GoldenDocument;
    beforeAll(() => {
      selected = JSON.parse(exportGolden(selecting, model).get("golden.json")!);
    });

    it("do so, too", () => expectReplay(selecting, selected));

    it("hold its observation and logits, and the gait that it chose: the likeliest, every four steps, outside transitions", () => {
      let chosen = 0;
      selected.steps.forEach((step, i) => {
        const isSelected = step.gaitCommand[0] === SELECTED_GAIT;
        // 25 steps each are selected, told, selected, ...: turns go on counting where they stood.
        expect(isSelected).toBe(i % 50 < 25);
        const turn = 25 * Math.floor(i / 50) + (i % 50);
        if (!isSelected) expect(step.chosenGait).toEqual(step.gaitCommand);
        else if (turn % 4 === 0 && step.transition[0] === 0) {
          const best = step.gaitLogits.indexOf(Math.max(...step.gaitLogits));
          expect(step.chosenGait[0]).toBe(SELECTABLE_GAITS[best]);
          chosen++;
        } else if (i % 50 > 0) expect(step.chosenGait).toEqual(selected.steps[i - 1].chosenGait);
      });
      expect(chosen).toBeGreaterThan(10);
      expect(new Set(selected.steps.map(({ chosenGait }) => chosenGait[0])).size).toBeGreaterThan(3);
      expect(selected.steps[0].selectionObservation).toHaveLength(66);
    });
  });

  it("end where a robot falls", () => {
    const fresh = freshBundle();
    const falls = { ...fresh, layers: rollsOver(fresh.layers) };
    const rows = exportGolden(falls, model).get("golden.csv")!.trimEnd().split("\n").length - 1;
    expect(rows).toBeGreaterThan(5);
    expect(rows).toBeLessThan(200);
  });
});
