/** The package as npm installs it, in an empty folder: without the checkout around it. */

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const EXAMPLES = ["tiptoe", "leg-load", "ditches"];
const folder = mkdtempSync(join(tmpdir(), "gaitway-package-"));
const INSTALL_MS = 300_000;

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

const gaitway = (...args: string[]) => run(join(folder, "node_modules/.bin/gaitway"), ...args);

beforeAll(() => {
  // What is built is what is packed.
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  writeFileSync(join(folder, "package.json"), '{ "name": "empty", "private": true, "type": "module" }\n');
  run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", filename);
}, INSTALL_MS);

afterAll(() => rmSync(folder, { recursive: true }));

describe("the installed package", () => {
  it("holds no tests", () => {
    const files = readdirSync(join(folder, "node_modules/gaitway"), { recursive: true, encoding: "utf8" });
    const own = files.filter((file) => !file.startsWith("node_modules"));
    expect(own.filter((file) => /(^|\/)test\b|\.test\./.test(file))).toEqual([]);
    expect(own).toContain("dist/policy/index.d.ts");
  });

  it("has the entry in Node, training among it", () => {
    const script = `
      import { train, evaluate, loadPolicy, VecEnv, defineTask, Controller } from "gaitway";
      const { folder, policy } = await train({ iterations: 1, set: ["numEnvs=8", "workers=1"], name: "by-hand" });
      const report = await evaluate(loadPolicy("trot"), { trials: 2, trialS: 2 });
      console.log(JSON.stringify({ folder, task: policy.task, falls: report.policy.falls, types: [typeof VecEnv, typeof defineTask, typeof Controller] }));`;
    writeFileSync(join(folder, "entry.js"), script);
    const told = JSON.parse(run(process.execPath, "entry.js"));
    expect(told).toEqual({
      ...{ folder: "runs/by-hand", task: "trot", falls: 0 },
      types: ["function", "function", "function"],
    });
  });

  it("has the entry in a browser's bundle, without training and without Node", () => {
    writeFileSync(join(folder, "page.js"), 'export { VecEnv, Controller, decodeBundle } from "gaitway";\n');
    const { metafile } = buildSync({
      ...{ absWorkingDir: folder, entryPoints: ["page.js"], bundle: true, write: false, metafile: true },
      ...{ platform: "browser", format: "esm", logLevel: "silent" },
    });
    const inputs = Object.keys(metafile!.inputs);
    expect(inputs).toContain("node_modules/gaitway/dist/policy/browser.js");
    expect(inputs.filter((file) => /gaitway\/dist\/policy\/(cli|training|ppo)\//.test(file))).toEqual([]);
  });

  it("trains the example tiptoe, scores it, and makes a page of it", () => {
    copyFileSync(join(ROOT, "test/examples/tiptoe/task.ts"), join(folder, "task.ts"));
    gaitway("train", "--task", "./task.ts", "--name", "tip", "--envs", "16", "--workers", "2", "--iterations", "2");
    expect(gaitway("eval", "tip", "--trials", "2", "--seconds", "2")).toContain("gait memory alone");
    gaitway("view", "tip", "--build", "site");
    expect(existsSync(join(folder, "site/api/runs/tip/task.js"))).toBe(true);
  });

  it.each(EXAMPLES)("has types that the example %s is right by", (name) => {
    copyFileSync(join(ROOT, "test/examples", name, "task.ts"), join(folder, `${name}.ts`));
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2022", "--skipLibCheck"];
    expect(run(process.execPath, join(ROOT, "node_modules/typescript/bin/tsc"), ...options, `${name}.ts`)).toBe("");
  });
});
