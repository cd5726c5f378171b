/** What commands tell besides their results: lines on stderr, as many as `--log-level` asks for. */

export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Something on the terminal's last line that lines of the log go above. */
export interface LiveLine {
  erase(): void;
  draw(): void;
}

let threshold: LogLevel = "info";
let liveLine: LiveLine | null = null;

export function setLogLevel(level: LogLevel): void {
  threshold = level;
}

/** Whether messages of a level are shown. */
export function isLogged(level: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(threshold);
}

/** Names the line that makes room for each message, until there is another or none. */
export function setLiveLine(line: LiveLine | null): void {
  liveLine = line;
}

export const log = {
  /** What ends the command. */
  error: (message: string) => write("error", `gaitway: ${message}`),
  /** What the user should know though the work goes on. */
  warn: (message: string) => write("warn", `warning: ${message}`),
  /** How the work goes. */
  info: (message: string) => write("info", message),
  /** What helps to find out why something went wrong. */
  debug: (message: string) => write("debug", `debug: ${message}`),
};

function write(level: LogLevel, line: string): void {
  if (!isLogged(level)) return;
  liveLine?.erase();
  process.stderr.write(`${line}\n`);
  liveLine?.draw();
}
