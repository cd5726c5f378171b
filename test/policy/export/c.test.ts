import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GAITS, gaitIndex, SELECTABLE_GAITS } from "../../../gaits/library.js";
import { decodeBundle, type PolicyBundle } from "../../../policy/bundle/bundle.js";
import { readCSources } from "../../../policy/cli/export/c-sources.js";
import { exportC, writtenHeaders } from "../../../policy/export/c.js";
import { exportGolden } from "../../../policy/export/golden.js";
import { goldenColumns, goldenCsv } from "../../../policy/export/golden-columns.js";
import { createBundle } from "../../../policy/training/create-bundle.js";
import type { ControlConfig } from "../../../sim/config-sections.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import { addObservationTerms } from "../../../sim/task/observation.js";
import { C99, CFolder, CLANG, CPP17, compiles, FMA, hasCompiler, SANITIZED, works } from "../../support/c-compiler.js";
import { freshBundle } from "../../support/fresh-bundle.js";
import { randomCheckpoint, tinyTrainConfig } from "../../support/learning.js";
import { randomSteps } from "../../support/random-steps.js";
import { randomSelector, selectorOf } from "../../support/selection.js";

const TOLERANCE = 1e-5;

const sourceText = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const SAFETY = sourceText("safety.c");
const SAFETY_CHECKS = [...SAFETY.matchAll(/\{"(\w+)", \1\}/g)].map(([, name]) => name);

const folders: CFolder[] = [];
afterAll(() => {
  for (const folder of folders) folder.remove();
});

function pretrained(name: string): PolicyBundle {
  const url = new URL(`../../../policy/pretrained/${name}.json`, import.meta.url);
  return decodeBundle(readFileSync(url, "utf8"), name);
}

function modelOf({ robot }: PolicyBundle) {
  return createRobotModel(robot, robot.name);
}

/** A bundle's C sources, with the program that checks them compiled. */
function exported(bundle: PolicyBundle): CFolder {
  const folder = new CFolder(exportC(bundle, modelOf(bundle), readCSources()));
  folders.push(folder);
  folder.compile("check_golden", ["check_golden.c", "gaitway_a1.c"]);
  return folder;
}

/** Largest difference in each column that the checking program found, from a CSV. */
function differences(folder: CFolder, csv: string): Record<string, number> {
  folder.write("vectors.csv", csv);
  const { stdout, status } = folder.run("check_golden", "vectors.csv");
  const columns = Object.fromEntries(
    [...stdout.matchAll(/^(\w+) +([\d.e+-]+|inf)$/gm)].map(([, k, v]) => [k, Number(v.replace("inf", "Infinity"))]),
  );
  const agrees = Object.values(columns).every((difference) => difference <= TOLERANCE);
  expect(status).toBe(agrees ? 0 : 1);
  return columns;
}

function largest(columns: Record<string, number>): number {
  expect(Object.keys(columns)).toContain("jointTarget");
  return Math.max(...Object.values(columns));
}

