/** What the server tells the page, as JSON. */

import type { EpisodeHeader } from "../../sim/episode-log.js";
import type { TerrainSpec } from "../../sim/terrain/height-field.js";

/** GET /api/runs.json, the newest first. */
export interface RunList {
  readonly runs: readonly {
    readonly id: string;
    /** Whether there is a policy.json of it. */
    readonly hasPolicy: boolean;
  }[];
}

/** An episode of a run: its header, or why its file cannot be read. */
export type EpisodeEntry =
  | { readonly name: string; readonly header: EpisodeHeader }
  | { readonly name: string; readonly problem: string };

/** How the run's policy did in an evaluation. */
export interface EvaluationFigures {
  readonly terrain: TerrainSpec["kind"];
  readonly level: number;
  readonly trials: number;
  readonly falls: number;
  /** Mean absolute error of the forward velocity, m/s. */
  readonly velocityErrorX: number;
  /** Share of feet whose contact differs from the schedule, %. */
  readonly contactErrorPercent: number;
}

/** GET /api/runs/:id/details.json. Beside it stand robot.urdf and episodes/:name.episode. */
export interface RunDetails {
  readonly id: string;
  readonly task: string;
  readonly status: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Of training, null if it has not begun. */
  readonly iterations: number | null;
  /** One a ground. */
  readonly evaluations: readonly EvaluationFigures[];
  readonly episodes: readonly EpisodeEntry[];
}

/** An iteration's row of metrics.jsonl; NaN is null. */
export type MetricsRow = Readonly<Record<string, number | null>> & { readonly iteration: number };

/** GET /api/runs/:id/metrics/:byte: what has come since that byte of metrics.jsonl. */
export interface TrainingProgress {
  readonly status: string;
  readonly rows: readonly MetricsRow[];
  /** Where the next request goes on. */
  readonly nextByte: number;
  /** Another one whenever a checkpoint has brought a new policy.json; null before the first. */
  readonly policyVersion: number | null;
}

/** Any answer but a success. */
export interface ApiProblem {
  readonly error: string;
}
