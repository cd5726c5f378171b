/** Ties the page together: which run and episode are open, and one clock that the view and the panels follow. */

import { decodeEpisode, type EpisodeLog } from "../sim/episode-log.js";
import type { EpisodeEntry, RunDetails } from "./api.js";
import { fetchEpisode, fetchRuns, ViewerError } from "./client.js";
import { AddressWriter, type DeepLink, formatDeepLink } from "./deep-link.js";
import { bindToggle, byId } from "./dom.js";
import { bindKeys } from "./keyboard.js";
import { type LoadedRun, loadRun } from "./load-run.js";
import type { PageState } from "./page-state.js";
import { Caption } from "./panels/caption.js";
import { CaptureBar } from "./panels/capture-bar.js";
import { EpisodeList } from "./panels/episode-list.js";
import { GaitDiagram } from "./panels/gait-diagram.js";
import { Notice } from "./panels/notice.js";
import { RunBar } from "./panels/run-bar.js";
import { Timeline } from "./panels/timeline.js";
import { VelocityChart } from "./panels/velocity-chart.js";
import { createPose, interpolatePose, ReplayClock } from "./replay.js";
import type { ReplayView } from "./replay-view.js";
import { onThemeChange, readTheme } from "./theme.js";

/** After a longer pause (another tab, a suspended laptop) replay goes on where it was, s. */
const LONGEST_TICK_S = 0.25;

interface OpenEpisode {
  readonly run: string;
  readonly name: string;
  readonly log: EpisodeLog;
  readonly clock: ReplayClock;
}

export class ViewerApp {
  private readonly notice = new Notice();
  private readonly caption = new Caption();
  private readonly timeline = new Timeline();
  private readonly address = new AddressWriter();
  private readonly runBar = new RunBar((run) => this.open({ run, episode: null, timeS: null }));
  private readonly list = new EpisodeList(byId("episodes", HTMLUListElement), (episode) => {
    byId("scene", HTMLCanvasElement).scrollIntoView({ block: "nearest" }); // on a narrow screen it may be out of sight
    this.open({ run: this.run?.id ?? null, episode, timeS: null });
  });
  private readonly gait = new GaitDiagram(byId("gait", HTMLCanvasElement), readTheme());
  private readonly velocity = new VelocityChart(byId("velocity", HTMLElement), readTheme(), (timeS) =>
    this.episode?.clock.seek(timeS),
  );
  private readonly pose = createPose();
  private run: RunDetails | null = null;
  private episode: OpenEpisode | null = null;
  private isShown = true;
  /** Time and motion as the page shows them, so that nothing is drawn twice. */
  private shown = { timeS: Number.NaN, playing: false };
  /** Counts requests, so that a late answer to an older one is dropped. */
  private request = 0;

  /** Throws NoWebGlError where the browser cannot draw. */
  constructor(private readonly view: ReplayView) {
    const follow = byId("follow", HTMLButtonElement);
    bindToggle(follow, true, (on) => view.setFollowing(on));
    bindToggle(byId("feet", HTMLButtonElement), true, (on) => view.setFeetShown(on));
    bindKeys(() => this.isShown, {
      togglePlay: () => this.episode?.clock.toggle(),
      stepFrames: (count) => this.episode?.clock.stepFrames(count),
      skip: (seconds) => this.episode?.clock.seek(this.episode.clock.timeS + seconds),
      toggleFollow: () => follow.click(),
    });
    onThemeChange((theme) => {
      view.setTheme(theme);
      this.gait.setTheme(theme);
      this.velocity.setTheme(theme);
    });
    new CaptureBar(byId("scene", HTMLCanvasElement), view, () => this.captureName());
    this.tickFrom(performance.now());
  }

  /** Shows what a link names: its run or the newest, its episode or the run's first, at its time or playing. */
  async open(link: DeepLink): Promise<void> {
    const request = ++this.request;
    const current = () => request === this.request;
    try {
      if (link.run === null || link.run !== this.run?.id) {
        this.closeRun();
        const runs = await fetchRuns();
        if (!current()) return;
        this.runBar.showRuns(runs, link.run);
        const loaded = await loadRun(runs, link.run);
        if (!current()) return;
        this.showRun(loaded);
      }
      const wanted = this.wantedEpisode(link);
      if (this.episode?.run !== wanted.run || this.episode.name !== wanted.name) {
        const bytes = await fetchEpisode(wanted.run, wanted.name);
        if (!current()) return;
        this.showEpisode(wanted.run, wanted.name, decodeEpisode(bytes, `${wanted.name}.episode`));
      }
      this.startAt(link.timeS);
    } catch (error) {
      if (current()) this.fail(error);
    }
  }

