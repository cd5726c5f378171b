import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeManifest } from "../../policy/cli/export/manifest.js";
import { a1Urdf, edited } from "../support/a1.js";
import { Workspace } from "../support/command-line.js";

const workspace = new Workspace();
const occupied: Server = createServer();
const CHECKPOINT = "runs/good/checkpoints/000001.ckpt";

beforeAll(async () => {
  const trained = ["--envs", "4", "--workers", "1", "--iterations", "1", "--name", "good"];
  workspace.write("small.yaml", "network: { actorHidden: [8], criticHidden: [8] }\nppo: { horizon: 4 }\n");
  expect(await workspace.run("train", "--config", "small.yaml", ...trained)).toMatchObject({ code: 0 });
  workspace.write("key.yaml", "ppo: { horizont: 24 }\n");
  workspace.write("range.yaml", "ppo: { clip: 7 }\n");
  workspace.write("gait.yaml", "env: { command: { gaits: [canter] } }\n");
  workspace.write("list.yaml", "- 1\n- 2\n");
  workspace.write("broken.yaml", "ppo: { clip: [\n");
  workspace.write("eleven.urdf", edited(`name="FL_calf_joint" type="revolute"`, `name="FL_calf_joint" type="fixed"`));
  workspace.write("gains.urdf", a1Urdf);
  workspace.write("gains.json", `{ "kpp": 3 }`);
  const checkpoint = readFileSync(workspace.path(CHECKPOINT));
  workspace.write("truncated.ckpt", checkpoint.subarray(0, checkpoint.length - 100));
  const corrupt = flipByte(checkpoint);
  workspace.write("corrupt.ckpt", corrupt);
  cpSync(workspace.path("runs", "good"), workspace.path("runs", "corrupt"), { recursive: true });
  writeFileSync(workspace.path("runs", "corrupt", "checkpoints", "000001.ckpt"), corrupt);
  const bundle = JSON.parse(readFileSync(workspace.path("runs", "good", "policy.json"), "utf8"));
  bundle.observation.slices[3].name = "somethingElse";
  workspace.write("other-layout.json", JSON.stringify(bundle));
  workspace.write("no-bundle.json", "{}");
  mkdirSync(workspace.path("bare-export"));
  workspace.write(
    "bare-export/manifest.json",
    encodeManifest({ gaitway: "1.2.3", robot: "a1", formats: ["c"] }, new Map()),
  );
  mkdirSync(workspace.path("web-page"));
  workspace.write("web-page/manifest.json", '{"name": "Site"}');
  await new Promise<void>((resolve) => occupied.listen(0, "127.0.0.1", resolve));
});

afterAll(() => {
  occupied.close();
  workspace.remove();
});

/** One bit of the middle changes. */
function flipByte(bytes: Uint8Array): Uint8Array {
  const flipped = bytes.slice();
  flipped[bytes.length >> 1] ^= 0x10;
  return flipped;
}

