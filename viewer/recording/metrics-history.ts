/** A run's metrics as curves over its iterations. */

import type { MetricsRow } from "../server/api.js";

export class MetricsHistory {
  private rows: MetricsRow[] = [];

  get length(): number {
    return this.rows.length;
  }

  get last(): MetricsRow | undefined {
    return this.rows.at(-1);
  }

  /** Names of the reward terms that were logged, without their prefix. */
  get rewardTerms(): string[] {
    return Object.keys(this.last ?? {}).flatMap((key) => (key.startsWith("reward/") ? [key.slice(7)] : []));
  }

  /** Adds rows. A run that went on from an earlier checkpoint logs its iterations anew: those replace what they were. */
  append(rows: readonly MetricsRow[]): void {
    if (rows.length === 0) return;
    this.rows = [...this.rows.filter(({ iteration }) => iteration < rows[0].iteration), ...rows];
  }

  /** One quantity after each iteration, null where it has no value. */
  column(key: string): (number | null)[] {
    return this.rows.map((row) => row[key] ?? null);
  }
}