  /** Whether replay is what is shown: without that, it stands still. */
  setShown(shown: boolean): void {
    this.isShown = shown;
    if (shown) return;
    this.episode?.clock.pause();
    this.address.cancel();
  }

  /** For `window.gaitwayViewer`. */
  pageState(): PageState {
    const { clock, log } = this.episode ?? {};
    return {
      timeS: clock?.timeS ?? 0,
      playing: clock?.playing ?? false,
      numFrames: log?.numFrames ?? 0,
      basePosition: [...this.pose.basePosition],
    };
  }

  /** Of a picture or video of what is shown. */
  private captureName(): string {
    const { run, name, clock } = this.episode ?? {};
    return clock ? `${run}-${name}-${clock.timeS.toFixed(2)}s` : "gaitway";
  }

  private wantedEpisode(link: DeepLink): { run: string; name: string } {
    const name = link.episode ?? firstToShow(this.run?.episodes ?? [])?.name;
    if (!this.run || name === undefined) {
      throw new ViewerError("This run has no recorded episodes. “gaitway quickstart” records some after training.");
    }
    this.list.mark(name);
    return { run: this.run.id, name };
  }

  private closeRun(): void {
    this.run = null;
    this.episode = null;
    this.list.show([]);
  }

  private showRun({ details, urdf }: LoadedRun): void {
    this.run = details;
    this.runBar.showFigures(details);
    this.list.show(details.episodes);
    this.view.showRobot(urdf);
  }

  private showEpisode(run: string, name: string, log: EpisodeLog): void {
    if (log.numFrames === 0) throw new ViewerError("This episode has no frames.");
    const clock = new ReplayClock(log.numFrames, log.header.dtS);
    this.episode = { run, name, log, clock };
    this.shown.timeS = Number.NaN;
    this.caption.show(log.header);
    this.timeline.show(clock);
    this.gait.show(log);
    this.velocity.show(log);
    this.view.showEpisode(log);
  }

  private startAt(timeS: number | null): void {
    const { run, name, clock } = this.episode!;
    this.notice.hide();
    this.address.write(formatDeepLink(run, name, timeS));
    clock.pause();
    clock.seek(timeS ?? 0);
    if (timeS === null && !matchMedia("(prefers-reduced-motion: reduce)").matches) clock.play();
  }

  private fail(error: unknown): void {
    this.episode = null;
    this.notice.show(error);
  }

  private tickFrom(lastMs: number): void {
    window.requestAnimationFrame((nowMs) => {
      if (this.isShown) this.showFrame(Math.min((nowMs - lastMs) / 1000, LONGEST_TICK_S));
      this.tickFrom(nowMs);
    });
  }

  private showFrame(elapsedS: number): void {
    if (this.episode) this.showMoment(this.episode, elapsedS);
    this.view.render();
  }

  /** Lets time pass, and brings the page up to it. */
  private showMoment({ run, name, log, clock }: OpenEpisode, elapsedS: number): void {
    clock.advance(elapsedS);
    if (clock.timeS === this.shown.timeS && clock.playing === this.shown.playing) return;
    this.shown = { timeS: clock.timeS, playing: clock.playing };
    interpolatePose(this.pose, log, clock.timeS);
    this.view.apply(this.pose);
    this.timeline.update(clock);
    this.gait.update(clock.timeS);
    this.velocity.update(clock.timeS);
    if (!clock.playing) this.address.write(formatDeepLink(run, name, clock.timeS));
  }
}

/** The policy on rough ground is what people come for; without it, whatever there is. */
function firstToShow(episodes: readonly EpisodeEntry[]): EpisodeEntry | undefined {
  const onRough = episodes.find(
    (entry) => "header" in entry && entry.header.controller === "policy" && entry.header.terrain.kind === "rough",
  );
  return onRough ?? episodes[0];
}
