import { BoxGeometry, type BufferGeometry, Group, Mesh, MeshStandardMaterial, Triangle, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { type LinkShapes, mergeShapes } from "../../../viewer/scene/merged-shapes.js";

type Shape = LinkShapes["meshes"][number];

function box(material: Shape["material"], change: (mesh: Mesh) => void = () => {}): Shape {
  const mesh: Shape = new Mesh(new BoxGeometry(1, 1, 1) as BufferGeometry, material);
  change(mesh);
  return mesh;
}

/** A link at a place, with shapes. */
function linkAt(x: number, meshes: readonly Shape[]): LinkShapes {
  const link = new Group();
  link.position.x = x;
  return { link, meshes };
}

const red = new MeshStandardMaterial({ color: 0xff0000 });
const blue = new MeshStandardMaterial({ color: 0x0000ff });

describe("merged shapes", () => {
  it("are one mesh where materials differ in colour only", () => {
    const glass = new MeshStandardMaterial({ transparent: true, opacity: 0.5 });
    const links = [linkAt(0, [box(red), box(blue)]), linkAt(5, [box(glass)])];
    const merged = mergeShapes(links);
    expect(merged.map(({ geometry }) => geometry.getIndex()!.count)).toEqual([72, 36]);
    const colors = merged[0].geometry.getAttribute("color");
    expect([colors.getX(0), colors.getZ(0), colors.getX(24), colors.getZ(24)]).toEqual([1, 0, 0, 1]);
  });

  it("stay with their link wherever that goes", () => {
    const links = [linkAt(0, [box(red)]), linkAt(5, [box(red, ({ position }) => position.set(0, 2, 0))])];
    const scene = new Group();
    const [merged] = mergeShapes(links);
    scene.add(merged, ...links.map(({ link }) => link));
    links[1].link.rotation.z = Math.PI / 2;
    scene.updateMatrixWorld(true);
    merged.skeleton.update();
    merged.computeBoundingBox();
    // The second link's box is 2 m to its left, which is now against x.
    expect(merged.boundingBox!.max.toArray().map((each) => Number(each.toFixed(6)))).toEqual([3.5, 0.5, 0.5]);
  });

  it("show their outer side where a mirrored mesh is one of them", () => {
    const [{ geometry }] = mergeShapes([linkAt(0, [box(red, ({ scale }) => scale.set(1, -1, 1))])]);
    const position = geometry.getAttribute("position");
    const corners = [...geometry.getIndex()!.array].map((i) => new Vector3().fromBufferAttribute(position, i));
    for (let i = 0; i < corners.length; i += 3) {
      const triangle = new Triangle(...(corners.slice(i, i + 3) as [Vector3, Vector3, Vector3]));
      expect(triangle.getNormal(new Vector3()).dot(triangle.getMidpoint(new Vector3()))).toBeGreaterThan(0);
    }
  });

  it("have a mesh's colours by its groups", () => {
    const [{ geometry }] = mergeShapes([linkAt(0, [box([red, blue, red, blue, red, blue])])]);
    const colors = geometry.getAttribute("color");
    const ofFaces = [0, 1, 2, 3, 4, 5].map((face) => colors.getX(geometry.getIndex()!.getX(6 * face)));
    expect(ofFaces).toEqual([1, 0, 1, 0, 1, 0]);
    expect(colors.count).toBe(24); // and no vertex twice
  });
});
