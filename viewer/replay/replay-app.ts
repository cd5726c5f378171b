/** Ties the page together: which run and episodes are open, and one clock that the view and the panels follow. */

import type { EpisodeLog } from "../../sim/episode-log.js";
import { fetchRuns, ViewerError } from "../page/client.js";
import {
  AddressWriter,
  type DeepLink,
  type EpisodeId,
  formatDeepLink,
  linkTo,
  type ViewName,
} from "../page/deep-link.js";
import { byId, mayMove } from "../page/dom.js";
import type { PageState } from "../page/page-state.js";
import { onThemeChange, readTheme } from "../page/theme.js";
import { Caption } from "../panels/caption.js";
import { CaptureBar } from "../panels/capture-bar.js";
import { CompareBar } from "../panels/compare-bar.js";
import { EpisodeList } from "../panels/episode-list.js";
import { HelpDialog } from "../panels/help-dialog.js";
import { Notice } from "../panels/notice.js";
import { RecordingPanels } from "../panels/recording-panels.js";
import { RunBar } from "../panels/run-bar.js";
import { ShowMenu } from "../panels/show-menu.js";
import { linkTabs, showView } from "../panels/view-tabs.js";
import { ReplayClock } from "../recording/clock.js";
import { differencesInWords, isSameGround } from "../recording/comparison.js";
import { firstToShow } from "../recording/episode-order.js";
import { type LoadedRun, loadEpisode, loadRobot, loadRun, type Recording } from "../recording/load-run.js";
import { createPose, interpolatePose } from "../scene/pose.js";
import { TrainingView } from "../training/training-view.js";
import type { WalkedTrial } from "../training/trial-client.js";
import { bindKeys, KEY_HELP } from "./keyboard.js";
import type { ReplayView } from "./replay-view.js";

/** After a longer pause (another tab, a suspended laptop) replay goes on where it was, s. */
const LONGEST_TICK_S = 0.25;

interface OpenEpisode extends Recording {
  /** Null for what has no file: the newest policy's trial. */
  readonly id: EpisodeId | null;
  readonly clock: ReplayClock;
  /** The recording beside it. */
  other: (Recording & { readonly id: EpisodeId }) | null;
}

export class ViewerApp {
  private readonly notice = new Notice();
  private readonly caption = new Caption("caption");
  private readonly otherCaption = new Caption("other-caption");
  private readonly address = new AddressWriter();
  private readonly runBar = new RunBar((run) => this.open(linkTo({ run })));
  private readonly list = new EpisodeList(byId("episodes", HTMLUListElement), (episode) => {
    byId("scene", HTMLCanvasElement).scrollIntoView({ block: "nearest" }); // on a narrow screen it may be out of sight
    this.open(linkTo({ run: this.run?.details.id ?? null, episode }));
  });
  private readonly compareBar = new CompareBar(
    (other) => this.compareWith(other),
    (error) => this.fail(error),
  );
  private readonly panels = new RecordingPanels(readTheme(), (timeS) => this.episode?.clock.seek(timeS));
  private readonly training = new TrainingView(
    readTheme(),
    (trial) => this.showTrial(trial),
    (error) => this.fail(error),
  );
  private readonly pose = createPose();
  private readonly otherPose = createPose();
  private run: LoadedRun | null = null;
  private episode: OpenEpisode | null = null;
  private isShown = true;
  private viewName: ViewName = "replay";
  /** Iteration of the policy whose trial is shown; null for a recorded episode. */
  private iteration: number | null = null;
  /** Time and motion as the page shows them, so that nothing is drawn twice. */
  private shown = { timeS: Number.NaN, playing: false };
  /** Counts requests, so that a late answer to an older one is dropped. */
  private request = 0;
  /** As `request`, of what is asked for to stand beside it. */
  private comparison = 0;