/** Arguments, and what the only line on stderr says after "gaitway: ". */
const FAULTS: Readonly<Record<string, readonly [args: string, message: RegExp]>> = {
  "an unknown config key": ["train --config key.yaml", /^key\.yaml: unknown key ppo\.horizont$/],
  "a config value out of range": ["train --config range.yaml", /^range\.yaml: ppo\.clip: got 7, expected .*<=1$/],
  "a gait that there is not, in a config": [
    "train --config gait.yaml",
    /^gait\.yaml: env\.command\.gaits\.0: got "canter", expected one of "stand"/,
  ],
  "a config that is a list": ["train --config list.yaml", /^list\.yaml: got \[1,2\], expected fields of a config$/],
  "a config that is no YAML": ["train --config broken.yaml", /^broken\.yaml: not YAML: /],
  "an unknown setting": ["train --set ppo.epoch=5", /^flags: unknown key ppo\.epoch$/],
  "a setting out of range": ["config --set ppo.clip=7", /^flags: ppo\.clip: got 7, expected .*<=1$/],
  "a setting without a value": ["train --set ppo.clip", /^--set: got ppo\.clip, expected field=value/],
  "a missing config": ["train --config none.yaml", /^cannot read none\.yaml: no such file/],
  "a missing URDF": ["train --robot none.urdf", /^robot none\.urdf: no such file; expected a URDF file or one of a1$/],
  "a URDF with 11 joints": ["train --robot eleven.urdf", /^eleven\.urdf: expected 12 actuated joints, found 11: /],
  "an unknown field of a sidecar": [
    "train --robot gains.urdf",
    /^gains\.json: unknown field "kpp", expected one of kp, /,
  ],
  "robots that do not divide": ["train --envs 7 --workers 2", /numEnvs: got 7, expected a multiple of workers \(2\)$/],
  "a seed that is no number": ["train --seed seven", /seed: got NaN, expected number$/],
  "a task that there is not": [
    "train --task fly",
    /^flags: task: got "fly", expected one of trot, locomotion, gait-selection, or the path of a task's module$/,
  ],
  "negative minutes": ["train --minutes -1", /^--minutes: got -1, expected a number above 0$/],
  "half an iteration": ["train --iterations 0.5", /^--iterations: got 0\.5, expected a whole number from 1 on$/],
  "a name that is taken": ["train --name good", /^runs\/good exists already: choose another name$/],
  "a name that leads elsewhere": ["train --name ../other", /^name '\.\.\/other': expected letters, /],
  "resuming nothing": ["train --resume runs/none", /^runs\/none: no such folder$/],
  "resuming a folder that is no run": ["train --resume runs", /^runs is not a run: it has no run\.json$/],
  "resuming with another seed": ["train --resume runs/good --seed 3", /resume and seed are mutually exclusive$/],
  "resuming what is done": [
    "train --resume runs/good --iterations 1",
    /^runs\/good has had 1 iterations .*: give larger /,
  ],
  "resuming from a corrupt checkpoint": [
    "train --resume runs/corrupt",
    /000001\.ckpt is damaged: its checksum does not match$/,
  ],
  "a corrupt checkpoint": ["eval corrupt.ckpt", /^corrupt\.ckpt is damaged: its checksum does not match$/],
  "a truncated checkpoint": ["eval truncated.ckpt", /^truncated\.ckpt is /],
  "a policy for another observation": [
    "eval other-layout.json",
    /^other-layout\.json: observation\.slices\.3\.name: got somethingElse, expected a known slice; /,
  ],
  "a file that is no policy": [
    "eval no-bundle.json",
    /^no-bundle\.json: format: got nothing, expected "gaitway-policy"$/,
  ],
  "a policy that is not there": [
    "eval none",
    /^none: no such file or folder, and no run runs\/none; expected a run, a policy, a checkpoint, or one of trot, locomotion, gait-selection$/,
  ],
  "an unknown terrain": ["eval --terrain moon", /^--terrain: got moon, expected one of flat, rough, .*mixed, all$/],
  "a level out of range": ["eval runs/good --level 7", /^--level: got 7, expected a number 0\.\.3$/],
  "no trials": ["eval runs/good --trials 0", /^--trials: got 0, expected a whole number from 1 on$/],
  "trials too short to score": ["eval runs/good --seconds 1", /^--seconds: got 1, expected a number above 1$/],
  "a top speed below the slowest": ["eval runs/good --max-vx -3", /^--max-vx: got -3, expected a number above -/],
  "a gait that there is not": ["gaits --gait canter", /gait, Given: "canter", Choices: "stand", /],
  "a run to view that there is not": [
    "view none --no-open",
    /^there is no run 'none'; runs has .*; expected a run, or one of trot, /,
  ],
  "an episode to export that there is not": [
    "export-log runs/good/episodes/none.episode",
    /none\.episode: no such file or folder, and no run .*; expected an episode or a run$/,
  ],
  "a run to export that has no episodes": ["export-log good", /^runs\/good has no recorded episodes$/],
  "a student of a policy that there is not": [
    "distill none.json --out student.json",
    /^none\.json: no such file or folder, and no run /,
  ],
  "a student in place of a file": [
    "distill runs/good --out small.yaml",
    /^--out: small\.yaml exists: choose another file, or --force to replace it$/,
  ],
  "a student in place of a folder": [
    "distill runs/good --out runs --force",
    /^--out: got runs, which is a folder; expected a file$/,
  ],
  "a student with a history of nothing": [
    "distill runs/good --out student.json --history 0",
    /^--history: got 0, expected a whole number 1\.\.20$/,
  ],
  "nothing to walk in another engine": ["sim2sim none", /^none: no such file or folder, and no run /],
  "no walks in another engine": [
    "sim2sim runs/good --repeats 0",
    /^--repeats: got 0, expected a whole number from 1 on$/,
  ],
  "an export without its ONNX files": [
    "sim2sim bare-export",
    /^bare-export: no onnx\/policy\.onnx, .*; expected an export with onnx among its formats, got c$/,
  ],
  "a folder with a manifest of something else": [
    "sim2sim web-page",
    /^web-page\/manifest\.json: not Gaitway's; expected a folder that gaitway export wrote$/,
  ],
  "an export of another format": [
    "export-log good --out good.bag",
    /^--out: got good\.bag, expected a name that ends /,
  ],
  "quickstart for no time": ["quickstart --minutes 0", /^--minutes: got 0, expected a number above 0$/],
  "an unknown command": ["fly", /^Unknown argument: fly$/],
  "a log level that there is not": [
    "gaits --log-level loud",
    /log-level, Given: "loud", Choices: "error", "warn", "info", /,
  ],
  "an unknown flag": ["train --fast", /^Unknown argument: fast$/],
  "a flag without its value": ["train --iterations", /^Not enough arguments following: iterations$/],
};

