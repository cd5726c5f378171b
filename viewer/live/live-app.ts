/** Live mode: a robot that is simulated in the page, and driven by whoever is there. */

import type { PolicyBundle } from "../../policy/bundle/bundle.js";
import { createRobotModel } from "../../sim/robot/model.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { AddressWriter } from "../page/deep-link.js";
import { byId } from "../page/dom.js";
import { RunningMedian } from "../page/running-median.js";
import { CaptureBar } from "../panels/capture-bar.js";
import { Notice } from "../panels/notice.js";
import { ShowMenu } from "../panels/show-menu.js";
import type { Pull } from "./disturbances.js";
import { Drive } from "./drive.js";
import { type EarlyStart, policyNameOf, startEarly } from "./early-start.js";
import { chosenGait, sourceOf } from "./gait-choice.js";
import { Grab } from "./grab.js";
import { Joystick } from "./joystick.js";
import { LiveClient } from "./live-client.js";
import { LiveDisplay } from "./live-display.js";
import { bindLiveKeys } from "./live-keys.js";
import { formatLiveLink, type LiveLink, parseLiveLink } from "./live-link.js";
import { GAIT_MEMORY_ALONE, LivePanel } from "./live-panel.js";
import { LiveSession } from "./live-session.js";
import type { LiveInput } from "./live-simulation.js";
import { describeGait, type LivePageState } from "./live-state.js";
import { LiveTransport } from "./live-transport.js";
import { fetchMeshes, fetchPolicy, knowsGait, listRunPolicies, taskOf } from "./policies.js";

/** After a longer pause (another tab, a suspended laptop) the simulation goes on where it was, s. */
const LONGEST_TICK_S = 0.5;

export class LiveApp {
  private readonly notice = new Notice(byId("live-notice", HTMLElement), "[data-needs-live]");
  private readonly display: LiveDisplay;
  private readonly showMenu: ShowMenu;
  private readonly grab: Grab;
  private readonly drive = new Drive({ vxMPerS: [0, 0], vyMPerS: [0, 0], yawRateRadPerS: [0, 0] });
  private readonly panel: LivePanel;
  private readonly transport: LiveTransport;
  private readonly address = new AddressWriter();
  private readonly updateMs = new RunningMedian();
  private readonly frameMs = new RunningMedian();
  private bundle: PolicyBundle | null = null;
  private model: RobotModel | null = null;
  private session: LiveSession | null = null;
  private shown = false;
  /** Counts what was asked for, so that a late answer to something older is dropped. */
  private request = 0;

  /**
   * Throws NoWebGlError where the browser cannot draw.
   *
   * @param client for the first session
   * @param hash what is to be opened first
   */
  static async create(client: LiveClient, hash: string): Promise<LiveApp> {
    // Before the 3D view, which holds the page up, so that the worker is not idle meanwhile.
    const [runPolicies, early] = await Promise.all([listRunPolicies(), startEarly(client, parseLiveLink(hash))]);
    return new LiveApp(client, runPolicies, early);
  }

  /**
   * @param spareClient for the first session: its worker loads the physics engine while the page gets ready
   * @param early what that worker has begun with
   */
  private constructor(
    private spareClient: LiveClient | null,
    runPolicies: readonly string[],
    private early: EarlyStart | null,
  ) {
    const canvas = byId("live-scene", HTMLCanvasElement);
    this.display = new LiveDisplay(canvas);
    const { view } = this.display;
    this.grab = new Grab(canvas, view);
    this.panel = new LivePanel(this.drive, {
      changeGround: () => this.startGround(),
      changeGait: () => this.changeGait(),
      changeController: () => this.changeController(),
    });
    this.panel.offerPolicies(runPolicies);
    this.transport = new LiveTransport(this.actions);
    new Joystick(byId("joystick", HTMLElement), (deflection) => {
      this.drive.joystick = deflection;
    });
    this.showMenu = new ShowMenu(byId("live-show", HTMLDetailsElement), view);
    new CaptureBar(byId("live-capture", HTMLElement), canvas, view, () => this.captureName());
    this.bindKeys();
    this.tickFrom(performance.now());
  }

