/** Colours of what CSS cannot reach: canvases and the 3D scene. They stand in style.css, once for light and once for dark. */

export interface Theme {
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
  /** Of the recording beside the shown one. */
  readonly other: string;
  readonly sky: string;
  readonly ground: string;
  readonly groundHigh: string;
  readonly groundLow: string;
  readonly groundLine: string;
  /** FL FR RL RR. */
  readonly legs: readonly [string, string, string, string];
}

/** Reads the colours that apply now. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: color("--ink"),
    muted: color("--muted"),
    line: color("--line"),
    accent: color("--accent"),
    other: color("--other"),
    sky: color("--sky"),
    ground: color("--ground"),
    groundHigh: color("--ground-high"),
    groundLow: color("--ground-low"),
    groundLine: color("--ground-line"),
    legs: [color("--leg-fl"), color("--leg-fr"), color("--leg-rl"), color("--leg-rr")],
  };
}

/** Calls back with the new colours whenever the system switches between light and dark. */
export function onThemeChange(listener: (theme: Theme) => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => listener(readTheme()));
}
