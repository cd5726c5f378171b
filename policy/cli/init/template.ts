/** The files of a folder with a task of one's own to begin with. */

/** @param name of the folder, the package and the task; @param gaitway its version or place, as npm takes it */
export function projectFiles(name: string, gaitway: string): ReadonlyMap<string, string> {
  return new Map([
    ["package.json", packageJson(name, gaitway)],
    ["tsconfig.json", TSCONFIG],
    ["task.ts", task(name)],
    [".gitignore", "node_modules\nruns/\n"],
  ]);
}

function packageJson(name: string, gaitway: string): string {
  const scripts = { train: "gaitway train --task ./task.ts", view: "gaitway view" };
  const fields = { name, private: true, type: "module", scripts, dependencies: { gaitway } };
  return `${JSON.stringify(fields, null, 2)}\n`;
}

const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      ...{ target: "ES2022", module: "NodeNext", moduleResolution: "NodeNext", strict: true },
      ...{ noEmit: true, skipLibCheck: true },
    },
    include: ["*.ts"],
  },
  null,
  2,
)}\n`;

const task = (name: string) => `import { defineTask, rewardTerm, trot } from "gaitway";

/** A trot that keeps its trunk still: change what you like, and train it again. */
export default defineTask({
  name: ${JSON.stringify(name)},
  base: trot,
  config: {
    env: {
      command: { vxMPerS: [-0.3, 1] },
      reward: { rocking: -0.2 },
    },
  },
  rewards: {
    rocking: rewardTerm({
      says: "(rad/s of roll)^2",
      of: ({ state }, robot) => state.baseAngularVelocity[3 * robot] ** 2,
    }),
  },
});
`;
