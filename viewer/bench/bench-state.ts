/** What a script in the page can see of the benchmark: for the browser tests. */

export interface BenchPageState {
  /** By the name in `IterationMetrics`; null before the first measurement. */
  readonly medians: Readonly<Record<string, number>> | null;
}

declare global {
  interface Window {
    readonly gaitwayBench: BenchPageState;
  }
}

/** Makes `window.gaitwayBench`, a frozen snapshot at each reading. */
export function exposeBenchState(source: { pageState(): BenchPageState }): void {
  Object.defineProperty(window, "gaitwayBench", { get: () => Object.freeze(source.pageState()) });
}
