import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import type { ControllerScore } from "../../evaluation/evaluate.js";
import { COURSES, type CourseSpec } from "../../sim2sim/courses.js";
import { MUJOCO_SETTINGS, type MujocoSettingName } from "../../sim2sim/mjcf.js";
import { loadMujoco } from "../../sim2sim/mujoco-robot.js";
import { type Sim2simScore, summarise } from "../../sim2sim/summary.js";
import type { TrialResult } from "../../sim2sim/trial.js";
import { POLICY_HELP } from "../run-folder/policy-source.js";
import { type ControllerSource, findControllers } from "../sim2sim/controllers.js";
import type { Sim2simJob } from "../sim2sim/mujoco-worker.js";
import type { RapierJob } from "../sim2sim/rapier-worker.js";
import { checkCount, checkSeed } from "../terminal/flags.js";
import { Interruption } from "../terminal/interruption.js";
import { log } from "../terminal/log.js";
import { JSON_OPTION, RUNS_OPTION, seedOption, WORKERS_OPTION } from "../terminal/options.js";
import { ProgressLine, partOf } from "../terminal/progress.js";
import { runJobs } from "../threads/job-pool.js";

interface Sim2simArguments {
  controller: string;
  contact: MujocoSettingName;
  repeats: number;
  seed: number;
  workers: number;
  runs: string;
  json: boolean;
}

const MUJOCO_WORKER = new URL("../sim2sim/mujoco-worker.js", import.meta.url);
const RAPIER_WORKER = new URL("../sim2sim/rapier-worker.js", import.meta.url);
/** Share of the time that the trials in MuJoCo take. */
const MUJOCO_SHARE = 0.9;

/** A controller's figures on one course, in one engine. */
interface Sim2simRow extends Sim2simScore {
  readonly controller: string;
  readonly engine: "MuJoCo" | "Rapier";
  readonly course: string;
}

export const sim2simCommand: CommandModule<object, Sim2simArguments> = {
  command: "sim2sim <controller>",
  describe: "Walk a policy, or what was exported of it, in another physics engine, MuJoCo",
  builder: (yargs) =>
    yargs
      .positional("controller", {
        type: "string",
        demandOption: true,
        describe: `A folder that gaitway export wrote, a student, or a policy. ${POLICY_HELP}`,
      })
      .option("contact", {
        choices: Object.keys(MUJOCO_SETTINGS) as MujocoSettingName[],
        default: "rigid" as const,
        requiresArg: true,
        describe: "Hard ground, as in Rapier; or soft feet, rotor inertia and joint friction, as in MuJoCo Menagerie",
      })
      .option("repeats", { type: "number", default: 5, requiresArg: true, describe: "Trials of 20 s of each command" })
      .options(seedOption(1, "ground, starts and noise"))
      .options(WORKERS_OPTION)
      .options(RUNS_OPTION)
      .options(JSON_OPTION)
      .example("$0 sim2sim runs/long", "A run's policy, in both engines")
      .example("$0 sim2sim student.json --contact menagerie --repeats 1", "A student on soft feet, each command once"),
  handler: async ({ controller, contact, repeats, seed, workers, runs, json }) => {
    checkCount("repeats", repeats);
    checkCount("workers", workers);
    checkSeed(seed);
    await loadMujoco();
    const stop = new AbortController();
    const interruption = new Interruption(() => stop.abort());
    const buildFolder = mkdtempSync(join(tmpdir(), "gaitway-sim2sim-"));
    try {
      const sources = await findControllers(controller, runs, buildFolder);
      const rows = await compare(sources, { contact, repeats, seed, workers }, stop.signal);
      process.stdout.write(json ? `${JSON.stringify({ contact, seed, rows })}\n` : `${table(rows)}\n`);
    } catch (error) {
      if (!interruption.requested) throw error;
      log.info("Interrupted: no results.");
      process.exitCode = interruption.exitCode;
    } finally {
      interruption.stopListening();
      rmSync(buildFolder, { recursive: true, force: true });
    }
  },
};

type Settings = Pick<Sim2simArguments, "contact" | "repeats" | "seed" | "workers">;

