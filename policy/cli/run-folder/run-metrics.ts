import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { asInputError, writeFileAtomic } from "../files/atomic-file.js";
import { encodeFileVersionEvent, encodeScalarsEvent, encodeTextEvent } from "./tensorboard.js";

/** A number; JSON writes NaN, the mean over no episodes, as null. */
export const figureSchema = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const rowSchema = z.object({ iteration: z.number(), wallTimeS: z.number() }).catchall(figureSchema);

/** Figures of one iteration. */
export interface MetricsRow {
  readonly iteration: number;
  readonly [name: string]: number;
}

/** `wallTimeS`: when the row was written, in seconds since 1970. */
export type TimedMetricsRow = z.infer<typeof rowSchema>;

/** A run's metrics, kept twice: as metrics.jsonl, and in an event file that TensorBoard reads. */
export class RunMetrics {
  private readonly jsonPath: string;
  private eventPath: string | undefined;

  constructor(private readonly folder: string) {
    this.jsonPath = join(folder, "metrics.jsonl");
    const eventFile = readdirSync(folder).find((file) => file.startsWith("events.out.tfevents."));
    this.eventPath = eventFile && join(folder, eventFile);
  }

  append(row: MetricsRow): void {
    const timed = { ...row, wallTimeS: Date.now() / 1000 };
    append(this.jsonPath, toLine(timed));
    this.eventPath ??= this.startEventFile();
    append(this.eventPath, toEvent(timed));
  }

  /** All rows, less lines that a killed process tore. */
  read(): TimedMetricsRow[] {
    if (!existsSync(this.jsonPath)) return [];
    return readFileSync(this.jsonPath, "utf8").split("\n").flatMap(parseLine);
  }

  /** Whole rows after this many bytes, and where the next reading goes on; all rows if the file has become shorter since. */
  readFrom(fromByte: number): { rows: TimedMetricsRow[]; nextByte: number } {
    if (!existsSync(this.jsonPath)) return { rows: [], nextByte: 0 };
    const file = openSync(this.jsonPath, "r");
    try {
      const { size } = fstatSync(file);
      const start = fromByte <= size ? fromByte : 0;
      const bytes = Buffer.alloc(size - start);
      const read = readSync(file, bytes, 0, bytes.length, start);
      // A last line without its end is still being written.
      const whole = bytes.subarray(0, bytes.subarray(0, read).lastIndexOf("\n") + 1);
      return { rows: whole.toString().split("\n").flatMap(parseLine), nextByte: start + whole.length };
    } finally {
      closeSync(file);
    }
  }

  /** Drops what follows `iteration`, and writes TensorBoard's file anew from the rest. */
  truncate(iteration: number): void {
    const rows = this.read().filter((row) => row.iteration <= iteration);
    writeFileAtomic(this.jsonPath, rows.map(toLine).join(""));
    if (this.eventPath !== undefined) rmSync(this.eventPath);
    this.eventPath = this.startEventFile();
    append(this.eventPath, Buffer.concat(rows.map(toEvent)));
  }

  /** TensorBoard reads every file whose name holds "tfevents". The run's config comes first, as a block of Markdown. */
  private startEventFile(): string {
    const timeS = Date.now() / 1000;
    const path = join(this.folder, `events.out.tfevents.${Math.floor(timeS)}.gaitway`);
    append(path, encodeFileVersionEvent(timeS));
    const configPath = join(this.folder, "config.yaml");
    if (existsSync(configPath)) {
      const indented = readFileSync(configPath, "utf8").replace(/^/gm, "    ");
      append(path, encodeTextEvent(timeS, "config", indented));
    }
    return path;
  }
}

function toLine(row: TimedMetricsRow): string {
  return `${JSON.stringify(row)}\n`;
}

function toEvent({ iteration, wallTimeS, ...scalars }: TimedMetricsRow): Uint8Array {
  return encodeScalarsEvent(wallTimeS, iteration, scalars);
}

/** The line's row, or none where the line is no row. */
function parseLine(line: string): TimedMetricsRow[] {
  try {
    return [rowSchema.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}

function append(path: string, contents: string | Uint8Array): void {
  try {
    appendFileSync(path, contents);
  } catch (error) {
    throw asInputError(error, `cannot write ${path}`);
  }
}
