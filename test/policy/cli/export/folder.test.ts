import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkExportFolder, writeFolder } from "../../../../policy/cli/export/folder.js";
import { encodeManifest } from "../../../../policy/cli/export/manifest.js";
import { InputError } from "../../../../sim/errors.js";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "gaitway-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

const accept = async () => undefined;
const refuse = async () => {
  throw new InputError("policy.onnx: differs");
};

function everyFile(): Record<string, string> {
  const entries = readdirSync(parent, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((file) => join(file.parentPath, file.name));
  return Object.fromEntries(paths.map((path) => [path.slice(parent.length + 1), readFileSync(path, "utf8")]));
}

describe("writeFolder", () => {
  it("writes files into their folders, which the check sees before they get their place", async () => {
    const folder = join(parent, "robot");
    let seen = "";
    await writeFolder(folder, new Map([["onnx/deep/a.txt", "a"]]), async (written) => {
      seen = readFileSync(join(written, "onnx", "deep", "a.txt"), "utf8");
      expect(existsSync(folder)).toBe(false);
    });
    expect(seen).toBe("a");
    expect(everyFile()).toEqual({ "robot/onnx/deep/a.txt": "a" });
  });

  it("leaves nothing behind where the check fails, not even the folders around it", async () => {
    const files = new Map([["onnx/a.txt", "a"]]);
    await expect(writeFolder(join(parent, "deep", "down", "robot"), files, refuse)).rejects.toThrow(
      "policy.onnx: differs",
    );
    expect(readdirSync(parent)).toEqual([]);
  });

  it("replaces an old folder as a whole", async () => {
    const folder = join(parent, "robot");
    await writeFolder(folder, new Map([["old.txt", "old"]]), accept);
    await writeFolder(folder, new Map([["new.txt", "new"]]), accept);
    expect(everyFile()).toEqual({ "robot/new.txt": "new" });
    expect(readdirSync(parent)).toEqual(["robot"]);
  });

  it("leaves an old folder whole where the check of the new one fails", async () => {
    const folder = join(parent, "robot");
    await writeFolder(folder, new Map([["a.txt", "old"]]), accept);
    await expect(writeFolder(folder, new Map([["a.txt", "new"]]), refuse)).rejects.toThrow(InputError);
    expect(everyFile()).toEqual({ "robot/a.txt": "old" });
    expect(readdirSync(parent)).toEqual(["robot"]);
  });
});

describe("checkExportFolder", () => {
  it("lets new and empty folders be written, and with force earlier exports, nothing else", () => {
    const folder = join(parent, "robot");
    const expectRefusal = (force: boolean, why: string) =>
      expect(() => checkExportFolder(folder, force)).toThrow(`--out: ${folder} ${why}`);
    checkExportFolder(folder, false);
    mkdirSync(folder);
    checkExportFolder(folder, false);
    writeFileSync(join(folder, "manifest.json"), '{"name": "Site"}');
    expectRefusal(true, "is not empty, and no earlier export: choose another folder");
    const manifest = encodeManifest({ gaitway: "1.2.3", robot: "a1", formats: ["c"] }, new Map());
    writeFileSync(join(folder, "manifest.json"), manifest);
    expectRefusal(false, "exists: choose another folder, or --force to replace it");
    checkExportFolder(folder, true);
  });
});