async function expectFault(args: string, message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await workspace.run(...args.split(" "));
  expect(stderr).toMatch(/^gaitway: [^\n]+\n$/);
  expect(stderr.slice("gaitway: ".length, -1)).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
}

describe("a wrong input ends with one line, exit code 1, and nothing written:", () => {
  let before: Map<string, string>;
  beforeAll(() => {
    before = workspace.snapshot();
  });
  afterAll(() => expect(workspace.snapshot()).toEqual(before));

  it.concurrent.each(Object.entries(FAULTS))("%s", (_name, [args, message]) => expectFault(args, message));

  it.each(["view", "quickstart"])("a port that is in use, for %s", async (command) => {
    const { port } = occupied.address() as AddressInfo;
    const message = new RegExp(`^port ${port} on 127.0.0.1 is in use: pass another one with --port$`);
    await expectFault(`${command} --no-open --port ${port}`, message);
  });

  it.each([
    ["webgpu", ["webgpu", "@tensorflow/tfjs-backend-webgpu"], "are"],
    ["gpu", ["@tensorflow/tfjs-node-gpu"], "is"],
    ["node", ["@tensorflow/tfjs-node"], "is"],
  ])("a backend that is not installed: %s", async (backend, names, verb) => {
    if (names.some(isInstalled)) return;
    const message = `^backend ${backend}: ${names.join(" and ")} ${verb} not installed; install with: npm install ${names.join(" ")}$`;
    await expectFault(`train --backend ${backend} --iterations 1`, new RegExp(message));
  });

  it.skipIf(process.platform !== "linux" || !isInstalled("webgpu") || !isInstalled("@tensorflow/tfjs-backend-webgpu"))(
    "a GPU that is not there",
    async () => {
      const environment = { VK_DRIVER_FILES: "none.json" };
      const { code, stderr } = await workspace.runIn(environment, "train", "--backend", "webgpu", "--iterations", "1");
      // Dawn tells first what it has tried.
      expect(stderr).toMatch(/^gaitway: backend webgpu: no GPU found: is there one, .* driver\?\n$/m);
      expect(code).toBe(1);
    },
  );
});

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