describe.skipIf(!hasCompiler)("the controller in C (skipped without cc and c++)", () => {
  let folder: CFolder;
  const locomotion = pretrained("locomotion");

  beforeAll(async () => {
    await loadPhysics();
    folder = exported(locomotion);
    folder.write("safety.c", SAFETY);
    folder.compile("safety", ["safety.c", "gaitway_a1.c"]);
  });

  it("compiles without a warning, as C99 and as C++17", () => {
    for (const program of ["main", "check_golden"]) {
      folder.compile(program, [`${program}.c`, "gaitway_a1.c"]);
      folder.compile(`${program}_cpp`, [`${program}.c`, "gaitway_a1.c"], CPP17);
    }
    expect(folder.run("main").stdout.split("\n")).toHaveLength(101);
    expect(folder.run("main_cpp").stdout).toBe(folder.run("main").stdout);
  });

  it("compiles as its sources lie here, with the headers that a policy writes, to the same that is exported", () => {
    const sources = readCSources();
    const model = modelOf(locomotion);
    const apart = new CFolder(new Map([...sources, ...writtenHeaders(locomotion, model, sources)]));
    folders.push(apart);
    apart.compile("main", ["main.c", "gaitway.c"]);
    expect(apart.run("main").stdout).toBe(folder.run("main").stdout);
    const exportedC = exportC(locomotion, model, sources).get("gaitway_a1.c")!;
    expect(exportedC.match(/^#include ".*"$/gm)).toEqual(['#include "gaitway_a1.h"']);
  });

  it.each(["locomotion", "trot"])("computes what %s does in 200 recorded steps, phases exactly", (name) => {
    const bundle = pretrained(name);
    const golden = exportGolden(bundle, modelOf(bundle)).get("golden.csv")!;
    expect(golden.trimEnd().split("\n")).toHaveLength(201);
    const columns = differences(name === "locomotion" ? folder : exported(bundle), golden);
    expect(largest(columns)).toBeLessThanOrEqual(TOLERANCE);
    expect([columns.phase, columns.gait, columns.scheduledContact]).toEqual([0, 0, 0]);
  });

  it("is checked for its odometry and for what its estimator is told and says", () => {
    const { rows } = randomSteps(locomotion, modelOf(locomotion), 50);
    const columns = goldenColumns(locomotion);
    const names = columns.flatMap(({ name, size }) => Array(size).fill(name));
    const off = rows.map((row) => row.map((value, k) => (/^(odometry|estimator)/.test(names[k]) ? value + 1 : value)));
    const found = differences(folder, goldenCsv(columns, off));
    for (const name of ["odometryVelocity", "odometryHeight", "estimatorInput", "estimatorOutput"])
      expect(found[name]).toBeCloseTo(1, 3);
    expect(found.estimatedVelocity).toBeLessThanOrEqual(TOLERANCE);
  });

  it("computes the same in 10,000 random steps through every transition of gaits", () => {
    const { rows, transitions } = randomSteps(locomotion, modelOf(locomotion), 10_000);
    expect(transitions.size).toBe(GAITS.length * (GAITS.length - 1));
    const columns = differences(folder, goldenCsv(goldenColumns(locomotion), rows));
    expect(largest(columns)).toBeLessThanOrEqual(TOLERANCE);
    expect(columns.phase).toBeLessThanOrEqual(1e-6);
    expect([columns.gait, columns.transition, columns.scheduledContact]).toEqual([0, 0, 0]);
  });

  it.each<Partial<ControlConfig>>([
    { estimator: "none" },
    { estimator: "none", gravityFeedForward: false },
    { actionMode: "absolute" },
    { gravityFeedForward: false },
    { gaitMemory: false },
    { stepS: 0.01, actionScaleRad: 0.5, actionShare: 1 },
  ])("computes the same of a policy with %o", (changes) => {
    const fresh = freshBundle();
    const bundle = { ...fresh, env: { ...fresh.env, control: { ...fresh.env.control, ...changes } } };
    const { rows } = randomSteps(bundle, modelOf(bundle), 500);
    expect(largest(differences(exported(bundle), goldenCsv(goldenColumns(bundle), rows)))).toBeLessThanOrEqual(
      TOLERANCE,
    );
  });

  it.each(SAFETY_CHECKS)("when something is wrong: %s", (name) => {
    expect(folder.run("safety", name)).toMatchObject({ status: 0, stdout: "" });
  });

  /** Small networks, whose random weights make large actions, with the program that feeds them at random. */
  function fuzzed(selector: PolicyBundle["selector"]): CFolder {
    const config = tinyTrainConfig({ env: { control: { estimator: "learned" } }, network: { estimatorHidden: [8] } });
    const bundle = { ...createBundle(randomCheckpoint(config)), selector };
    const small = new CFolder(exportC(bundle, modelOf(bundle), readCSources()));
    folders.push(small);
    small.write("fuzz.c", sourceText("fuzz.c"));
    return small;
  }

  it.each([
    ["without", null],
    ["with", randomSelector()],
  ])(
    "puts out finite targets within the joint limits for a million random readings, many of them no numbers, %s a selector",
    (_, selector) => {
      const small = fuzzed(selector);
      small.compile("fuzz", ["fuzz.c"]);
      const { status, stdout } = small.run("fuzz", "1000000");
      expect([status, stdout]).toEqual([0, expect.stringMatching(/^\d+ \d+ \d+ [0-9a-f]{8}\n$/)]);
      const [controlled, held, damped] = stdout.split(" ").map(Number);
      expect(controlled + held + damped).toBe(1_000_000);
      expect(Math.min(controlled, held, damped)).toBeGreaterThan(50_000);
    },
  );

  it.skipIf(!FMA)(
    "computes the same to the last bit wherever no operations are contracted (skipped without FMA)",
    () => {
      const small = fuzzed(null);
      const digest = (language: readonly string[], ...flags: string[]) => {
        // Where GCC 12 vectorises straight-line code, it leaves out some roundings from double to float.
        small.compile("fuzz", ["fuzz.c"], [...language, "-fno-tree-slp-vectorize", ...flags]);
        return small.run("fuzz", "20000").stdout;
      };
      const plain = digest(C99);
      expect(plain).toMatch(/^\d+ \d+ \d+ [0-9a-f]{8}\n$/);
      expect(digest(C99, FMA!, "-ffp-contract=off")).toBe(plain);
      expect(digest(CPP17, FMA!, "-ffp-contract=off")).toBe(plain);
      // Or else this would test nothing.
      expect(digest(C99, FMA!, "-ffp-contract=fast")).not.toBe(plain);
    },
  );

  it.skipIf(!compiles(SANITIZED))("does nothing that C does not define (skipped without sanitizers)", () => {
    folder.write("golden.csv", exportGolden(locomotion, modelOf(locomotion)).get("golden.csv")!);
    folder.compile("sanitized", ["check_golden.c", "gaitway_a1.c"], SANITIZED);
    expect(folder.run("sanitized", "golden.csv")).toMatchObject({ status: 0, stderr: "" });
    for (const selector of [null, randomSelector()]) {
      const small = fuzzed(selector);
      small.compile("fuzz", ["fuzz.c"], SANITIZED);
      expect(small.run("fuzz", "20000")).toMatchObject({ status: 0, stderr: "" });
    }
  });

  it("is told apart from vectors that differ by more or are no numbers, and from vectors of another layout", () => {
    const { rows } = randomSteps(locomotion, modelOf(locomotion), 50);
    const off = rows.map((row, i) =>
      i === 30 ? row.map((value, k) => (k === row.length - 1 ? value + 2e-5 : value)) : row,
    );
    const csv = (vectors: typeof rows) => goldenCsv(goldenColumns(locomotion), vectors);
    expect(differences(folder, csv(off)).jointTarget).toBeCloseTo(2e-5, 6);
    // The numbers after it agree.
    const none = rows.map((row, i) =>
      i === 30 ? row.map((value, k) => (k === row.length - 5 ? Number.NaN : value)) : row,
    );
    expect(differences(folder, csv(none)).jointTarget).toBe(Number.POSITIVE_INFINITY);
    folder.write("other.csv", csv(rows).replace("jointTorque[3]", "jointTorque[4]"));
    expect(folder.run("check_golden", "other.csv").status).toBe(2);
    expect(folder.run("check_golden", "none.csv").status).toBe(2);
  });
});

describe.skipIf(!hasCompiler)("the controller in C with a gait selection policy (skipped without cc and c++)", () => {
  const locomotion = { ...pretrained("locomotion"), selector: randomSelector(3) };
  let folder: CFolder;
  let golden: string;

  beforeAll(async () => {
    await loadPhysics();
    folder = exported(locomotion);
    golden = exportGolden(locomotion, modelOf(locomotion)).get("golden.csv")!;
  });

  it("selects the gaits that are selected in recorded steps, phases exactly", () => {
    const columns = differences(folder, golden);
    expect(largest(columns)).toBeLessThanOrEqual(TOLERANCE);
    expect(columns).toMatchObject({ chosenGait: 0, gait: 0, transition: 0, phase: 0 });
  });

  it("does the same in 10,000 random steps, told gaits and selected ones", () => {
    const { rows } = randomSteps(locomotion, modelOf(locomotion), 10_000);
    const columns = goldenColumns(locomotion);
    const found = differences(folder, goldenCsv(columns, rows));
    expect(largest(found)).toBeLessThanOrEqual(TOLERANCE);
    expect(found).toMatchObject({ chosenGait: 0, gait: 0, transition: 0 });
  });

  function expectAgreement(compiler: readonly string[]): void {
    folder.write("golden.csv", golden);
    folder.compile("again", ["check_golden.c", "gaitway_a1.c"], compiler);
    expect(folder.run("again", "golden.csv")).toMatchObject({ status: 0 });
  }

  const fma = FMA ? [FMA] : [];
  it.each([
    ["C99", C99],
    ["C99, operations contracted", [...C99, ...fma, "-ffp-contract=fast"]],
    ["C99, none contracted", [...C99, ...fma, "-ffp-contract=off"]],
    ["C++17", CPP17],
    ["C++17, operations contracted", [...CPP17, ...fma, "-ffp-contract=fast"]],
    ["C++17, none contracted", [...CPP17, ...fma, "-ffp-contract=off"]],
  ])("agrees with the recorded steps when compiled as %s", (_, compiler) => expectAgreement(compiler));

  it.skipIf(!works("clang"))("agrees with them when compiled by clang (skipped without it)", () =>
    expectAgreement(CLANG),
  );

  it("begins with a stand, is overruled by gaits that are told, and stands when it is told nothing", () => {
    const pronk = SELECTABLE_GAITS.indexOf(gaitIndex("pronk"));
    const pronking = exported({ ...freshBundle(), selector: selectorOf(pronk, 3).selector });
    pronking.write("selection.c", sourceText("selection.c"));
    for (const compiler of [C99, CPP17]) {
      pronking.compile("selection", ["selection.c", "gaitway_a1.c"], compiler);
      expect(pronking.run("selection")).toMatchObject({ status: 0, stdout: "" });
    }
  });
});

describe("the C export", () => {
  it("refuses a policy whose learned estimator is missing", () => {
    const bundle = { ...pretrained("locomotion"), estimator: null };
    expect(() => exportC(bundle, modelOf(bundle), readCSources())).toThrow("policy: estimator: got null");
  });

  it("refuses a policy that observes what it does not know, and says what", () => {
    addObservationTerms([
      { name: "tailAngle", size: 1, unit: "rad", scale: 1, values: (s) => s.readings.jointPosition, mirror: "same" },
    ]);
    const bundle = pretrained("trot");
    const { slices, actorSize } = bundle.observation;
    const tail = { name: "tailAngle", unit: "rad", size: 1, scale: 1, offset: actorSize, for: "actor" };
    const own = { ...bundle, observation: { ...bundle.observation, slices: [...slices, tail] } };
    expect(() => exportC(own, modelOf(own), readCSources())).toThrow(
      "policy: observation.slices: got tailAngle, which has no C: expected slices that come along; ONNX can have it",
    );
  });
});
