/** Makes `npx gaitway` run this checkout's build: npm links the commands of dependencies, but not a project's own. */

import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./files/package-root.js";

const folder = join(packageRoot(), "node_modules", ".bin");
const main = join("..", "..", "dist", "policy", "cli", "main.js");

mkdirSync(folder, { recursive: true });
if (process.platform === "win32") {
  writeFileSync(join(folder, "gaitway.cmd"), `@node "%~dp0\\${main}" %*\r\n`);
} else {
  chmodSync(join(folder, main), 0o755);
  rmSync(join(folder, "gaitway"), { force: true });
  symlinkSync(main, join(folder, "gaitway"));
}
