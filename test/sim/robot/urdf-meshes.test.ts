import { describe, expect, it } from "vitest";
import { InputError } from "../../../sim/errors.js";
import { meshFilesOf, meshFormatOf } from "../../../sim/robot/urdf-meshes.js";
import { a1Urdf } from "../../support/a1.js";

const geometry = (path: string) => `<geometry><mesh filename="${path}" scale="1 1 1"/></geometry>`;
const visual = (path: string) => `<visual>${geometry(path)}</visual>`;

describe("the meshes of a URDF", () => {
  it("are those that are there to be seen, each once, under names that lead nowhere", () => {
    const urdf = `<robot name="r">
      <link name="a">${visual("package://dog/meshes/trunk.STL")}<collision>${geometry("hull.stl")}</collision></link>
      <link name="b">${visual("../meshes/hind leg.dae")}${visual("package://dog/meshes/trunk.STL")}</link>
      <link name="c">${visual("..\\\\..\\\\evil.obj")}${visual("a/..")}<visual><geometry><box size="1 1 1"/></geometry></visual></link>
    </robot>`;
    expect(meshFilesOf(urdf, "r.urdf")).toEqual([
      { path: "package://dog/meshes/trunk.STL", file: "0-trunk.STL" },
      { path: "../meshes/hind leg.dae", file: "1-hind_leg.dae" },
      { path: "..\\\\..\\\\evil.obj", file: "2-evil.obj" },
      { path: "a/..", file: "3-.." },
    ]);
    expect(meshFilesOf(a1Urdf, "a1.urdf")).toEqual([]);
    expect(() => meshFilesOf("<robot", "r.urdf")).toThrow(InputError);
  });

  it("have a format by their names", () => {
    expect(["a.STL", "a.dae", "b.obj", "a.stl.gz", "stl"].map(meshFormatOf)).toEqual([
      "stl",
      "dae",
      "obj",
      ...[null, null],
    ]);
  });
});
