import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { createRobotModel } from "../../sim/robot/model.js";
import type { RobotModel } from "../../sim/robot/types.js";

const robots = new URL("../../sim/robots/", import.meta.url);

/** The A1's two documents as they are in the repository. */
export const a1Urdf = readFileSync(new URL("a1.urdf", robots), "utf8");
export const a1Tuning: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(new URL("a1.json", robots), "utf8"));

/** The A1, or what becomes of it with another URDF text or sidecar. */
export function modelOf(urdf: string = a1Urdf, tuning: unknown = a1Tuning): RobotModel {
  return createRobotModel({ urdf, tuning }, "a1.urdf");
}

/** A text (the A1's URDF) with its first occurrence of a passage changed; fails where the passage is not in it. */
export function edited(passage: string, replacement: string, text = a1Urdf): string {
  expect(text).toContain(passage);
  return text.replace(passage, replacement);
}
