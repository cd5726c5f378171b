import { defineTask, locomotion, rewardTerm } from "gaitway";

const CLEARANCE_M = 0.08;

/** A slow walk on raised feet. */
export default defineTask({
  name: "tiptoe",
  base: locomotion,
  config: { env: { command: { gaits: ["tiptoe"] }, reward: { footClearance: -2 } } },
  gaits: [{ id: "tiptoe", periodS: 0.6, dutyFactor: 0.7, phaseOffset: [0, 0.5, 0.75, 0.25], speedsMPerS: [-0.2, 0.5] }],
  rewards: {
    footClearance: rewardTerm({
      says: "(m of a swing foot below 8 cm)^2, summed",
      of: ({ feet, control }, robot) => {
        const lowM = [0, 1, 2, 3].map((leg) => Math.max(0, CLEARANCE_M - feet.heightM(leg)));
        return lowM.reduce(
          (sum, low, leg) => sum + (control.gait.reference.contact[4 * robot + leg] ? 0 : low ** 2),
          0,
        );
      },
    }),
  },
});
