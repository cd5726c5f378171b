/** What explains the robot's motion is drawn with: instances glow a little in colours of their own, whatever light falls on them. */

import { MeshStandardMaterial, type MeshStandardMaterialParameters } from "three";

/** Light that a surface gives of its own, as a share of its colour. */
const GLOW = 0.35;

/** Transparent even where it is not, so that all share one program: each takes a browser a moment at the start. */
export function glowingMaterial(parameters: MeshStandardMaterialParameters = {}): MeshStandardMaterial {
  const material = new MeshStandardMaterial({ roughness: 0.5, transparent: true, ...parameters });
  // three.js knows no emission in the colours of instances.
  material.onBeforeCompile = (shader) => {
    shader.fragmentShader = shader.fragmentShader.replace(
      "#include <emissivemap_fragment>",
      `totalEmissiveRadiance += ${GLOW} * vColor.rgb;`,
    );
  };
  return material;
}
