import type { VecEnv } from "../../sim/env.js";
import { EPISODE_FRAME_SIZE, type EpisodeColumnName, episodeColumn } from "../../sim/episode-log.js";

/**
 * Lays out the robots of an environment as frames of an episode log: the state after a step beside what was commanded and
 * scheduled during it.
 */
export class FrameWriter {
  /** Commands of the step. [N, 3] */
  readonly command: Float32Array;
  /** Contacts that the gait memory scheduled for the step. [N, 4] */
  readonly scheduledContact: Uint8Array;
  /** Phases of the step, cycles. [N, 4] */
  readonly phase: Float32Array;
  private readonly footTarget: Float32Array;
  private readonly gait: Uint8Array;
  private readonly transition: Uint8Array;
  private readonly frame = new Float32Array(EPISODE_FRAME_SIZE);
  private readonly timeOffset = episodeColumn("time").offset;
  private readonly copies: { source: Float32Array | Uint8Array; size: number; offset: number }[];

  /**
   * @param gaitProbability of the gait selection policy's last choices, where one chooses. [N, SELECTABLE_GAITS]
   * @param push what pushed robots at the step's begin, as the column of this name, where they are pushed. [N, 6]
   */
  constructor(
    private readonly env: Pick<VecEnv, "physics" | "control">,
    gaitProbability?: Float32Array,
    push?: Float32Array,
  ) {
    const { physics, control } = env;
    const { state } = physics;
    const { contact, footTargetM, phase, gaitIndex, transition } = control.gait.reference;
    this.command = control.command.slice();
    this.scheduledContact = contact.slice();
    this.footTarget = footTargetM.slice();
    this.phase = phase.slice();
    this.gait = gaitIndex.slice();
    this.transition = transition.slice();
    const copy = (name: EpisodeColumnName, source: Float32Array | Uint8Array) => ({ source, ...episodeColumn(name) });
    this.copies = [
      copy("basePosition", state.basePosition),
      copy("baseRotation", state.baseRotation),
      copy("jointPosition", state.jointPosition),
      copy("jointVelocity", state.jointVelocity),
      copy("jointTorque", state.jointTorque),
      copy("jointTarget", control.jointTarget),
      copy("command", this.command),
      copy("baseVelocity", state.baseVelocity),
      copy("baseAngularVelocity", state.baseAngularVelocity),
      copy("contact", state.footContact),
      copy("scheduledContact", this.scheduledContact),
      copy("footTarget", this.footTarget),
      copy("gait", this.gait),
      copy("transition", this.transition),
      ...(gaitProbability ? [copy("gaitProbability", gaitProbability)] : []),
      ...(push ? [copy("push", push)] : []),
    ];
  }

  /** To be called before each step of the environment, which moves commands and schedule on. */
  beforeStep(): void {
    const { command, gait } = this.env.control;
    const { contact, footTargetM, phase, gaitIndex, transition } = gait.reference;
    this.command.set(command);
    this.scheduledContact.set(contact);
    this.footTarget.set(footTargetM);
    this.phase.set(phase);
    this.gait.set(gaitIndex);
    this.transition.set(transition);
  }

  /** One robot after the step; the frame is overwritten by the next call. [EPISODE_FRAME_SIZE] */
  write(robot: number, timeS: number): Float32Array {
    this.frame[this.timeOffset] = timeS;
    for (const { source, size, offset } of this.copies) {
      for (let k = 0; k < size; k++) this.frame[offset + k] = source[robot * size + k];
    }
    return this.frame;
  }
}
