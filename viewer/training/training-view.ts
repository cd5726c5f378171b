/** Follows a run that trains: its curves as they grow, and its newest policy as it walks. */

import { InputError } from "../../sim/errors.js";
import { fetchPolicy, fetchProgress, ViewerError } from "../page/client.js";
import { byId } from "../page/dom.js";
import type { Theme } from "../page/theme.js";
import { TrainingCurves } from "../panels/training-curves.js";
import { MetricsHistory } from "../recording/metrics-history.js";
import { taskAddress } from "../recording/run-task.js";
import { TrialClient, type WalkedTrial } from "./trial-client.js";

/** An iteration lasts for about a second. */
const POLL_MS = 1000;

export class TrainingView {
  private readonly curves: TrainingCurves;
  private readonly state = byId("training-state", HTMLElement);
  /** Ends what the view does for the run of the last `start`. */
  private following = new AbortController();

  /**
   * @param onWalk called with each new policy's trial
   * @param onProblem called with what keeps it from walking
   */
  constructor(
    theme: Theme,
    private readonly onWalk: (trial: WalkedTrial) => void,
    private readonly onProblem: (error: unknown) => void,
  ) {
    this.curves = new TrainingCurves(theme);
  }

  setTheme(theme: Theme): void {
    this.curves.setTheme(theme);
  }

  /** Follows a run until it has ended and its policy has walked, or until `stop`. */
  async start(run: string): Promise<void> {
    this.stop();
    const { signal } = this.following;
    const history = new MetricsHistory();
    this.curves.show(history);
    const walker = new PolicyWalker(run, signal, this.onWalk, this.onProblem);
    let [nextByte, status] = [0, "running"];
    while ((status === "running" || walker.isBehind) && !signal.aborted) {
      try {
        const progress = await fetchProgress(run, nextByte);
        if (signal.aborted) return;
        ({ nextByte, status } = progress);
        history.append(progress.rows);
        if (progress.rows.length > 0) this.curves.show(history);
        this.state.textContent = inWords(status, history);
        walker.offer(progress.policyVersion);
      } catch (error) {
        // The server may come back: what there is stays, and asking goes on.
        if (!signal.aborted) this.state.textContent = error instanceof Error ? error.message : String(error);
      }
      await new Promise((resolve) => window.setTimeout(resolve, POLL_MS));
    }
  }

  stop(): void {
    this.following.abort();
    this.following = new AbortController();
  }
}

/** Lets each policy walk that training brings, the newest first; those that came meanwhile are left out. */
class PolicyWalker {
  private readonly client = new TrialClient();
  /** Of the policy that is to walk, and of the last one that has; undefined before the first. */
  private wanted: number | null | undefined;
  private walked: number | null | undefined;
  private busy = false;
  /** What kept the wanted policy from walking, if it may be over: said once, not at each attempt. */
  private problem: string | null = null;

  constructor(
    private readonly run: string,
    private readonly signal: AbortSignal,
    private readonly onWalk: (trial: WalkedTrial) => void,
    private readonly onProblem: (error: unknown) => void,
  ) {
    signal.addEventListener("abort", () => this.client.stop());
  }

  /** Whether a policy is still to walk. */
  get isBehind(): boolean {
    return this.walked !== this.wanted;
  }

  /** One that did not come through is tried again. @param version of the run's policy, null where it has none yet */
  async offer(version: number | null): Promise<void> {
    this.wanted = version;
    if (this.busy) return;
    this.busy = true;
    let tried: number | null | undefined;
    while (this.isBehind && tried !== this.wanted) {
      tried = this.wanted;
      if (await this.walk(tried)) this.walked = tried;
    }
    this.busy = false;
  }

  /** Whether that is all there is to it: false if it may go better another time. */
  private async walk(version: number | null | undefined): Promise<boolean> {
    try {
      if (version === null)
        this.tell(new ViewerError("This run has no checkpoint yet. Its newest policy will walk here."));
      else this.show(await this.client.walk({ policy: await fetchPolicy(this.run), task: taskAddress(this.run) }));
      return true;
    } catch (error) {
      this.tell(error);
      return error instanceof InputError; // a broken policy stays so until the next one
    }
  }

  private show(trial: WalkedTrial): void {
    this.problem = null;
    if (!this.signal.aborted) this.onWalk(trial);
  }

  private tell(error: unknown): void {
    const problem = String(error);
    if (this.signal.aborted || problem === this.problem) return;
    this.problem = problem;
    this.onProblem(error);
  }
}

function inWords(status: string, { last }: MetricsHistory): string {
  if (!last) return status;
  const { iteration, steps, trainingS } = last;
  const time = `${((trainingS ?? 0) / 60).toFixed(1)} min`;
  return [status, `iteration ${iteration}`, `${Math.round((steps ?? 0) / 1000)}k steps`, time].join(" · ");
}
