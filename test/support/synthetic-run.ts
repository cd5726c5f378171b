import { legJointAngles } from "../../gaits/kinematics.js";
import { gaitIndex } from "../../gaits/library.js";
import { GaitMemory } from "../../gaits/memory.js";
import { NUM_LEGS } from "../../gaits/types.js";
import { stepGait } from "../../policy/cli/bench/gait-step.js";
import { RunDirectory } from "../../policy/cli/run-folder/run-directory.js";
import {
  EPISODE_FRAME_SIZE,
  type EpisodeColumnName,
  type EpisodeHeader,
  EpisodeRecorder,
  episodeColumn,
} from "../../sim/episode-log.js";
import { createTerrain } from "../../sim/terrain/create.js";
import type { TerrainSpec } from "../../sim/terrain/height-field.js";
import { heightAt } from "../../sim/terrain/height-field.js";
import { a1Urdf, modelOf } from "./a1.js";

const DT_S = 0.02;

export interface SyntheticEpisode {
  readonly label: string;
  readonly gait: string;
  readonly terrain: TerrainSpec;
  readonly controller: EpisodeHeader["controller"];
  readonly numFrames: number;
  readonly speedMPerS: number;
  readonly fell?: boolean;
  readonly trial?: number;
  /** Another gait from this frame on. */
  readonly switchTo?: { readonly gait: string; readonly frame: number };
  /** Velocity change of a push at a frame's step, world frame, m/s. */
  readonly push?: { readonly frame: number; readonly velocityChange: readonly [number, number, number] };
  /** What a gait selection policy makes of each of `SELECTABLE_GAITS`, from a frame on. In the order of frames. */
  readonly choices?: readonly { readonly frame: number; readonly probabilities: readonly number[] }[];
}

/** A run as `evaluate` leaves it, made without physics: the robot goes along x exactly as its gait memory says. */
export function writeSyntheticRun(
  runsRoot: string,
  name: string,
  episodes: Readonly<Record<string, SyntheticEpisode>>,
  urdf = a1Urdf,
): RunDirectory {
  const run = RunDirectory.create(runsRoot, { seed: 1, task: "walk" }, name);
  run.writeFile("robot.urdf", urdf);
  for (const [file, episode] of Object.entries(episodes)) run.writeEpisode(file, encodeWalk(episode));
  run.setStatus("finished");
  return run;
}

/** The bytes of an episode file. */
export function encodeWalk(episode: SyntheticEpisode): Uint8Array {
  const model = modelOf();
  const memory = new GaitMemory({
    numRobots: 1,
    dtS: DT_S,
    geometry: model.legs,
    nominalHeightM: model.nominalHeightM,
  });
  memory.reset(0, gaitIndex(episode.gait), 0);
  const terrain = createTerrain(episode.terrain);
  const recorder = new EpisodeRecorder();
  const angles = new Float32Array(12);
  let measured = memory.reference.contact.slice();
  const v = episode.speedMPerS;
  for (let i = 0; i < episode.numFrames; i++) {
    if (i === episode.switchTo?.frame) memory.select(0, gaitIndex(episode.switchTo.gait));
    const x = v * i * DT_S;
    const wobble = 0.08 * Math.sin(7 * i * DT_S);
    const { footTargetM, contact } = memory.reference;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      legJointAngles(angles, 3 * leg, model.legs, leg, footTargetM, 3 * leg);
    }
    recorder.append(
      frameOf({
        time: [i * DT_S],
        basePosition: [x, 0, heightAt(terrain, x, 0) + model.nominalHeightM],
        baseRotation: [0, 0, 0, 1],
        jointPosition: angles,
        jointTarget: angles,
        command: [v, 0, 0],
        baseVelocity: [v + wobble, wobble / 2, 0],
        baseAngularVelocity: [0, 0, -wobble],
        contact: measured,
        scheduledContact: contact,
        footTarget: footTargetM,
        gait: memory.reference.gaitIndex,
        transition: memory.reference.transition,
        gaitProbability: episode.choices?.findLast(({ frame }) => frame <= i)?.probabilities ?? [],
        push: episode.push?.frame === i ? [0, 0, 0, ...episode.push.velocityChange] : [],
      }),
    );
    measured = contact.slice(); // lags behind the schedule by one frame
    stepGait(memory, 0, v, 0, 0, v, 0, 0, model.nominalHeightM);
  }
  const { label, gait, controller, trial } = episode;
  return recorder.encode({
    robot: "a1",
    task: "walk",
    gait,
    controller,
    seed: 1,
    ...(trial !== undefined && { trial }),
    dtS: DT_S,
    terrain: episode.terrain,
    fell: episode.fell ?? false,
    durationS: episode.numFrames * DT_S,
    metrics: { velocityErrorX: 0.05 },
    label,
  });
}

function frameOf(values: Partial<Record<EpisodeColumnName, ArrayLike<number>>>): Float32Array {
  const frame = new Float32Array(EPISODE_FRAME_SIZE);
  for (const [name, numbers] of Object.entries(values)) {
    frame.set(numbers, episodeColumn(name as EpisodeColumnName).offset);
  }
  return frame;
}
