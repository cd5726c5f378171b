/** Entry point of a thread that walks trials in MuJoCo. */

import { parentPort } from "node:worker_threads";
import { deriveSeed } from "../../../sim/rng.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import { COURSES } from "../../sim2sim/courses.js";
import { MUJOCO_SETTINGS, type MujocoSettingName } from "../../sim2sim/mjcf.js";
import { MujocoRobot } from "../../sim2sim/mujoco-robot.js";
import { MujocoTrial, type TrialResult } from "../../sim2sim/trial.js";
import { inheritTasks } from "../task/module.js";
import type { JobMessage } from "../threads/job-pool.js";
import { type ControllerSource, createController } from "./controllers.js";

/** Trials of a course, which goes by its place, as its scenario holds functions, which no message can. */
export interface Sim2simJob {
  readonly source: ControllerSource;
  readonly setting: MujocoSettingName;
  readonly course: number;
  /** Number of the first trial, and how many. */
  readonly from: number;
  readonly count: number;
  readonly seed: number;
}

inheritTasks();
const post = (message: JobMessage<TrialResult[]>) => parentPort!.postMessage(message);

parentPort!.on("message", async (job: Sim2simJob) => post({ kind: "done", result: await walk(job) }));

async function walk({ source, setting, course: index, from, count, seed }: Sim2simJob): Promise<TrialResult[]> {
  const { env } = source;
  const model = createRobotModel(source.robot, source.robot.name);
  const { terrain: kind, level, scenario } = COURSES[index];
  // The ground that an evaluation from this seed has.
  const terrain = createTerrain({ kind, level, seed: deriveSeed(seed, 1) });
  const { friction } = env.physics;
  const robot = await MujocoRobot.create(model, { setting: MUJOCO_SETTINGS[setting], friction, terrain });
  const { controller, close } = await createController(source, model, scenario.gaitSource);
  const results: TrialResult[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const trial = new MujocoTrial(robot, controller, { model, env, terrain, scenario, seed }, from + i);
      results.push(await trial.run());
      post({ kind: "progress", fraction: (i + 1) / count });
    }
    return results;
  } finally {
    robot.free();
    close();
  }
}
