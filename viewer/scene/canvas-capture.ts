/** Pictures and videos of a canvas that WebGL draws on, which keeps its picture only until the browser has shown it. */

/** Enough for the fine lines of rough ground. */
export const VIDEO_BITS_PER_S = 8e6;
const FEWEST_FRAMES = 5;
/** The best first. Safari before 18.4 has MP4 only. */
const VIDEO_TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];

/** What draws on a canvas when something on it has changed. */
export interface Drawing {
  /** Has the next `render` draw even if nothing has changed. */
  invalidate(): void;
  render(): void;
}

/** The canvas as it is now, as PNG. */
export function takePicture(canvas: HTMLCanvasElement, drawing: Drawing): Promise<Blob> {
  drawing.invalidate();
  drawing.render();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser gave no picture."))), "image/png");
  });
}

/** The type of video that this browser can record, or null if it can record none. */
export function videoType(): string | null {
  if (typeof MediaRecorder === "undefined") return null;
  return VIDEO_TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/** Records what a canvas shows from its making on, in real time. */
export class VideoRecording {
  private readonly recorder: MediaRecorder;
  private readonly track: CanvasCaptureMediaStreamTrack;
  private readonly parts: Blob[] = [];
  private frame = 0;

  /** @param type what `videoType` gave */
  constructor(
    canvas: HTMLCanvasElement,
    private readonly drawing: Drawing,
    private readonly type: string,
  ) {
    drawing.invalidate();
    // Frames on request only: one that the browser takes of its own accord may be of a canvas that it has cleared, black.
    const stream = canvas.captureStream(0);
    this.track = stream.getVideoTracks()[0] as CanvasCaptureMediaStreamTrack;
    this.recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: VIDEO_BITS_PER_S });
    this.recorder.addEventListener("dataavailable", ({ data }) => this.parts.push(data));
    this.recorder.start();
    this.takeFrame();
  }

  /** Ends it, after a few frames at least: without any, it would be no video. */
  async stop(): Promise<Blob> {
    while (this.frame < FEWEST_FRAMES) await new Promise(requestAnimationFrame);
    const stopped = new Promise((resolve) => this.recorder.addEventListener("stop", resolve));
    this.recorder.stop();
    await stopped;
    for (const track of this.recorder.stream.getTracks()) track.stop();
    return new Blob(this.parts, { type: this.type });
  }

  /** Of what is drawn now, and again at the page's next. A paused replay draws nothing by itself. */
  private takeFrame(): void {
    this.drawing.render();
    this.track.requestFrame();
    this.drawing.invalidate();
    this.frame++;
    window.requestAnimationFrame(() => {
      if (this.recorder.state === "recording") this.takeFrame();
    });
  }
}

/** Offers a file as a download. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Browsers have begun to read it by then.
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
