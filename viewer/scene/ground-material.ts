/** How the ground looks: a 1 m grid, finer lines between (contours of 1 cm where it is rough), fading at its edge. */

import { Color, type IUniform, MeshStandardMaterial, Vector2 } from "three";
import type { Theme } from "../page/theme.js";

const VERTEX_HEAD = `
attribute float slippery;
varying float vSlippery;
#ifdef FADE_BY_VERTEX
attribute float fade;
varying float vFade;
#endif
varying vec3 vGround;
`;

const VERTEX_BODY = `
#ifdef FADE_BY_VERTEX
vFade = fade;
#endif
vSlippery = slippery;
vGround = (modelMatrix * vec4(position, 1.0)).xyz;
`;

const FRAGMENT_HEAD = `
varying float vSlippery;
#ifdef FADE_BY_VERTEX
varying float vFade;
#endif
uniform vec2 focusM;
uniform vec2 fadeM;
varying vec3 vGround;
uniform vec3 groundLow, groundMid, groundHigh, groundLine;
uniform float reliefM;

// 1 on the lines x = k · step, one pixel wide; fades where lines would be closer than a few pixels.
float lines(float x, float step) {
  float position = x / step;
  float perPixel = max(fwidth(position), 1e-6);
  float distance = abs(fract(position - 0.5) - 0.5) / perPixel;
  return (1.0 - smoothstep(0.3, 1.1, distance)) * (1.0 - smoothstep(0.08, 0.3, perPixel));
}
`;

// `vGround` is the place in the world, m.
const FRAGMENT_COLOR = `
float height = reliefM > 0.0 ? clamp(vGround.z / reliefM, -1.0, 1.0) : 0.0;
diffuseColor.rgb = height < 0.0 ? mix(groundMid, groundLow, -height) : mix(groundMid, groundHigh, height);
diffuseColor.rgb = mix(diffuseColor.rgb, groundLow, vSlippery);
float grid = max(lines(vGround.x, 1.0), lines(vGround.y, 1.0));
// Level treads and stones would be speckled by rounding errors where their height is that of a contour.
float contours = lines(vGround.z, 0.01) * smoothstep(2e-6, 1e-5, fwidth(vGround.z));
float fine = reliefM > 0.0 ? contours : max(lines(vGround.x, 0.25), lines(vGround.y, 0.25));
float ink = max(grid * 0.75, fine * (reliefM > 0.0 ? 0.45 : 0.3));
diffuseColor.rgb = mix(diffuseColor.rgb, groundLine, ink);
#ifdef FADE_BY_VERTEX
diffuseColor.a *= vFade;
#else
diffuseColor.a *= 1.0 - smoothstep(fadeM.x, fadeM.y, distance(vGround.xy, focusM));
#endif
`;

type GroundUniforms = Record<"groundLow" | "groundMid" | "groundHigh" | "groundLine", IUniform<Color>> & {
  reliefM: IUniform<number>;
  focusM: IUniform<Vector2>;
  fadeM: IUniform<Vector2>;
};

/** Place of ground in the order of drawing: before all else that is transparent, which it would cover where its origin is nearer. */
export const UNDER_ALL = -1;

/**
 * A material for meshes with an attribute `slippery` (1 = no friction, in the colour of low ground), for ground that ends
 * somewhere: either each vertex says how opaque it is (an attribute `fade`, 1 = opaque), or the ground fades around a point that
 * may move. `reliefM` is the height that gets the full colour.
 */
export class GroundMaterial extends MeshStandardMaterial {
  private readonly ground: GroundUniforms = {
    groundLow: { value: new Color() },
    groundMid: { value: new Color() },
    groundHigh: { value: new Color() },
    groundLine: { value: new Color() },
    reliefM: { value: 0 },
    focusM: { value: new Vector2() },
    fadeM: { value: new Vector2() },
  };

  /** @param fadeM distances from the focus at which fading begins and ends, m; without them the vertices say */
  constructor(fadeM?: readonly [number, number]) {
    super({ roughness: 1, transparent: true });
    if (fadeM) this.ground.fadeM.value.set(...fadeM);
    else this.defines = { ...this.defines, FADE_BY_VERTEX: "" };
    this.onBeforeCompile = (shader) => {
      Object.assign(shader.uniforms, this.ground);
      shader.vertexShader = `${VERTEX_HEAD}${shader.vertexShader}`.replace(
        "#include <begin_vertex>",
        `#include <begin_vertex>\n${VERTEX_BODY}`,
      );
      shader.fragmentShader = `${FRAGMENT_HEAD}${shader.fragmentShader}`.replace(
        "#include <color_fragment>",
        `#include <color_fragment>\n${FRAGMENT_COLOR}`,
      );
    };
  }

  setTheme(theme: Theme): void {
    this.ground.groundLow.value.set(theme.groundLow);
    this.ground.groundMid.value.set(theme.ground);
    this.ground.groundHigh.value.set(theme.groundHigh);
    this.ground.groundLine.value.set(theme.groundLine);
  }

  /** Where the ground is opaque, if it fades around a point. */
  setFocus(x: number, y: number): void {
    this.ground.focusM.value.set(x, y);
  }

  setRelief(reliefM: number): void {
    this.ground.reliefM.value = reliefM;
  }
}
