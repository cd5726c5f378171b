/** Live mode: a robot that is simulated in the page, and driven by whoever is there. */

import type { PolicyBundle } from "../../policy/bundle.js";
import { createRobotModel } from "../../sim/robot-model.js";
import type { RobotModel } from "../../sim/types.js";
import { AddressWriter } from "../deep-link.js";
import { byId } from "../dom.js";
import type { OverlayName } from "../overlays.js";
import { GaitDiagram } from "../panels/gait-diagram.js";
import { Notice } from "../panels/notice.js";
import { createPose, interpolatePose, type ReplayPose } from "../replay.js";
import { onThemeChange, readTheme } from "../theme.js";
import type { Pull } from "./disturbances.js";
import { Drive } from "./drive.js";
import { chosenGait } from "./gait-choice.js";
import { Grab } from "./grab.js";
import { Joystick } from "./joystick.js";
import { bindLiveKeys } from "./live-keys.js";
import { formatLiveLink, parseLiveLink } from "./live-link.js";
import { GAIT_MEMORY_ALONE, LivePanel } from "./live-panel.js";
import { LiveReadout } from "./live-readout.js";
import { LiveSession } from "./live-session.js";
import type { LiveInput } from "./live-simulation.js";
import { describeGait, type LivePageState } from "./live-state.js";
import { LiveTransport } from "./live-transport.js";
import { LiveView } from "./live-view.js";
import { fetchPolicy, knowsGait, POLICY_NAMES } from "./policies.js";
import { RunningMedian } from "./running-median.js";

/** After a longer pause (another tab, a suspended laptop) the simulation goes on where it was, s. */
const LONGEST_TICK_S = 0.5;
const OVERLAYS: readonly OverlayName[] = ["feet", "trails", "forces", "velocity"];

export class LiveApp {
  private readonly notice = new Notice(byId("live-notice", HTMLElement), "[data-needs-live]");
  private readonly readout = new LiveReadout();
  private readonly gait: GaitDiagram;
  private readonly view: LiveView;
  private readonly grab: Grab;
  private readonly drive = new Drive({ vxMPerS: [0, 0], vyMPerS: [0, 0], yawRateRadPerS: [0, 0] });
  private readonly panel: LivePanel;
  private readonly transport: LiveTransport;
  private readonly address = new AddressWriter();
  private readonly pose = createPose();
  /** Time that the pose is of. */
  private shownS = 0;
  private readonly updateMs = new RunningMedian();
  private readonly frameMs = new RunningMedian();
  private bundle: PolicyBundle | null = null;
  private model: RobotModel | null = null;
  private session: LiveSession | null = null;
  private shown = false;
  /** Counts what was asked for, so that a late answer to something older is dropped. */
  private request = 0;

  /** Throws NoWebGlError where the browser cannot draw. */
  constructor() {
    const canvas = byId("live-scene", HTMLCanvasElement);
    this.view = new LiveView(canvas, readTheme());
    this.grab = new Grab(canvas, this.view);
    this.gait = new GaitDiagram(byId("live-gait", HTMLCanvasElement), readTheme(), 1);
    this.panel = new LivePanel(this.drive, {
      changeGround: () => this.startGround(),
      changeGait: () => this.changeGait(),
      changeController: () => this.changeController(),
    });
    this.transport = new LiveTransport(this.actions);
    new Joystick(byId("joystick", HTMLElement), (deflection) => {
      this.drive.joystick = deflection;
    });
    this.bindToggles();
    this.bindKeys();
    onThemeChange((theme) => {
      this.view.setTheme(theme);
      this.gait.setTheme(theme);
    });
    this.tickFrom(performance.now());
  }

  private readonly actions = {
    togglePlay: () => this.togglePlay(),
    stepOnce: () => this.session?.stepOnce(),
    setSpeed: (speed: number) => this.setSpeed(speed),
    reset: () => this.session?.cause("reset"),
    push: () => this.session?.cause("push"),
    dropPlanks: () => this.session?.cause("planks"),
  };

  /** Shows what an address names; the first time also loads everything. */
  async open(hash: string): Promise<void> {
    const { terrain, gait } = parseLiveLink(hash);
    this.panel.terrain = terrain;
    if (!this.session) return this.changeController(gait);
    if (gait) this.panel.gait = gait;
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
    const { session, pose, shownS, panel, updateMs, frameMs } = this;
    return {
      timeS: shownS,
      playing: session?.clock.playing ?? false,
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
      // Without a policy, the robot is that of the first one.
      const name = controllerName === GAIT_MEMORY_ALONE ? POLICY_NAMES[0] : controllerName;
      const bundle = await fetchPolicy(name);
      if (request !== this.request) return;
      const first = this.session === null;
      this.showPolicy(bundle);
      if (gait || first) this.panel.gait = gait ?? firstGait(bundle);
      await this.startGround();
    } catch (error) {
      if (request === this.request) this.notice.show(error);
    }
  }