async function compare(
  sources: readonly ControllerSource[],
  settings: Settings,
  signal: AbortSignal,
): Promise<Sim2simRow[]> {
  const progress = new ProgressLine();
  const report = (from: number, to: number, text: string) => {
    const part = partOf(progress, from, to);
    return (fraction: number) => part.update({ fraction, text });
  };
  try {
    const mujoco = await inMujoco(sources, settings, report(0, MUJOCO_SHARE, "in MuJoCo"), signal);
    const rapier = await inRapier(sources, settings, report(MUJOCO_SHARE, 1, "in Rapier"), signal);
    return [...mujoco, ...rapier];
  } catch (error) {
    if (signal.aborted || error instanceof InputError) throw error;
    throw new InputError(`a thread failed: ${(error as Error).message.split("\n", 1)[0]}`, { cause: error });
  } finally {
    progress.stop();
  }
}

/** Each command of each course that the controllers know, in jobs of one round of commands. */
async function inMujoco(
  sources: readonly ControllerSource[],
  { contact: setting, repeats, seed, workers }: Settings,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Sim2simRow[]> {
  const courses = sources.flatMap((source) => coursesOf(source).map((index) => ({ source, index })));
  const jobs = courses.flatMap(({ source, index }) => {
    const count = COURSES[index].commands;
    return Array.from(
      { length: repeats },
      (_, i): Sim2simJob => ({ source, setting, course: index, from: i * count, count, seed }),
    );
  });
  const results = await runJobs<Sim2simJob, TrialResult[]>(MUJOCO_WORKER, jobs, workers, onProgress, signal);
  return courses.map(({ source, index }) => {
    const own = results.filter((_, i) => jobs[i].source === source && jobs[i].course === index);
    const score = summarise(own.flat());
    return {
      ...{ controller: source.name, engine: "MuJoCo", course: COURSES[index].name, ...score },
      contactErrorPercent: hasKnownSchedule(source, COURSES[index]) ? score.contactErrorPercent : Number.NaN,
    };
  });
}

/** A student knows no schedule to keep to; what gaits a controller has chosen, it alone knows. */
function hasKnownSchedule({ kind }: ControllerSource, { scenario }: CourseSpec): boolean {
  return kind !== "student" && scenario.gaitSource === "told";
}

/** The policies themselves; what was exported of them does the same. */
async function inRapier(
  sources: readonly ControllerSource[],
  { repeats, seed, workers }: Settings,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Sim2simRow[]> {
  const source = sources.find(({ kind }) => kind !== "student");
  if (!source || source.kind === "student") return [];
  const jobs = coursesOf(source).map(
    (index): RapierJob => ({
      bundle: source.bundle,
      course: index,
      trials: repeats * COURSES[index].commands,
      seed,
    }),
  );
  const scores = await runJobs<RapierJob, ControllerScore>(RAPIER_WORKER, jobs, workers, onProgress, signal);
  return scores.map(({ falls, velocityErrorX, yawRateError, contactErrorPercent }, i) => ({
    ...{ controller: "as trained", engine: "Rapier", course: COURSES[jobs[i].course].name, trials: jobs[i].trials },
    ...{ falls, velocityErrorX, yawRateError, contactErrorPercent },
  }));
}

/** Those of which it knows all gaits, or can choose them where it must. @throws InputError where there are none */
function coursesOf(source: ControllerSource): number[] {
  const { name, gaits } = source;
  const canChoose = source.kind !== "student" && source.bundle.selector !== null;
  const isKnown = ({ scenario, gaits: told }: CourseSpec) =>
    scenario.gaitSource === "policy" ? canChoose : told.every((gait) => gaits.includes(gait));
  const known = COURSES.flatMap((course, index) => (isKnown(course) ? [index] : []));
  if (known.length === 0) throw new InputError(`${name} knows ${gaits.join(", ")}; expected trot among them`);
  return known;
}

function table(rows: readonly Sim2simRow[]): string {
  const head = ["controller", "in", "course", "falls", "|v_x error|, m/s", "|yaw-rate error|, rad/s", "contact error"];
  const cell = (value: number, digits: number, unit = "") =>
    Number.isFinite(value) ? `${value.toFixed(digits)}${unit}` : "-";
  const result = new Table({ head, style: { head: [], border: [] } });
  for (const row of rows) {
    result.push([
      ...[row.controller, row.engine, row.course, `${row.falls} of ${row.trials}`],
      ...[cell(row.velocityErrorX, 3), cell(row.yawRateError, 3), cell(row.contactErrorPercent, 1, " %")],
    ]);
  }
  return result.toString();
}
