/** A box as mesh files, around the origin. */

import type { MeshFormat } from "../../sim/robot/urdf-meshes.js";

type Point = readonly [number, number, number];

/** Corners by bits: x, y, z. */
const CORNERS = Array.from({ length: 8 }, (_, i): Point => [i & 1, (i >> 1) & 1, i >> 2]);
/** Each face as two triangles that turn left as seen from outside. */
const TRIANGLES = [
  [0, 2, 3, 1],
  [4, 5, 7, 6],
  [0, 1, 5, 4],
  [2, 6, 7, 3],
  [0, 4, 6, 2],
  [1, 3, 7, 5],
].flatMap(([a, b, c, d]) => [
  [a, b, c],
  [a, c, d],
]);

/** The text of a file of this format. @param size of the box, m */
export function boxMesh(format: MeshFormat, size: Point): string {
  const corners = CORNERS.map((corner) => corner.map((bit, k) => (bit - 0.5) * size[k]));
  return { stl, obj, dae }[format](corners);
}

function stl(corners: readonly number[][]): string {
  const facets = TRIANGLES.map((triangle) => {
    const [a, b, c] = triangle.map((corner) => corners[corner]);
    const [u, v] = [b, c].map((point) => point.map((value, k) => value - a[k]));
    const normal = [0, 1, 2].map((k) => u[(k + 1) % 3] * v[(k + 2) % 3] - u[(k + 2) % 3] * v[(k + 1) % 3]);
    const vertices = [a, b, c].map((point) => `vertex ${point.join(" ")}`);
    return `facet normal ${normal.join(" ")}\nouter loop\n${vertices.join("\n")}\nendloop\nendfacet`;
  });
  return `solid box\n${facets.join("\n")}\nendsolid box\n`;
}

function obj(corners: readonly number[][]): string {
  const vertices = corners.map((corner) => `v ${corner.join(" ")}`);
  return [...vertices, ...TRIANGLES.map((triangle) => `f ${triangle.map((i) => i + 1).join(" ")}`), ""].join("\n");
}

/** With a texture, a camera and a light, as modelling programs export them. */
function dae(corners: readonly number[][]): string {
  return `<?xml version="1.0"?>
<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
  <asset><unit meter="1"/><up_axis>Z_UP</up_axis></asset>
  <library_cameras><camera id="camera"><optics><technique_common><perspective><xfov>40</xfov><aspect_ratio>1</aspect_ratio>
    <znear>0.1</znear><zfar>10</zfar></perspective></technique_common></optics></camera></library_cameras>
  <library_lights><light id="lamp"><technique_common><point><color>1 1 1</color></point></technique_common></light></library_lights>
  <library_images><image id="skin"><init_from>skin.png</init_from></image></library_images>
  <library_effects><effect id="effect"><profile_COMMON>
    <newparam sid="surface"><surface type="2D"><init_from>skin</init_from></surface></newparam>
    <newparam sid="sampler"><sampler2D><source>surface</source></sampler2D></newparam>
    <technique sid="common"><lambert><diffuse><texture texture="sampler" texcoord="UVMap"/></diffuse></lambert></technique>
  </profile_COMMON></effect></library_effects>
  <library_materials><material id="material"><instance_effect url="#effect"/></material></library_materials>
  <library_geometries><geometry id="box"><mesh>
    <source id="points"><float_array id="values" count="24">${corners.flat().join(" ")}</float_array><technique_common>
      <accessor source="#values" count="8" stride="3"><param name="X" type="float"/><param name="Y" type="float"/>
      <param name="Z" type="float"/></accessor></technique_common></source>
    <vertices id="vertices"><input semantic="POSITION" source="#points"/></vertices>
    <triangles material="slot" count="12"><input semantic="VERTEX" source="#vertices" offset="0"/>
      <p>${TRIANGLES.flat().join(" ")}</p></triangles>
  </mesh></geometry></library_geometries>
  <library_visual_scenes><visual_scene id="scene">
    <node><instance_camera url="#camera"/></node><node><instance_light url="#lamp"/></node>
    <node><instance_geometry url="#box"><bind_material><technique_common>
      <instance_material symbol="slot" target="#material"/></technique_common></bind_material></instance_geometry></node>
  </visual_scene></library_visual_scenes>
  <scene><instance_visual_scene url="#scene"/></scene>
</COLLADA>
`;
}