  /** Throws NoWebGlError where the browser cannot draw. */
  constructor(private readonly view: ReplayView) {
    const canvas = byId("scene", HTMLCanvasElement);
    const showMenu = new ShowMenu(byId("show", HTMLDetailsElement), view);
    const help = new HelpDialog(byId("recorded", HTMLElement), byId("help-open", HTMLButtonElement), KEY_HELP);
    bindKeys(() => this.isShown, {
      togglePlay: () => this.episode?.clock.toggle(),
      stepFrames: (count) => this.episode?.clock.stepFrames(count),
      skip: (seconds) => this.episode?.clock.seek(this.episode.clock.timeS + seconds),
      jump: (direction) => this.panels.jump(direction),
      toggleFollow: () => showMenu.toggleFollowing(),
      toggleHelp: () => help.toggle(),
    });
    onThemeChange((theme) => {
      for (const part of [view, this.panels, this.training]) part.setTheme(theme);
    });
    new CaptureBar(byId("capture", HTMLElement), canvas, view, () => this.captureName());
    this.tickFrom(performance.now());
  }

  /** Shows what a link names: its run or the newest, its episode or the run's first, at its time or playing. */
  async open(link: DeepLink): Promise<void> {
    const request = ++this.request;
    const current = () => request === this.request;
    this.training.stop();
    try {
      // A run that was followed as it trained may have got episodes since.
      if (link.run === null || link.run !== this.run?.details.id || this.viewName === "training") {
        this.closeRun();
        const runs = await fetchRuns();
        if (!current()) return;
        this.runBar.showRuns(runs, link.run);
        this.compareBar.showRuns(runs);
        const loaded = await loadRun(runs, link.run);
        if (!current()) return;
        this.showRun(loaded);
      }
      this.chooseView(link);
      if (this.viewName === "training") return this.openTraining();
      const id = this.wantedEpisode(link);
      if (this.episode?.id?.run !== id.run || this.episode.id.episode !== id.episode) {
        const log = await loadEpisode(id);
        if (!current()) return;
        this.showEpisode(id, log);
      }
      this.startAt(link.timeS);
      this.compareBar.showEpisode(this.run!.details, id.episode, this.episode!.log.header, link.compare);
    } catch (error) {
      if (current()) this.fail(error);
    }
  }

  /** Whether recordings are what is shown: without that, they stand still, and nothing is waited for. */
  setShown(shown: boolean): void {
    this.isShown = shown;
    if (shown) return;
    this.request++;
    this.training.stop();
    this.episode?.clock.pause();
    this.address.cancel();
  }

  /** For `window.gaitwayViewer`. */
  pageState(): PageState {
    const { clock, log, other } = this.episode ?? {};
    return {
      timeS: clock?.timeS ?? 0,
      playing: clock?.playing ?? false,
      numFrames: log?.numFrames ?? 0,
      basePosition: [...this.pose.basePosition],
      otherBasePosition: other ? [...this.otherPose.basePosition] : null,
      policyIteration: this.iteration,
    };
  }

  /** Of a picture or video of what is shown. */
  private captureName(): string {
    const { id, clock } = this.episode ?? {};
    if (!clock) return "gaitway";
    const name = id ? `${id.run}-${id.episode}` : `${this.run!.details.id}-iteration-${this.iteration}`;
    return `${name}-${clock.timeS.toFixed(2)}s`;
  }

  private wantedEpisode(link: DeepLink): EpisodeId {
    const { id, episodes } = this.run!.details;
    const episode = link.episode ?? firstToShow(episodes)?.name;
    if (episode === undefined) {
      throw new ViewerError("This run has no recorded episodes. “gaitway quickstart” records some after training.");
    }
    this.list.mark(episode);
    return { run: id, episode };
  }

  /** Training while the run trains, unless the link says otherwise. */
  private chooseView(link: DeepLink): void {
    const { id, status } = this.run!.details;
    this.viewName = link.view ?? (link.episode === null && status === "running" ? "training" : "replay");
    linkTabs(id);
    showView(this.viewName);
  }