  private showPolicy(bundle: PolicyBundle): void {
    const { control, command } = bundle.env;
    this.bundle = bundle;
    this.drive.setLimits(command);
    this.panel.setLimits(command);
    this.model = createRobotModel(bundle.robot, bundle.robot.name);
    standStill(this.pose, this.model);
    this.view.showRobot(bundle.robot, this.model, this.pose);
    this.notice.hide();
    this.session?.stop();
    const session = new LiveSession(control.stepS, (error) => {
      if (session === this.session) this.notice.show(error);
    });
    this.session = session;
    this.gait.show(session.log);
  }

  private async startGround(): Promise<void> {
    const { session, bundle, panel } = this;
    if (!session || !bundle) return;
    const request = ++this.request;
    const spec = panel.terrain;
    this.readout.say("Making the ground…");
    try {
      const terrain = await session.start({ bundle, terrain: spec, seed: spec.seed });
      if (request !== this.request) return;
      this.view.showGround(terrain);
      this.readout.say("");
      this.changeGait();
      this.notice.hide();
    } catch (error) {
      if (request === this.request) this.notice.show(error);
    }
  }

  private changeGait(): void {
    const { panel, bundle } = this;
    const alone = panel.controllerName === GAIT_MEMORY_ALONE;
    panel.showKnown((gait) => alone || knowsGait(bundle!, gait));
    this.readout.showRun(alone ? "Gait memory alone" : `Policy “${panel.controllerName}”`, panel.terrain);
    if (this.shown) this.address.write(formatLiveLink({ terrain: panel.terrain, gait: panel.gait }));
  }

  private togglePlay(): void {
    if (this.session) this.session.clock.playing = !this.session.clock.playing;
  }

  private setSpeed(speed: number): void {
    if (this.session) this.session.clock.speed = speed;
  }

  private bindToggles(): void {
    const bind = (id: string, onChange: (on: boolean) => void) => {
      const box = byId(id, HTMLInputElement);
      box.addEventListener("change", () => onChange(box.checked));
      onChange(box.checked);
    };
    bind("show-follow", (on) => this.view.setFollowing(on));
    bind("show-collision", (on) => this.view.setCollisionShown(on));
    for (const name of OVERLAYS) bind(`show-${name}`, (on) => this.view.setShown(name, on));
  }

  private bindKeys(): void {
    const { drive, actions, panel } = this;
    bindLiveKeys({
      isActive: () => this.shown,
      press: (code, fast) => drive.press(code, fast),
      release: (code) => drive.release(code),
      releaseAll: () => drive.releaseAll(),
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
        f: () => byId("show-follow", HTMLInputElement).click(),
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
    this.update(elapsedS);
    const updated = performance.now();
    this.view.render();
    this.updateMs.add(updated - began);
    this.frameMs.add(performance.now() - began);
  }

  /** Lets time pass, and brings the page up to it. */
  private update(elapsedS: number): void {
    const { session, bundle, drive, pose } = this;
    if (!session || !bundle) return;
    drive.advance(elapsedS, navigator.getGamepads());
    const pull = this.grab.pull();
    session.tick(elapsedS, this.inputOf(pull));
    const { log, clock } = session;
    if (log.numFrames === 0) return;
    this.shownS = clock.timeS;
    interpolatePose(pose, log, clock.timeS);
    this.view.apply(pose, log, clock.timeS, elapsedS);
    this.view.showPlanks(session.planks);
    this.view.showPull(pull);
    this.gait.update(clock.timeS);
    this.transport.update(clock.playing, clock.timeS);
    this.tell(session);
  }

  private inputOf(pull: Pull | null): LiveInput {
    const { panel, drive } = this;
    return {
      command: [...drive.command],
      gait: chosenGait(panel.gait, drive.command, this.model!.legs, Boolean(this.bundle?.selector)),
      corrected: panel.controllerName !== GAIT_MEMORY_ALONE,
      pull,
    };
  }

  private tell({ log, clock, fellAtS, falls, stepMs }: LiveSession): void {
    if (fellAtS !== null) this.readout.say("Fell. It starts again in a moment.");
    else if (log.endS < 1) this.readout.say("");
    const frame = log.frame(log.numFrames - 1);
    this.readout.update(log, clock.timeS, {
      speed: `${frame[log.column("baseVelocity").offset].toFixed(2)} m/s`,
      command: `${frame[log.column("command").offset].toFixed(2)} m/s`,
      falls: String(falls),
      step: `${stepMs.value.toFixed(1)} ms`,
    });
  }
}

/** A trot where the policy knows it, as people expect a robot to walk; else the first that it knows. */
function firstGait({ env }: PolicyBundle): string {
  return env.command.gaits.find((id) => id === "trot") ?? env.command.gaits[0];
}

/** The pose to look at until the simulation runs. */
function standStill(pose: ReplayPose, { nominalHeightM, qDefaultRad }: RobotModel): void {
  pose.basePosition.set([0, 0, nominalHeightM]);
  pose.baseRotation.set([0, 0, 0, 1]);
  pose.jointPosition.set(qDefaultRad);
}
