import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LOG_LEVELS, log, setLiveLine, setLogLevel } from "../../../../policy/cli/terminal/log.js";
import { ProgressLine } from "../../../../policy/cli/terminal/progress.js";

let written: string[];
beforeEach(() => {
  written = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  setLiveLine(null);
  setLogLevel("info");
});

it.each([
  ["error", ["gaitway: E\n"]],
  ["warn", ["gaitway: E\n", "warning: W\n"]],
  ["info", ["gaitway: E\n", "warning: W\n", "I\n"]],
  ["debug", ["gaitway: E\n", "warning: W\n", "I\n", "debug: D\n"]],
] as const)("level %s shows what is as urgent or more", (level, shown) => {
  setLogLevel(level);
  log.error("E");
  log.warn("W");
  log.info("I");
  log.debug("D");
  expect(written).toEqual(shown);
  expect(LOG_LEVELS).toContain(level);
});

it("lines go above a live one", () => {
  vi.stubEnv("CI", "");
  vi.stubEnv("TERM", "xterm");
  const stream = { isTTY: true, write: (text: string) => written.push(text) > 0 };
  const progress = new ProgressLine(stream);
  progress.update({ fraction: 0, text: "a" });
  log.warn("W");
  progress.update({ fraction: 1, text: "b" });
  progress.stop();
  log.warn("after");
  const [first, erased, warning, again, second, end, after] = written;
  expect(first).toContain("a\u001b[K");
  expect([erased, warning]).toEqual(["\r\u001b[K", "warning: W\n"]);
  expect(again).toBe(first);
  expect(second).toContain("b\u001b[K");
  expect([end, after]).toEqual(["\n", "warning: after\n"]);
  vi.unstubAllEnvs();
});

it("a progress line keeps silent where only warnings are asked for", () => {
  setLogLevel("warn");
  const progress = new ProgressLine();
  progress.update({ fraction: 0.5, text: "half" });
  progress.stop();
  expect(written).toEqual([]);
});