  private readonly actions = {
    togglePlay: () => this.togglePlay(),
    stepOnce: () => this.session?.stepOnce(),
    setSpeed: (speed: number) => this.setSpeed(speed),
    reset: () => (this.session?.isBroken ? this.startGround() : this.session?.cause("reset")),
    push: () => this.session?.cause("push"),
    dropPlanks: () => this.session?.cause("planks"),
  };

  /** Shows what an address names; the first time also loads a policy. */
  async open(hash: string): Promise<void> {
    const { panel, session } = this;
    const { terrain, gait, controller } = parseLiveLink(hash);
    panel.terrain = terrain;
    const before = panel.controllerName;
    if (controller) panel.controllerName = controller;
    if (!session || panel.controllerName !== before) return this.changeController(gait);
    if (gait) panel.gait = gait;
    return this.startGround();
  }

  /** Whether live mode is what is shown: without that, nothing moves. */
  setShown(shown: boolean): void {
    this.shown = shown;
    this.address.cancel();
    this.drive.releaseAll();
    this.grab.letGo();
  }

  /** For `window.gaitwayLive`. */
  pageState(): LivePageState {
    const { session, display, panel, updateMs, frameMs } = this;
    const { pose, shownS } = display;
    return {
      timeS: shownS,
      playing: session?.clock.playing ?? false,
      speed: session?.clock.speed ?? 1,
      basePosition: [...pose.basePosition],
      ...(session ? describeGait(session.log) : { gait: "", scheduledContact: [] }),
      terrain: panel.terrain,
      planks: (session?.planks.length ?? 0) / 7,
      falls: session?.falls ?? 0,
      stepMs: session?.stepMs.value ?? 0,
      updateMs: updateMs.value,
      frameMs: frameMs.value,
    };
  }

  /** Loads the policy that is chosen. @param gait to start in; null: the policy's own, or the one that runs */
  private async changeController(gait: string | null = null): Promise<void> {
    const request = ++this.request;
    const { controllerName } = this.panel;
    try {
      const name = policyNameOf(controllerName);
      const bundle = this.takeEarly(name) ?? (await fetchPolicy(name));
      const meshes = await fetchMeshes(name, bundle);
      if (request !== this.request) return;
      const first = this.session === null;
      const session = this.takePolicy(bundle);
      if (gait || first) this.panel.gait = gait ?? firstGait(bundle);
      await this.startGround(() => this.display.showSession(session, bundle, this.model!, meshes));
    } catch (error) {
      if (request === this.request) this.notice.show(error);
    }
  }

  /** The policy that was begun with, once, if it is of this name. */
  private takeEarly(name: string): PolicyBundle | null {
    const { early } = this;
    this.early = null;
    return early?.name === name ? early.bundle : null;
  }

  /** Begins a session, which nothing shows yet. */
  private takePolicy(bundle: PolicyBundle): LiveSession {
    const { control, command } = bundle.env;
    this.bundle = bundle;
    this.drive.setLimits(command);
    this.panel.setLimits(command);
    this.panel.offerGrounds();
    this.panel.offerGaits();
    this.model = createRobotModel(bundle.robot, bundle.robot.name);
    this.notice.hide();
    const before = this.session;
    before?.stop();
    const session = new LiveSession(control.stepS, this.spareClient ?? new LiveClient(), (error) => {
      if (session === this.session) this.display.tellFailure(error);
    });
    this.spareClient = null;
    if (before) session.clock.keepPaceOf(before.clock);
    this.session = session;
    return session;
  }

