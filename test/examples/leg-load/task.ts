import { defineTask, observationTerm, trot } from "gaitway";

/** About what a knee gives under the load of a trot, N m: torques are told in shares of it. */
const TROTTING_NM = 15;

/** A trot that is told its joints' torques, which feel the load, and thinks with a wider network. */
export default defineTask({
  name: "leg-load",
  base: trot,
  config: { network: { actorHidden: [160, 96] } },
  observations: [
    observationTerm({
      name: "legLoad",
      size: 4,
      unit: "N m",
      scale: 1 / TROTTING_NM,
      mirror: "legs",
      of: (out, { readings }, robot) => {
        // The knee carries a leg's load: the third of its joints.
        for (let leg = 0; leg < 4; leg++) out[leg] = readings.jointTorque[12 * robot + 3 * leg + 2];
      },
    }),
  ],
});
