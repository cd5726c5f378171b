import { expect, it } from "vitest";
import { GAITS } from "../../../gaits/library.js";
import { isSymmetric, LegStatistics } from "../../../policy/inspection/gait-symmetry.js";

it("knows gaits that are their own mirror images, at once or half a stride later", () => {
  const symmetric = GAITS.filter(isSymmetric).map(({ id }) => id);
  expect(symmetric).toEqual(expect.arrayContaining(["trot", "pace", "bound", "pronk"]));
  for (const id of ["rotary-gallop", "transverse-gallop", "limp"]) expect(symmetric).not.toContain(id);
});

it("compares each left leg with the right one opposite, over all robots", () => {
  const legs = new LegStatistics(2, 0.5);
  const contacts = [
    [1, 0, 1, 1],
    [0, 1, 1, 1],
    [1, 0, 1, 1],
    [1, 1, 1, 1],
  ];
  for (const contact of contacts) {
    // The second robot's part of the arrays.
    const torque = Float32Array.of(...Array(12).fill(50), 3, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0);
    const angle = new Float32Array(24);
    angle[12 + 1] = contact[0];
    legs.add(1, Uint8Array.of(9, 9, 9, 9, ...contact), torque, angle);
  }
  const figures = new Map(legs.summary().map((each) => [`${each.pair} ${each.figure}`, each]));
  // 3 of 4 and 2 of 4 samples: 0.25 / 0.625.
  expect(figures.get("front duty factor")).toMatchObject({ left: 0.75, right: 0.5, asymmetry: 0.4 });
  // Left 0 → 1 once in 4 · 0.5 s; right, which starts down, 0 → 1 twice.
  expect(figures.get("front steps per s")).toMatchObject({ left: 0.5, right: 1 });
  expect(figures.get("front hip torque rms, N·m")).toMatchObject({ left: 3, right: 1, asymmetry: 1 });
  // Angles 1, 0, 1, 1: variance 0.75 - 0.5625 = 0.1875.
  expect(figures.get("front thigh angle std, rad")!.left).toBeCloseTo(Math.sqrt(0.1875), 9);
  expect(figures.get("rear duty factor")).toMatchObject({ left: 1, right: 1, asymmetry: 0 });
  expect(figures.get("rear calf torque rms, N·m")).toMatchObject({ left: 0, right: 0, asymmetry: 0 });
});
