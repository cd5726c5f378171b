/** The page that `gaitway render` opens in a browser without a window: an episode's 3D view, drawn when it says so. */

import "./page/zod-without-eval.js";
import { BufferTarget, CanvasSource, Output, WebMOutputFormat } from "mediabunny";
import type { EpisodeLog } from "../sim/episode-log.js";
import { byId } from "./page/dom.js";
import { readTheme } from "./page/theme.js";
import { loadEpisode, loadRobot } from "./recording/load-run.js";
import { ReplayView } from "./replay/replay-view.js";
import { takePicture, VIDEO_BITS_PER_S } from "./scene/canvas-capture.js";
import { createPose, interpolatePose } from "./scene/pose.js";

declare global {
  interface Window {
    /** Opens an episode, for `gaitway render`. */
    readonly gaitwayFilm: (run: string, episode: string) => Promise<Film>;
  }
}

export class Film {
  private readonly pose = createPose();
  private readonly target = new BufferTarget();
  private readonly output = new Output({ format: new WebMOutputFormat(), target: this.target });
  private readonly source: CanvasSource;
  private frames = 0;

  static async open(run: string, episode: string): Promise<Film> {
    const canvas = byId("scene", HTMLCanvasElement);
    const view = new ReplayView(canvas, readTheme());
    const [robot, log] = await Promise.all([loadRobot(run), loadEpisode({ run, episode })]);
    view.showEpisode({ log, robot });
    return new Film(canvas, view, log);
  }

  private constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly view: ReplayView,
    private readonly log: EpisodeLog,
  ) {
    // VP9 files are half as large, but take five times as long to encode.
    this.source = new CanvasSource(canvas, { codec: "vp8", bitrate: VIDEO_BITS_PER_S });
    this.output.addVideoTrack(this.source);
    this.draw(0); // the camera goes along from here
  }

  /** The moment `timeS` as PNG, in base64. */
  async picture(timeS: number): Promise<string> {
    this.draw(timeS);
    return base64Of(await takePicture(this.canvas, this.view));
  }

  /** Adds the next `count` frames to the video. However long they take to draw, each lasts one `framesPerS`th. */
  async addFrames(count: number, framesPerS: number): Promise<void> {
    if (this.frames === 0) await this.output.start();
    for (let i = 0; i < count; i++) {
      const timeS = this.frames++ / framesPerS;
      this.draw(timeS);
      await this.source.add(timeS, 1 / framesPerS);
    }
  }

  /** Ends the video: a WebM file, in base64. */
  async finish(): Promise<string> {
    await this.output.finalize();
    return base64Of(new Blob([this.target.buffer!]));
  }

  private draw(timeS: number): void {
    interpolatePose(this.pose, this.log, timeS);
    this.view.apply(timeS, this.pose, null);
    this.view.render();
  }
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^.*?,/, ""));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

Object.defineProperty(window, "gaitwayFilm", { value: Film.open });
