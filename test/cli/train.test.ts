import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { iterationsIn, learnedState, Workspace, waitUntil } from "../support/command-line.js";

const ITERATIONS = 12;
const BUDGET = ["--config", "small.yaml", "--envs", "8", "--workers", "2"];
const workspace = new Workspace();

function train(name: string, seed: number, iterations = ITERATIONS, ...args: string[]) {
  const which = ["--name", name, "--seed", String(seed), "--iterations", String(iterations)];
  return workspace.start("train", ...BUDGET, ...which, ...args);
}

function countingTo(last: number): number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}

function status(runPath: string): string {
  return JSON.parse(readFileSync(`${runPath}/run.json`, "utf8")).status;
}

function gitSha(): string | null {
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return null;
  }
}

beforeAll(() => {
  workspace.write(
    "small.yaml",
    "checkpointEvery: 2\nnetwork: { actorHidden: [32], criticHidden: [32] }\nppo: { horizon: 8 }\n",
  );
});
afterAll(() => workspace.remove());

describe("gaitway train", () => {
  it("prints one JSON document, and keeps everything in the run's folder", async () => {
    const { code, stdout, stderr } = await train("first", 7, ITERATIONS, "--json").finished;
    expect(code).toBe(0);
    // 12 iterations of 8 robots and 8 steps
    const outcome = { run: "runs/first", interrupted: false, iteration: ITERATIONS, steps: 12 * 8 * 8 };
    expect(JSON.parse(stdout)).toMatchObject(outcome);
    expect(stderr).toMatch(/^Training trot into runs\/first\n +\d+ % .* it 1 /);
    const files = readdirSync(workspace.path("runs", "first")).sort();
    expect(files.filter((file) => !file.startsWith("events"))).toEqual([
      "best.ckpt",
      "checkpoints",
      "config.yaml",
      "episodes",
      "metrics.jsonl",
      "policy.json",
      "robot.json",
      "robot.urdf",
      "run.json",
    ]);
    expect(files.filter((file) => /^events\.out\.tfevents\.\d+\.gaitway$/.test(file))).toHaveLength(1);
    const info = JSON.parse(readFileSync(workspace.path("runs", "first", "run.json"), "utf8"));
    expect(info).toMatchObject({ seed: 7, task: "trot", status: "finished", gitSha: gitSha() });
    expect(iterationsIn(workspace.path("runs", "first"))).toEqual(countingTo(ITERATIONS));
    // The newest five.
    const checkpoints = countingTo(ITERATIONS / 2)
      .slice(-5)
      .map((i) => `${String(2 * i).padStart(6, "0")}.ckpt`);
    expect(readdirSync(workspace.path("runs", "first", "checkpoints")).sort()).toEqual(checkpoints);
  });

  it("learns the same from the same seed, bit for bit, and something else from another", async () => {
    await train("again", 7).finished;
    await train("other", 8, 1).finished;
    const first = learnedState(workspace.path("runs", "first"));
    expect(first).toMatchObject({ iteration: ITERATIONS, adamUpdates: ITERATIONS * 4 * 4 }); // 4 epochs of 4 minibatches
    expect(learnedState(workspace.path("runs", "again"))).toEqual(first);
    expect(learnedState(workspace.path("runs", "other")).params).not.toBe(first.params);
  });

  it("ends with every gait's own scores, beside the gait memory's, where there are several", async () => {
    const gaits = ["--set", "env.command.gaits=[trot, stand]"];
    const { stdout } = await train("gaits", 7, 1, "--json", ...gaits).finished;
    const score = { trials: 20, terrain: "flat", falls: expect.any(Number), velocityErrorX: expect.any(Number) };
    expect(JSON.parse(stdout).gaits).toMatchObject([
      { gait: "trot", ...score, gaitMemoryAlone: { falls: 0 } },
      { gait: "stand", ...score, gaitMemoryAlone: { falls: 0 } },
    ]);
  });

  it("goes on after a kill as if nothing had happened", async () => {
    const run = workspace.path("runs", "killed");
    const training = train("killed", 7);
    // The fifth iteration is in the metrics, but in no checkpoint: it must be done again.
    const lost = () => existsSync(`${run}/checkpoints/000004.ckpt`) && iterationsIn(run).includes(5);
    await waitUntil(lost, training);
    training.child.kill("SIGKILL");
    expect((await training.finished).code).toBeNull();
    expect(status(run)).toBe("running");
    expect(learnedState(run).iteration).toBeLessThan(ITERATIONS);
    const { code } = await workspace.run("train", "--resume", "runs/killed", "--iterations", String(ITERATIONS));
    expect(code).toBe(0);
    expect(learnedState(run)).toEqual(learnedState(workspace.path("runs", "first")));
    expect(iterationsIn(run)).toEqual(countingTo(ITERATIONS));
    expect(status(run)).toBe("finished");
  });

  it("saves on Ctrl-C, and prints the command that goes on", async () => {
    const run = workspace.path("runs 2", "stopped");
    const args = ["--minutes", "9", "--runs", "runs 2", "--name", "stopped", "--json"];
    const first = workspace.start("train", ...BUDGET, ...args);
    await waitUntil(() => iterationsIn(run).length >= 3, first);
    first.child.kill("SIGINT");
    const { code, stdout, stderr } = await first.finished;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ run: "runs 2/stopped", interrupted: true });
    expect(status(run)).toBe("interrupted");
    const done = learnedState(run).iteration;
    expect(iterationsIn(run)).toEqual(countingTo(done));

    const [, resume] = /^Resume with: (node \S+ train --resume "runs 2\/stopped" --minutes 9)$/m.exec(stderr)!;
    const second = workspace.startShell(resume);
    await waitUntil(() => iterationsIn(run).length >= done + 2, second);
    second.child.kill("SIGINT");
    expect((await second.finished).code).toBe(130);
    const { iteration } = learnedState(run);
    expect(iteration).toBeGreaterThanOrEqual(done + 2);
    expect(iterationsIn(run)).toEqual(countingTo(iteration));
  });
});
