import type { Browser } from "playwright-core";
import type { Picture } from "./browser.js";

export interface DecodedVideo {
  readonly width: number;
  readonly height: number;
  readonly durationS: number;
  /** One for each of the times that were asked for. */
  readonly pictures: readonly Picture[];
}

/** Plays a video in a blank page's <video> and takes pictures at some times, each a share of its length. */
export async function decodeVideo(browser: Browser, video: Buffer, shares: readonly number[]): Promise<DecodedVideo> {
  const page = await browser.newPage();
  const decoded = await page.evaluate(
    async ({ base64, shares }) => {
      const element = document.createElement("video");
      const happens = (event: string) =>
        new Promise((resolve, reject) => {
          element.addEventListener(event, resolve, { once: true });
          element.addEventListener("error", () => reject(new Error(element.error?.message)), { once: true });
        });
      const seekTo = async (timeS: number) => {
        const seeked = happens("seeked");
        element.currentTime = timeS;
        await seeked;
      };
      element.muted = true;
      element.src = `data:video/webm;base64,${base64}`;
      await happens("loadeddata");
      // Recordings do not state their length, which is found by going past their end.
      if (element.duration === Number.POSITIVE_INFINITY) await seekTo(1e9);
      const { duration, videoWidth: width, videoHeight: height } = element;
      const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
      const pictures: string[] = [];
      for (const share of shares) {
        await seekTo(share * duration);
        context.drawImage(element, 0, 0);
        const { data } = context.getImageData(0, 0, width, height);
        let text = "";
        for (let i = 0; i < data.length; i += 4096) text += String.fromCharCode(...data.subarray(i, i + 4096));
        pictures.push(btoa(text));
      }
      return { width, height, durationS: duration, pictures };
    },
    { base64: video.toString("base64"), shares },
  );
  await page.close();
  const { width, height, durationS } = decoded;
  const pictures = decoded.pictures.map((text) => ({ width, height, rgba: Buffer.from(text, "base64") }));
  return { width, height, durationS, pictures };
}
