/** Of this many values. */
const KEPT = 300;

/** Median of the last values. */
export class RunningMedian {
  private readonly values: number[] = [];
  private count = 0;

  add(value: number): void {
    this.values[this.count++ % KEPT] = value;
  }

  /** 0 of none. */
  get value(): number {
    const sorted = this.values.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }
}
