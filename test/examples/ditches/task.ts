import { defineTask, trot } from "gaitway";

const EVERY_M = 1.2;
const WIDTH_M = 0.2;

/** A trot over ditches across the way, at commands to go straight on that change their pace. */
export default defineTask({
  name: "ditches",
  base: trot,
  config: { env: { terrain: { kind: "ditches", level: 1 } } },
  terrains: {
    ditches: {
      says: "ditches across",
      heightM: (xM, _yM, level) => {
        const into = ((xM % EVERY_M) + EVERY_M) % EVERY_M;
        // As deep at their middles as 2 cm a level, with slanting sides; the start, at 0, is between two.
        const fromMiddle = Math.abs(into - EVERY_M / 2);
        return -0.02 * level * Math.max(0, 1 - fromMiddle / WIDTH_M);
      },
    },
  },
  velocityCommand: (out, _gait, rng) => out.set([rng.uniform(0.2, 0.8), 0, 0]),
});
