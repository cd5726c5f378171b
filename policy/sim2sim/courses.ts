/** What is asked of a controller in another physics engine. */

import type { TerrainSpec } from "../../sim/terrain/height-field.js";
import { type Scenario, STRESS_TEST, TROT_COMMANDS } from "../evaluation/scenario.js";

export interface CourseSpec {
  readonly name: string;
  readonly terrain: TerrainSpec["kind"];
  readonly level: number;
  readonly scenario: Scenario;
  /** Trials of a repeat: one of each command, where there are several. */
  readonly commands: number;
  /** Of its commands; none where they are left to the controller. */
  readonly gaits: readonly string[];
}

const TRIAL_S = 20;
const GAITS = ["stand", "trot", "run", "bound", "pronk", "limp", "amble", "hop"];
const GAIT_SPEED_M_PER_S = 0.5;

const LONG_TROT: Scenario = { ...TROT_COMMANDS, trialS: TRIAL_S };

/** All gaits at the same speed, one a trial. */
const EACH_GAIT: Scenario = {
  trialS: TRIAL_S,
  gaitSource: "told",
  tell: (trial) => {
    const gait = GAITS[trial % GAITS.length];
    return { gait, vx: gait === "stand" ? 0 : GAIT_SPEED_M_PER_S, yawRate: 0 };
  },
};

export const COURSES: readonly CourseSpec[] = [
  ...[0, 2].map((level) => ({
    name: level === 0 ? "trot, flat" : `trot, rough ${level}`,
    terrain: level === 0 ? ("flat" as const) : ("rough" as const),
    level,
    scenario: LONG_TROT,
    commands: 25,
    gaits: ["trot"],
  })),
  { name: "eight gaits, flat", terrain: "flat", level: 0, scenario: EACH_GAIT, commands: GAITS.length, gaits: GAITS },
  { name: "stress test, own gaits", terrain: "flat", level: 0, scenario: STRESS_TEST, commands: 10, gaits: [] },
];