  private openTraining(): void {
    const { id } = this.run!.details;
    this.episode = null;
    this.notice.wait();
    this.address.write(formatDeepLink(linkTo({ run: id, view: "training" })));
    void this.training.start(id);
  }

  private closeRun(): void {
    this.run = null;
    this.episode = null;
    this.list.show([]);
  }

  private showRun(run: LoadedRun): void {
    this.run = run;
    this.runBar.showFigures(run.details);
    this.list.show(run.details.episodes);
  }

  private showEpisode(id: EpisodeId, log: EpisodeLog): void {
    this.iteration = null;
    const { robot } = this.run!;
    this.view.showEpisode({ log, robot });
    this.caption.show(log.header);
    this.showRecording({ id, log, robot, clock: new ReplayClock(log.numFrames, log.header.dtS), other: null });
  }

  /** The newest policy's trial goes on in a loop, from where that of the policy before it was. */
  private showTrial({ log, iteration }: WalkedTrial): void {
    const before = this.episode?.clock;
    const { robot } = this.run!;
    const clock = new ReplayClock(log.numFrames, log.header.dtS, true);
    this.iteration = iteration;
    this.view.showEpisode({ log, robot }, before !== undefined);
    this.caption.show(log.header, `Newest policy, iteration ${iteration}`);
    this.showRecording({ id: null, log, robot, clock, other: null });
    clock.seek(before?.timeS ?? 0);
    if (before?.playing ?? mayMove()) clock.play();
    this.notice.hide();
  }

  /** Brings the panels to a recording. */
  private showRecording(episode: OpenEpisode): void {
    const { clock, other } = episode;
    this.episode = episode;
    this.shown.timeS = Number.NaN;
    this.panels.show(episode, other, clock);
    this.view.showOther(other);
  }

  /** Puts another recording of the same trial beside the one that is shown; null takes it away. */
  private async compareWith(id: EpisodeId | null): Promise<void> {
    const { episode, request } = this;
    if (!episode) return;
    const comparison = ++this.comparison;
    const current = () => episode === this.episode && request === this.request && comparison === this.comparison;
    try {
      const other = id && { id, log: await loadEpisode(id), robot: await loadRobot(id.run) };
      if (!current()) return;
      if (other && !isSameGround(episode.log.header, other.log.header)) {
        throw new ViewerError(`${other.id.episode} is on other ground than ${episode.id?.episode}.`);
      }
      episode.other = other;
      episode.clock.setLength(Math.max(episode.log.numFrames, other?.log.numFrames ?? 0));
      if (other) this.otherCaption.show(other.log.header, other.log.header.label, differencesInWords(episode, other));
      this.showRecording(episode);
      this.writeAddress(episode);
    } catch (error) {
      if (!current()) return;
      this.compareBar.end();
      this.fail(error);
    }
  }

  private startAt(timeS: number | null): void {
    const { clock } = this.episode!;
    this.notice.hide();
    clock.pause();
    clock.seek(timeS ?? 0);
    if (timeS === null && mayMove()) clock.play();
    this.writeAddress(this.episode!);
  }

  /** While it plays, the address names no time. */
  private writeAddress({ id, clock, other }: OpenEpisode): void {
    const timeS = clock.playing ? null : clock.timeS;
    if (id) this.address.write(formatDeepLink(linkTo({ ...id, compare: other?.id ?? null, timeS })));
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
  private showMoment(episode: OpenEpisode, elapsedS: number): void {
    const { log, clock, other } = episode;
    clock.advance(elapsedS);
    if (clock.timeS === this.shown.timeS && clock.playing === this.shown.playing) return;
    this.shown = { timeS: clock.timeS, playing: clock.playing };
    interpolatePose(this.pose, log, clock.timeS);
    if (other) interpolatePose(this.otherPose, other.log, clock.timeS);
    this.view.apply(clock.timeS, this.pose, other && this.otherPose);
    this.panels.update(clock);
    if (!clock.playing) this.writeAddress(episode);
  }
}
