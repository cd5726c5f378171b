import { describe, expect, it } from "vitest";
import {
  decodeEpisode,
  EPISODE_FRAME_SIZE,
  type EpisodeColumnName,
  type EpisodeLog,
  EpisodeRecorder,
  episodeColumn,
} from "../../../sim/episode-log.js";
import { commandsDifferFromS } from "../../../viewer/recording/comparison.js";
import { SIGNAL_GROUPS, type Signal } from "../../../viewer/recording/signals.js";
import { modelOf } from "../../support/a1.js";

const DT_S = 0.1;
const model = modelOf();

function record(numFrames: number, valuesOf: (i: number) => Partial<Record<EpisodeColumnName, number[]>>): EpisodeLog {
  const recorder = new EpisodeRecorder();
  for (let i = 0; i < numFrames; i++) {
    const frame = new Float32Array(EPISODE_FRAME_SIZE);
    for (const [name, values] of Object.entries(valuesOf(i))) {
      frame.set(values, episodeColumn(name as EpisodeColumnName).offset);
    }
    recorder.append(frame);
  }
  const bytes = recorder.encode({
    ...{ robot: "a1", task: "trot", gait: "trot", controller: "policy", seed: 1, dtS: DT_S },
    ...{ terrain: { kind: "flat", level: 0, seed: 1 }, fell: false, durationS: numFrames * DT_S },
    ...{ metrics: {}, label: "signals" },
  });
  return decodeEpisode(bytes, "signals.episode");
}

function signalsOf(group: string, log: EpisodeLog): readonly Signal[] {
  return SIGNAL_GROUPS.find(({ id }) => id === group)!.signals(log, model);
}

describe("signals", () => {
  it("are velocities beside their commands", () => {
    const log = record(2, (i) => ({
      command: [1 + i, 2 + i, 3 + i],
      baseVelocity: [10 + i, 20 + i, 99],
      baseAngularVelocity: [99, 99, 30 + i],
    }));
    const [forward, sideways, turning] = signalsOf("velocity", log);
    expect([[...forward.measured], [...forward.wanted!]]).toEqual([
      [10, 11],
      [1, 2],
    ]);
    expect([[...sideways.measured], [...sideways.wanted!]]).toEqual([
      [20, 21],
      [2, 3],
    ]);
    expect([[...turning.measured], [...turning.wanted!]]).toEqual([
      [30, 31],
      [3, 4],
    ]);
  });

  it("are a leg's joints beside their targets", () => {
    const count = Array.from({ length: 12 }, (_, k) => k);
    const log = record(1, () => ({ jointPosition: count, jointTarget: count.map((k) => k + 100), jointTorque: count }));
    const angles = signalsOf("angles-RL", log); // the third leg: joints 6, 7, 8
    expect(angles.map(({ measured, wanted }) => [measured[0], wanted![0]])).toEqual([
      [6, 106],
      [7, 107],
      [8, 108],
    ]);
    expect(signalsOf("torques-RR", log).map(({ measured }) => measured[0])).toEqual([9, 10, 11]);
  });

  it("are effort over the second before", () => {
    // Half of every torque limit until frame 9, none from frame 10 on; 2 rad/s; 1 m/s, as commanded.
    const halfLimits = [...model.torqueMaxNm].map((limit) => limit / 2);
    const log = record(20, (i) => ({
      jointTorque: i < 10 ? halfLimits : Array(12).fill(0),
      jointVelocity: Array(12).fill(2),
      command: [1, 0, 0],
      baseVelocity: [1, 0, 0],
      contact: [1, 1, 0, 0],
      scheduledContact: [1, 0, 0, 0],
    }));
    const [saturation, costOfTransport, offSchedule] = signalsOf("effort", log);
    expect(saturation.measured[0]).toBeCloseTo(50, 4);
    expect(saturation.measured[9]).toBeCloseTo(50, 4);
    expect(saturation.measured[14]).toBeCloseTo(25, 4); // frames 5 to 14: five of ten
    expect(saturation.measured[19]).toBeCloseTo(0, 4);
    // P / (m g v), P the sum of |torque| times 2 rad/s
    const powerW = 2 * halfLimits.reduce((sum, torque) => sum + torque, 0);
    expect(costOfTransport.measured[9]).toBeCloseTo(powerW / (model.massKg * 9.81), 4);
    expect(offSchedule.measured[9]).toBeCloseTo(25, 4); // one foot of four
  });

  it("have no cost of transport while no speed is commanded", () => {
    const log = record(3, () => ({ baseVelocity: [0.1, 0, 0] }));
    expect(signalsOf("effort", log)[1].measured[2]).toBeNaN();
  });
});

describe("commands of two recordings", () => {
  const steady = record(10, () => ({ command: [1, 0, 0] }));

  it("are the same as far as both go", () => {
    expect(
      commandsDifferFromS(
        steady,
        record(5, () => ({ command: [1, 0, 0] })),
      ),
    ).toBeNull();
  });

  it("differ from the first other one on", () => {
    const turning = record(10, (i) => ({ command: [1, 0, i < 4 ? 0 : 0.5] }));
    expect(commandsDifferFromS(steady, turning)).toBeCloseTo(0.4, 12); // frame 4 of 0.1 s
  });
});
