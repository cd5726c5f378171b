/** Who may import what: the folders' rules, read off the source text. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize, relative } from "node:path";
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
  /** Started as a thread by `new URL("x", import.meta.url)`, so that it may import what its starter holds. */
  readonly isStarted: boolean;
}

const MAX_FILES_A_ROOM = 26;

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
  return [...withoutComments(text).matchAll(IMPORTS)].map(([statement, type, name]) => {
    const isPackage = !name.startsWith(".");
    const target = isPackage ? name : normalize(join(dirname(file), name)).replace(/\.js$/, ".ts");
    return { file, target, isPackage, isType: type !== undefined, isStarted: statement.startsWith("new URL") };
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
    expect(pairs).toContain("policy/ppo/learner.ts → @tensorflow/tfjs-core");
    expect(pairs).toContain("sim/env.ts → sim/physics/world.ts");
    expect(pairs).toContain("policy/cli/training/worker-pool.ts → node:worker_threads");
    const missing = ALL.filter(({ target, isPackage }) => !isPackage && !existsSync(join(ROOT, target)));
    expect(missing).toEqual([]);
  });
});

/** Rooms in the order in which they may import: each from those before it, and from its own. */
const ROOMS = [
  ["gaits"],
  ["sim/math.ts", "sim/errors.ts", "sim/rng.ts", "sim/container.ts", "sim/config-sections.ts"],
  ["sim/terrain"],
  ["sim/robot"],
  ["sim/physics"],
  ["sim/control"],
  ["sim/task"],
  ["sim/env-config.ts"],
  ["sim/env.ts", "sim/simulated-robots.ts", "sim/episode-log.ts"],
  ["policy/config"],
  ["policy/threads"],
  ["policy/networks"],
  ["policy/ppo", "policy/ppo/device"],
  ["policy/bundle"],
  ["policy/runtime"],
  ["policy/training"],
  ["policy/evaluation/statistics"],
  ["policy/evaluation"],
  ["policy/inspection"],
  ["policy/student"],
  ["policy/export", "policy/export/c", "policy/export/onnx", "policy/export/stock"],
  ["policy/sim2sim"],
  ["policy/browser.ts"],
  ["policy/cli/terminal", "policy/cli/threads"],
  ["policy/cli/files", "policy/cli/task", "policy/cli/init"],
  ["policy/cli/run-folder"],
  ["policy/cli/config"],
  ["policy/cli/training"],
  ["viewer/server"],
  ["viewer/page"],
  ["viewer/recording"],
  ["viewer/scene"],
  ["viewer/panels"],
  ["viewer/training"],
  ["viewer/replay"],
  ["viewer/live"],
  ["viewer/bench"],
  ["viewer"],
  ["policy/cli/mcap", "policy/cli/evaluation", "policy/cli/export", "policy/cli/viewer"],
  ["policy/cli/sim2sim", "policy/cli/sweep", "policy/cli/bench"],
  ["policy/cli/commands"],
  ["policy/cli"],
  ["policy/node.ts", "policy/index.ts"],
];

/** Number of a file's room in that order; -1 for one that no room has. */
function roomOf(file: string): number {
  const own = ROOMS.findIndex((room) => room.includes(file));
  return own >= 0 ? own : ROOMS.findIndex((room) => room.includes(dirname(file)));
}

/** Files that import each other, directly or around, as one line a circle. */
function circles(imports: readonly Import[]): string[] {
  const found = new Set<string>();
  const finished = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) found.add([...way.slice(at)].sort().join(" ↔ "));
    if (at >= 0 || finished.has(file)) return;
    for (const each of imports) if (each.file === file && !each.isPackage) visit(each.target, [...way, file]);
    finished.add(file);
  };
  for (const { file } of imports) visit(file, []);
  return [...found];
}

describe("rooms", () => {
  it("are what every source file is in", () => {
    expect(FILES.filter((file) => roomOf(file) < 0)).toEqual([]);
  });

  it("import from those before them only", () => {
    expect(
      offenders(
        () => true,
        ({ file, target, isPackage, isStarted }) => isPackage || isStarted || roomOf(target) <= roomOf(file),
      ),
    ).toEqual([]);
  });

  it("have at most 26 files each", () => {
    const folders = ["gaits", "sim", "policy", "viewer", "test"].flatMap((top) => [
      top,
      ...readdirSync(join(ROOT, top), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
    ]);
    const filesIn = (folder: string) =>
      readdirSync(join(ROOT, folder), { withFileTypes: true }).filter((entry) => entry.isFile()).length;
    expect(folders.filter((folder) => filesIn(folder) > MAX_FILES_A_ROOM)).toEqual([]);
  });

  it("have no circle of imports", () => {
    const one = [
      { file: "a.ts", target: "b.ts" },
      { file: "b.ts", target: "c.ts" },
      { file: "c.ts", target: "b.ts" },
    ].map((each) => ({ ...each, isPackage: false, isType: false, isStarted: false }));
    expect(circles(one)).toEqual(["b.ts ↔ c.ts"]);
    expect(circles(ALL.filter(({ isStarted }) => !isStarted))).toEqual([]);
  });

  it("of the product import no tests", () => {
    expect(
      offenders(
        () => true,
        ({ target }) => !inFolder("test")(target),
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
    expect(strays(isNode, (file) => isCommandLine(file) || inFolder("viewer/server")(file))).toEqual([]);
  });

  it("the physics engine stays in sim/physics", () => {
    expect(strays(named("@dimforge/rapier3d"), inFolder("sim/physics"))).toEqual([]);
  });

  it("TensorFlow.js stays where networks learn, and where its backend is chosen, in Node or the page", () => {
    const rooms = inFolder("policy/networks", "policy/ppo", "policy/cli/bench");
    const files = ["policy/student/learner.ts", "policy/training/frozen-policy.ts", "policy/cli/training/backend.ts"];
    const allowed = (file: string) => rooms(file) || [...files, "viewer/bench/bench-worker.ts"].includes(file);
    expect(strays(named("@tensorflow"), allowed)).toEqual([]);
  });

  it("what draws on a page stays in the viewer", () => {
    const drawing = named("three", "urdf-loader", "uplot", "vite");
    expect(strays(drawing, inFolder("viewer"))).toEqual([]);
  });

  it("what a package's own dependencies bring along is not relied upon: all are the project's", () => {
    const { name, dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    // Its own name is what tasks of one's own import.
    const own = [name, ...Object.keys({ ...dependencies, ...devDependencies })];
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

  it.each(["policy/runtime/inference.ts", "policy/evaluation/evaluate.ts", "sim/env.ts"])(
    "%s loads neither TensorFlow.js nor Node",
    (file) => {
      const loaded = [...loads(file)];
      expect(loaded.length).toBeGreaterThan(3);
      expect(loaded.filter((target) => target.startsWith("@tensorflow") || isNode(target))).toEqual([]);
    },
  );
});
