import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import { TASK_NAMES } from "../../config/tasks.js";
import { makeFolders, makeNewFolder, writeFileAtomic } from "../files/atomic-file.js";
import { packageRoot, packageVersion } from "../files/package-root.js";
import { projectFiles } from "../init/template.js";

interface InitArguments {
  folder: string;
}

export const initCommand: CommandModule<object, InitArguments> = {
  command: "init <folder>",
  describe: "Write a folder with a task of your own to begin with",
  builder: (yargs) =>
    yargs
      .positional("folder", { type: "string", demandOption: true, describe: "New folder; its name is the task's" })
      .example("$0 init my-dog", "Then: cd my-dog, npm install, npx gaitway train --task ./task.ts"),
  handler: ({ folder }) => {
    const path = resolve(folder);
    const name = basename(path);
    if (!/^[a-z][a-z0-9-]*$/.test(name) || TASK_NAMES.includes(name)) {
      throw new InputError(
        `${folder}: got ${name}, expected lower-case letters, digits and hyphens, and no task's name`,
      );
    }
    if (existsSync(path)) throw new InputError(`${folder}: is there already; expected the name of a new folder`);
    makeFolders(dirname(path));
    makeNewFolder(path);
    for (const [file, text] of projectFiles(name, ownSource(path))) writeFileAtomic(join(path, file), text);
    process.stdout.write(
      `Wrote ${folder}. Next:\n  cd ${folder}\n  npm install\n  npx gaitway train --task ./task.ts\n  npx gaitway view\n`,
    );
  },
};

/** Where npm finds the Gaitway that writes the folder again: the registry, the archive that it came from, or a checkout. */
function ownSource(folder: string): string {
  const root = packageRoot();
  const toFolder = (path: string) => `file:${relative(folder, path)}`;
  if (existsSync(join(root, "tsconfig.json"))) return toFolder(root);
  const lock = join(root, "..", ".package-lock.json");
  const resolved: unknown = existsSync(lock)
    ? JSON.parse(readFileSync(lock, "utf8")).packages?.["node_modules/gaitway"]?.resolved
    : undefined;
  if (typeof resolved !== "string" || !resolved.startsWith("file:")) return `^${packageVersion()}`;
  // npm has it as seen from the project that node_modules lies in.
  return toFolder(resolve(root, "..", "..", resolved.slice("file:".length)));
}
