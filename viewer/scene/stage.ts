/** The empty 3D stage: renderer, lights, shadows, background. World axes are the data's: x forward, y left, z up. */

import {
  Color,
  DirectionalLight,
  Fog,
  HemisphereLight,
  PerspectiveCamera,
  Scene,
  Vector2,
  type Vector3,
  WebGLRenderer,
} from "three";
import type { Theme } from "../page/theme.js";

/** Half the side of the square that casts shadows, m: about four robots wide. */
const SHADOW_REACH_M = 1.2;
const SHADOW_TEXELS = 1024;
/** Sharper than this costs phones more than it shows. */
const MAX_PIXEL_RATIO = 2;

/** A part of the canvas, CSS pixels from its lower left. */
export interface Pane {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The page's explanation when the browser cannot draw. */
export class NoWebGlError extends Error {
  override name = "NoWebGlError";
}

export class Stage {
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(38, 1, 0.05, 60);
  private readonly renderer: WebGLRenderer;
  private readonly sun = new DirectionalLight(0xffffff, 1.75);
  /** Of the canvas, CSS pixels. */
  readonly size = new Vector2();
  /** The canvas may have another size than that. To ask for it at each frame would have the browser lay out the page. */
  private sizeIsOld = true;
  private readonly fog = new Fog(0xffffff, 7, 18);

  constructor(readonly canvas: HTMLCanvasElement) {
    this.renderer = createRenderer(canvas);
    new ResizeObserver(() => {
      this.sizeIsOld = true;
    }).observe(canvas);
    this.camera.up.set(0, 0, 1);
    this.scene.fog = this.fog;
    const rim = new DirectionalLight(0xffffff, 0.6); // keeps the shape of what is dark and turned away
    rim.position.set(-2, 2, 1.5);
    this.scene.add(new HemisphereLight(0xffffff, 0xa8a29a, 1.3), rim, this.sun, this.sun.target);
    this.sun.castShadow = true;
    this.sun.shadow.mapSize.set(SHADOW_TEXELS, SHADOW_TEXELS);
    this.sun.shadow.radius = 3;
    this.sun.shadow.normalBias = 0.01;
    const reach = this.sun.shadow.camera;
    reach.left = reach.bottom = -SHADOW_REACH_M;
    reach.right = reach.top = SHADOW_REACH_M;
    reach.near = 0.5;
    reach.far = 8;
  }

  setTheme(theme: Theme): void {
    this.scene.background = new Color(theme.sky);
    this.fog.color.set(theme.sky);
  }

  /** Keeps the light's shadow on what is at `focus`. */
  lightUp(focus: Vector3): void {
    this.sun.target.position.copy(focus);
    this.sun.position.set(focus.x + 1.2, focus.y - 0.9, focus.z + 3.2);
  }

  /** Fits the drawing to the canvas's size on the page; true when that has changed. */
  resize(): boolean {
    const ratio = Math.min(window.devicePixelRatio, MAX_PIXEL_RATIO);
    if (!this.sizeIsOld && this.renderer.getPixelRatio() === ratio) return false;
    this.sizeIsOld = false;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const fits = this.size.x === width && this.size.y === height && this.renderer.getPixelRatio() === ratio;
    if (fits || width === 0 || height === 0) return false;
    this.size.set(width, height);
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(width, height, false);
    return true;
  }

  /** Has the browser make ready what drawing all of it takes, which would hold up the first picture. */
  compile(): void {
    this.renderer.compile(this.scene, this.camera);
  }

  /** Draws what a camera sees into a part of the canvas; without them, the stage's own into all of it. */
  render(camera = this.camera, pane: Pane = { x: 0, y: 0, width: this.size.x, height: this.size.y }): void {
    const { x, y, width, height } = pane;
    camera.aspect = width / height;
    camera.updateProjectionMatrix();
    this.renderer.setViewport(x, y, width, height);
    this.renderer.setScissor(x, y, width, height);
    this.renderer.setScissorTest(true);
    this.renderer.render(this.scene, camera);
  }
}

function createRenderer(canvas: HTMLCanvasElement): WebGLRenderer {
  // Made here, because three.js writes to the console before it throws; one to try out would take as long as this one.
  const context = canvas.getContext("webgl2", { antialias: true });
  if (!context) throw new NoWebGlError();
  const renderer = new WebGLRenderer({ canvas, context });
  renderer.shadowMap.enabled = true;
  return renderer;
}
