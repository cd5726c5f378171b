/** Reads mesh files: STL, COLLADA and OBJ. */

import { Camera, Light, type Material, Mesh, type MeshPhongMaterial, MeshStandardMaterial, type Object3D } from "three";
import { ColladaLoader } from "three/examples/jsm/loaders/ColladaLoader.js";
import { OBJLoader } from "three/examples/jsm/loaders/OBJLoader.js";
import { STLLoader } from "three/examples/jsm/loaders/STLLoader.js";
import { type MeshFormat, meshFormatOf } from "../../sim/robot/urdf-meshes.js";

/** Contents by the path in the URDF. */
export type MeshContents = ReadonlyMap<string, ArrayBuffer>;

const READERS: Readonly<Record<MeshFormat, (contents: ArrayBuffer, material: Material) => Object3D>> = {
  stl: (contents, material) => new Mesh(new STLLoader().parse(contents), material),
  obj: (contents, material) => {
    const object = new OBJLoader().parse(new TextDecoder().decode(contents));
    for (const mesh of meshesIn(object)) mesh.material = material;
    return object;
  },
  dae: (contents) => readCollada(new TextDecoder().decode(contents)),
};

/** What a file holds, or null where that cannot be read. @param material where the file has none of its own */
export function readMesh(path: string, contents: ArrayBuffer, material: Material): Object3D | null {
  const format = meshFormatOf(path);
  try {
    const object = format && READERS[format](contents, material);
    return object && meshesIn(object).some(({ geometry }) => geometry.getAttribute("position")?.count > 0)
      ? object
      : null;
  } catch {
    return null; // loaders throw all sorts of errors at damaged files
  }
}

export function meshesIn(object: Object3D): Mesh[] {
  const meshes: Mesh[] = [];
  object.traverse((part) => {
    if (part instanceof Mesh) meshes.push(part);
  });
  return meshes;
}

/** Without what belongs to the scene that it was exported from, and without textures, which are files of their own. */
function readCollada(text: string): Object3D {
  const plain = text
    .replace(/<texture\b[^>]*?(\/>|>[\s\S]*?<\/texture>)/g, "")
    .replace(/<up_axis>[^<]*<\/up_axis>/, ""); // in URDFs, the axes of meshes are their links', whatever they say is up
  const { scene } = new ColladaLoader().parse(plain, "")!;
  const strange: Object3D[] = [];
  scene.traverse((part) => {
    if (part instanceof Light || part instanceof Camera) strange.push(part);
  });
  for (const part of strange) part.removeFromParent();
  for (const mesh of meshesIn(scene)) {
    const materials = [mesh.material].flat().map((each) => standardMaterial(each as MeshPhongMaterial));
    mesh.material = materials.length === 1 ? materials[0] : materials;
  }
  return scene;
}

function standardMaterial({ color, opacity, transparent, side }: MeshPhongMaterial): MeshStandardMaterial {
  return new MeshStandardMaterial({ color, opacity, transparent, side, roughness: 0.45 });
}
