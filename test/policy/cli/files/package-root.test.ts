import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { assetPath, packageRoot, packageVersion } from "../../../../policy/cli/files/package-root.js";

const checkout = fileURLToPath(new URL("../../../..", import.meta.url));

describe("package root", () => {
  it("is the folder with package.json", () => {
    expect(join(packageRoot(), "/")).toBe(join(checkout, "/"));
    expect(packageVersion()).toBe(JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")).version);
  });

  it("leads to the files that ship with the code", () => {
    expect(assetPath("sim/robots/a1.urdf")).toBe(join(checkout, "sim/robots/a1.urdf"));
    expect(existsSync(assetPath("sim/errors.ts"))).toBe(true);
  });
});
