/** One named slice of what a policy or a critic is told, and where its numbers come from. */

import type { LocomotionControl } from "../control/locomotion-control.js";
import type { SensorReadings } from "../control/sensors.js";
import type { RobotState } from "../robot/state.js";
import type { MirrorKind } from "./mirror.js";
import type { Randomization } from "./randomization.js";

/** Where the actor's observations come from: what a robot has. */
export interface ActorSources {
  readonly readings: SensorReadings;
  readonly control: LocomotionControl;
}

/** Where the actor's and the critic's come from. */
export interface ObservationSources extends ActorSources {
  /** The truth, for the critic. */
  readonly state: RobotState;
  readonly privileged: PrivilegedState;
}

/** What only a simulator knows; for the critic. */
export interface PrivilegedState {
  /** Height of the base above the ground under it, m. [N] */
  readonly baseHeight: Float32Array;
  readonly randomization: Pick<Randomization, "friction" | "payloadKg" | "motorStrength">;
}

/** One named slice: `scale · (value − origin)`. Its numbers are read in place, or computed by `of`. */
export type ObservationTerm<Sources extends ActorSources> = SliceFields &
  (
    | {
        /** Arrays of all robots, [N, size], whose numbers change in place. */
        readonly values: (sources: Sources) => Float32Array | Uint8Array;
        /** Subtracted before scaling; [size]. */
        readonly origin?: (sources: Sources) => Float32Array;
      }
    /** Writes one robot's numbers to `out` [size], once a policy step. */
    | { readonly of: (out: Float32Array, sources: Sources, robot: number) => void }
  );

export interface SliceFields {
  readonly name: string;
  readonly size: number;
  readonly unit: string;
  readonly scale: number;
  readonly mirror: MirrorKind;
  /** Comes from the gait memory: 0 where the policy does without. */
  readonly ofGaitMemory?: boolean;
}
