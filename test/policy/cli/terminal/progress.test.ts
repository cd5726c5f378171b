import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { etaS, ProgressLine } from "../../../../policy/cli/terminal/progress.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv("CI", "");
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

/** A stream that keeps what was written. */
function fakeStream(isTTY: boolean, columns = 100) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) > 0 };
}

describe("etaS", () => {
  it("extends the pace so far", () => {
    expect(etaS(30, 0, 0.25)).toBe(90); // 30 s a quarter, three quarters to go
    expect(etaS(30, 0.5, 0.75)).toBe(30); // resumed at half: 30 s a quarter, one quarter to go
    expect(etaS(30, 0.5, 0.5)).toBeNaN();
    expect(etaS(30, 0, 1)).toBe(0);
  });
});

describe("ProgressLine", () => {
  it("redraws one line on a terminal", () => {
    const stream = fakeStream(true);
    const progress = new ProgressLine(stream);
    progress.update({ fraction: 0, text: "reward 0.1" });
    vi.advanceTimersByTime(41_000);
    progress.update({ fraction: 0.25, text: "reward 0.2" });
    progress.stop();
    expect(stream.written).toEqual([
      `\r[${" ".repeat(20)}]   0 %  --:-- left  reward 0.1\u001b[K`,
      // 41 s a quarter: 123 s left.
      `\r[${"=".repeat(5)}${" ".repeat(15)}]  25 %  2:03 left  reward 0.2\u001b[K`,
      "\n",
    ]);
  });

  it("fits a narrow terminal, and shows hours", () => {
    const narrow = fakeStream(true, 30);
    new ProgressLine(narrow).update({ fraction: 0, text: "far too long for this terminal" });
    expect(narrow.written[0]!.length).toBe("\r".length + 29 + "\u001b[K".length);

    const stream = fakeStream(true);
    const progress = new ProgressLine(stream);
    progress.update({ fraction: 0, text: "" });
    vi.advanceTimersByTime(3_723_000);
    progress.update({ fraction: 0.5, text: "" });
    expect(stream.written[1]).toContain("1:02:03 left");
  });

  it("prints plain lines into a pipe, one in ten seconds", () => {
    const stream = fakeStream(false);
    const progress = new ProgressLine(stream);
    for (let second = 0; second <= 25; second++) {
      progress.update({ fraction: second / 100, text: `at ${second}` });
      vi.advanceTimersByTime(1000);
    }
    progress.stop();
    expect(stream.written).toEqual([
      "  0 %  --:-- left  at 0\n",
      " 10 %  1:30 left  at 10\n",
      " 20 %  1:20 left  at 20\n",
    ]);
  });

  it.each([
    ["CI", "true"],
    ["TERM", "dumb"],
  ])("prints plain lines where %s is %s, terminal or not", (name, value) => {
    vi.stubEnv(name, value);
    const stream = fakeStream(true);
    const progress = new ProgressLine(stream);
    progress.update({ fraction: 0.5, text: "half" });
    progress.stop();
    expect(stream.written).toEqual([" 50 %  --:-- left  half\n"]);
  });

  it("writes nothing when nothing happened", () => {
    const stream = fakeStream(true);
    new ProgressLine(stream).stop();
    expect(stream.written).toEqual([]);
  });
});