  /** @param meanwhile is done while the worker makes the ground */
  private async startGround(meanwhile?: () => void): Promise<void> {
    const { session, bundle, panel } = this;
    if (!session || !bundle) return;
    const request = ++this.request;
    const spec = panel.terrain;
    this.display.readout.say("Making the ground…");
    try {
      const task = taskOf(policyNameOf(panel.controllerName));
      const started = session.start({ bundle, task, terrain: spec, seed: spec.seed });
      meanwhile?.();
      const terrain = await started;
      if (request !== this.request) return;
      session.tick(0, this.inputOf(null)); // there will be something to see at the next frame already
      this.display.view.showGround(terrain);
      this.display.readout.say("");
      this.changeGait();
      this.notice.hide();
    } catch (error) {
      if (request === this.request) this.notice.show(error);
    }
  }

  private changeGait(): void {
    const { panel, bundle } = this;
    const alone = panel.controllerName === GAIT_MEMORY_ALONE;
    panel.showKnown((gait) => alone || knowsGait(bundle!, gait), bundle!.selector !== null);
    this.display.readout.showRun(alone ? "Gait memory alone" : `Policy “${panel.controllerName}”`, panel.terrain);
    if (this.shown) this.address.write(formatLiveLink(this.link()));
  }

  private link(): LiveLink {
    const { terrain, gait, controllerName } = this.panel;
    return { terrain, gait, controller: controllerName };
  }

  /** Of a picture or video of what is shown. */
  private captureName(): string {
    const { kind, level, seed } = this.panel.terrain;
    return ["live", kind, level, seed, this.panel.gait].join("-");
  }

  private togglePlay(): void {
    if (this.session) this.session.clock.playing = !this.session.clock.playing;
  }

  private setSpeed(speed: number): void {
    if (this.session) this.session.clock.speed = speed;
  }

  private bindKeys(): void {
    const { drive, actions, panel } = this;
    bindLiveKeys({
      isActive: () => this.shown,
      press: (code) => drive.press(code),
      release: (code) => drive.release(code),
      releaseAll: () => drive.releaseAll(),
      setFast: (fast) => {
        drive.fast = fast;
      },
      selectGait: (id) => {
        panel.gait = id;
        this.changeGait();
      },
      commands: {
        " ": actions.togglePlay,
        ".": actions.stepOnce,
        r: actions.reset,
        x: actions.push,
        b: actions.dropPlanks,
        t: () => panel.newGround(),
        f: () => this.showMenu.toggleFollowing(),
        "?": () => this.transport.toggleHelp(),
      },
    });
  }

  private tickFrom(lastMs: number): void {
    window.requestAnimationFrame((nowMs) => {
      if (this.shown) this.tick(Math.min((nowMs - lastMs) / 1000, LONGEST_TICK_S));
      this.tickFrom(nowMs);
    });
  }

  private tick(elapsedS: number): void {
    const began = performance.now();
    const moves = this.update(elapsedS);
    const updated = performance.now();
    this.display.view.render();
    if (!moves) return; // frames without a robot that moves would make the others look cheap
    this.updateMs.add(updated - began);
    this.frameMs.add(performance.now() - began);
  }

  /** Lets time pass, and brings the page up to it; false while there is nothing that moves. */
  private update(elapsedS: number): boolean {
    const { session, bundle, drive } = this;
    if (!session || !bundle) return false;
    drive.advance(elapsedS, navigator.getGamepads());
    const pull = this.grab.pull();
    session.tick(elapsedS, this.inputOf(pull));
    if (session.log.numFrames === 0) return false;
    this.display.update(session, pull, elapsedS);
    this.transport.update(session.clock.playing, session.clock.timeS);
    return true;
  }

  private inputOf(pull: Pull | null): LiveInput {
    const { panel, drive } = this;
    return {
      command: [...drive.command],
      gait: chosenGait(sourceOf(panel.gait, this.bundle!), drive.command, this.model!.legs),
      controller: panel.controllerName === GAIT_MEMORY_ALONE ? GAIT_MEMORY_ALONE : "policy",
      pull,
    };
  }
}

/** A trot where the policy knows it, as people expect a robot to walk; else the first that it knows. */
function firstGait({ env }: PolicyBundle): string {
  return env.command.gaits.find((id) => id === "trot") ?? env.command.gaits[0];
}
