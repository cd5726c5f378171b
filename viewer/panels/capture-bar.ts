/** Buttons that save what a 3D view shows: one for a picture, one that starts and stops a video. */

import { byId } from "../page/dom.js";
import { type Drawing, download, takePicture, VideoRecording, videoType } from "../scene/canvas-capture.js";

export class CaptureBar {
  private readonly record: HTMLButtonElement;
  private recording: VideoRecording | null = null;

  /**
   * @param host where the buttons are put
   * @param fileName of what is shown, without extension
   */
  constructor(
    host: HTMLElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly drawing: Drawing,
    private readonly fileName: () => string,
  ) {
    host.append(byId("capture-buttons", HTMLTemplateElement).content.cloneNode(true));
    const [picture, record] = host.querySelectorAll<HTMLButtonElement>("button");
    this.record = record;
    picture.addEventListener("click", async () => {
      const name = this.fileName();
      download(await takePicture(canvas, drawing), `${name}.png`);
    });
    const type = videoType();
    record.disabled = type === null;
    if (type !== null) record.addEventListener("click", () => this.toggle(type));
    this.showState(type === null ? "This browser cannot record videos" : "Record video");
  }

  private async toggle(type: string): Promise<void> {
    const { recording } = this;
    this.recording = recording ? null : new VideoRecording(this.canvas, this.drawing, type);
    this.showState(recording ? "Record video" : "Stop recording");
    if (!recording) return;
    const extension = type.startsWith("video/webm") ? "webm" : "mp4";
    download(await recording.stop(), `${this.fileName()}.${extension}`);
  }

  private showState(label: string): void {
    this.record.title = label;
    this.record.setAttribute("aria-label", label);
    this.record.classList.toggle("is-recording", this.recording !== null);
  }
}
