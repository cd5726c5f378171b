/** Who may import what: the folders' rules, read off the source text. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Import {
  /** Both from the repository's root; a package's name where `target` is none of its files. */
  readonly file: string;
  readonly target: string;
  readonly isPackage: boolean;
  /** Erased by the compiler. */
  readonly isType: boolean;
}

/** `import ... from "x"`, `export ... from "x"`, `import "x"`, `import("x")`, `require("x")` and `new URL("x", import.meta.url)`. */
const IMPORTS =
  /\b(?:(?:import|export)\s+(type\s)?[^"';()]*?\bfrom\s*|import\s*\(?\s*|require\(\s*|new URL\(\s*)"([^"]+)"/g;

function sourcesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file}`);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}

function importsIn(file: string, text: string): Import[] {
  return [...withoutComments(text).matchAll(IMPORTS)].map(([, type, name]) => {
    const isPackage = !name.startsWith(".");
    const target = isPackage ? name : normalize(join(dirname(file), name)).replace(/\.js$/, ".ts");
    return { file, target, isPackage, isType: type !== undefined };
  });
}

const FILES = ["gaits", "sim", "policy", "viewer"].flatMap(sourcesUnder);
const ALL = FILES.flatMap((file) => importsIn(file, readFileSync(join(ROOT, file), "utf8")));

/** Imports from some files that a rule does not allow, to be none. */
function offenders(from: (file: string) => boolean, allowed: (target: Import) => boolean): string[] {
  return ALL.filter((each) => from(each.file) && !allowed(each)).map(({ file, target }) => `${file} → ${target}`);
}

const inFolder = (...folders: string[]) => {
  return (path: string) => folders.some((folder) => path.startsWith(`${folder}/`));
};
const isNode = (name: string) => name.startsWith("node:") || builtinModules.includes(name.split("/")[0]);
const isCommandLine = inFolder("policy/cli");

describe("the reading of imports", () => {
  it("finds every way to import", () => {
    const text = `
      import a, { b } from "one";
      import type { C } from "two";
      import {
        d,
      } from "../sim/three.js";
      export * from "./four.js";
      import "five";
      const { e } = await import("six");
      const worker = new Worker(new URL("./seven.js", import.meta.url));
      const f = require("eight");
      // import "nine";
      /** import "ten"; */
      const text = "from here"; f("eleven");`;
    const found = importsIn("policy/x.ts", text);
    expect(found.map(({ target }) => target)).toEqual([
      ...["one", "two", "sim/three.ts", "policy/four.ts", "five", "six", "policy/seven.ts", "eight"],
    ]);
    expect(found.filter(({ isType }) => isType).map(({ target }) => target)).toEqual(["two"]);
  });

  it("finds those that are known to be there, and every file that is imported", () => {
    const pairs = ALL.map(({ file, target }) => `${file} → ${target}`);
    expect(pairs).toContain("policy/learner.ts → @tensorflow/tfjs-core");
    expect(pairs).toContain("sim/env.ts → sim/physics.ts");
    expect(pairs).toContain("policy/cli/worker-pool.ts → node:worker_threads");
    const missing = ALL.filter(({ target, isPackage }) => !isPackage && !existsSync(join(ROOT, target)));
    expect(missing).toEqual([]);
  });
});

describe("folders", () => {
  it("gaits imports nothing from outside", () => {
    expect(offenders(inFolder("gaits"), ({ target, isPackage }) => !isPackage && inFolder("gaits")(target))).toEqual(
      [],
    );
  });

  it("sim imports gaits and packages only", () => {
    expect(
      offenders(inFolder("sim"), ({ target, isPackage }) => isPackage || inFolder("sim", "gaits")(target)),
    ).toEqual([]);
  });

  it("policy, its command line apart, imports gaits, sim, itself and packages only", () => {
    const allowed = ({ target, isPackage }: Import) =>
      isPackage || (inFolder("policy", "sim", "gaits")(target) && !isCommandLine(target));
    expect(offenders((file) => inFolder("policy")(file) && !isCommandLine(file), allowed)).toEqual([]);
  });

  it("nothing imports tests, but for the command that runs the benchmarks", () => {
    const isBench = (file: string) => file === "policy/cli/bench.ts";
    expect(
      offenders(
        () => true,
        ({ file, target }) => !inFolder("test")(target) || (isBench(file) && inFolder("test/bench")(target)),
      ),
    ).toEqual([]);
  });
});

describe("packages", () => {
  /** Files that import a package though they must not. */
  function strays(isPackage: (name: string) => boolean, allowed: (file: string) => boolean): string[] {
    return offenders(
      (file) => !allowed(file),
      (each) => !(each.isPackage && isPackage(each.target)),
    );
  }
  const named = (...names: string[]) => {
    return (name: string) => names.some((each) => name === each || name.startsWith(`${each}/`));
  };

  it("Node's own stay in the command line and the viewer's server", () => {
    expect(strays(isNode, (file) => isCommandLine(file) || /^viewer\/server[\w-]*\.ts$/.test(file))).toEqual([]);
  });

  it("the physics engine stays in sim/physics*", () => {
    expect(strays(named("@dimforge/rapier3d"), (file) => /^sim\/physics[\w-]*\.ts$/.test(file))).toEqual([]);
  });

  it("TensorFlow.js stays where networks learn, and where its backend is chosen, in Node or the page", () => {
    const device = ["adam", "constants", "gradient", "learner", "losses", "network"].map((part) => `device-${part}`);
    const learning = ["dense-network", "frozen-policy", "tensor-data", "learner", "student-learner", ...device];
    const allowed = [...learning, "cli/backend"].map((name) => `policy/${name}.ts`);
    allowed.push("viewer/bench/bench-worker.ts");
    expect(strays(named("@tensorflow"), (file) => allowed.includes(file))).toEqual([]);
  });

  it("what draws on a page stays in the viewer", () => {
    const drawing = named("three", "urdf-loader", "uplot", "vite");
    expect(strays(drawing, inFolder("viewer"))).toEqual([]);
  });

  it("what a package's own dependencies bring along is not relied upon: all are the project's", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const own = Object.keys({ ...dependencies, ...devDependencies });
    const names = ALL.filter(({ target, isPackage }) => isPackage && !isNode(target)).map(({ target }) => target);
    expect(names.filter((name) => !named(...own)(name))).toEqual([]);
  });
});

describe("a policy at run time", () => {
  /** All that a file loads, directly or not. */
  function loads(file: string, seen = new Set<string>()): Set<string> {
    for (const each of ALL) {
      if (each.file !== file || each.isType || seen.has(each.target)) continue;
      seen.add(each.target);
      if (!each.isPackage) loads(each.target, seen);
    }
    return seen;
  }

  it.each(["policy/inference.ts", "policy/evaluate.ts", "sim/env.ts"])(
    "%s loads neither TensorFlow.js nor Node",
    (file) => {
      const loaded = [...loads(file)];
      expect(loaded.length).toBeGreaterThan(3);
      expect(loaded.filter((target) => target.startsWith("@tensorflow") || isNode(target))).toEqual([]);
    },
  );
});
