import { expect, test } from "vitest";
import { Leveller } from "../../../sim/control/leveller.js";

const point = Float32Array.of(9, 0.2, 0.1, -0.3);
const out = new Float32Array(3);

test("a level trunk leaves feet where they are", () => {
  const leveller = new Leveller();
  leveller.set(Float32Array.of(0, 0, -1), 0);
  leveller.toBase(out, point, 1);
  expect([...out]).toEqual([...point.slice(1)]);
});

test("a rolled trunk's swing feet are freed from half of the tilt", () => {
  // Rolled with sin 0.6, cos 0.8, left side up: gravity is (0, -0.6, -0.8) in the base frame. Half of the tilt: up along
  // (0, 0.3, 0.8) / √0.73 = (0, 0.35112, 0.93632), y = up × x = (0, 0.93632, -0.35112). The point (0.2, 0.1, -0.3) becomes
  // (0.2, 0.1·0.93632 - 0.3·0.35112, -0.1·0.35112 - 0.3·0.93632) = (0.2, -0.01170, -0.31601): the high side reaches lower.
  const leveller = new Leveller();
  leveller.set(Float32Array.of(7, 0, -0.6, -0.8), 1);
  leveller.toBase(out, point, 1);
  expect(out[0]).toBeCloseTo(0.2, 6);
  expect(out[1]).toBeCloseTo(-0.0117, 4);
  expect(out[2]).toBeCloseTo(-0.31601, 4);
});

test("turning into the base frame keeps lengths, whatever the tilt", () => {
  const leveller = new Leveller();
  leveller.set(Float32Array.of(0.48, -0.36, -0.8), 0); // 0.48² + 0.36² + 0.8² = 1
  leveller.toBase(out, point, 1);
  expect(Math.hypot(...out)).toBeCloseTo(Math.hypot(0.2, 0.1, -0.3), 6);
});
