import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { readCSources } from "../../../../policy/cli/export/c-sources.js";
import { packageRoot } from "../../../../policy/cli/files/package-root.js";

describe("the sources in C", () => {
  it("are there, and ship with the package", () => {
    const names = [...readCSources().keys()];
    expect(names).toEqual(expect.arrayContaining(["gaitway.h", "gaitway.c", "safety.c", "main.c", "check_golden.c"]));
    const packed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: packageRoot(),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }];
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(names.map((name) => `policy/export/c/${name}`)),
    );
  });
});
