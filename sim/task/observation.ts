/** What the policy and the critic are told, as named slices. */

import { GAITS } from "../../gaits/library.js";
import { NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import type { LocomotionControl } from "../control/locomotion-control.js";
import type { SensorReadings } from "../control/sensors.js";
import { InputError } from "../errors.js";
import { deriveSeed } from "../rng.js";
import type { RobotState } from "../robot/state.js";
import { joinMirrorMaps, type MirrorKind, type MirrorMap, mirrorMap } from "./mirror.js";
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

/** One named slice: `scale · (value − origin)`. */
export interface ObservationTerm<Sources extends ActorSources> {
  readonly name: string;
  readonly size: number;
  readonly unit: string;
  readonly scale: number;
  readonly mirror: MirrorKind;
  readonly values: (sources: Sources) => Float32Array | Uint8Array;
  /** Subtracted before scaling; [size]. */
  readonly origin?: (sources: Sources) => Float32Array;
  /** Comes from the gait memory: 0 where the policy does without. */
  readonly ofGaitMemory?: boolean;
}

const FEET = 3 * NUM_LEGS;

/** For the actor: only what an A1 senses (gyroscope, gravity direction, joints, foot contacts) or computes from that. */
const ACTOR_TERMS: readonly ObservationTerm<ActorSources>[] = [
  {
    name: "projectedGravity",
    size: 3,
    unit: "1",
    scale: 1,
    mirror: "vector",
    values: (s) => s.readings.projectedGravity,
  },
  {
    name: "baseAngularVelocity",
    size: 3,
    unit: "rad/s",
    scale: 0.25,
    mirror: "turning",
    values: (s) => s.readings.baseAngularVelocity,
  },
  {
    name: "estimatedVelocity",
    size: 3,
    unit: "m/s",
    scale: 2,
    mirror: "vector",
    values: (s) => s.control.estimate.velocity,
  },
  { name: "estimatedHeight", size: 1, unit: "m", scale: 10, mirror: "same", values: (s) => s.control.estimate.height },
  {
    name: "contactProbability",
    size: NUM_LEGS,
    unit: "1",
    scale: 1,
    mirror: "legs",
    values: (s) => s.control.estimate.contactProbability,
  },
  {
    name: "jointPosition",
    size: NUM_JOINTS,
    unit: "rad",
    scale: 1,
    mirror: "joints",
    values: (s) => s.readings.jointPosition,
    origin: (s) => s.control.model.qDefaultRad,
  },
  {
    name: "jointVelocity",
    size: NUM_JOINTS,
    unit: "rad/s",
    scale: 0.05,
    mirror: "joints",
    values: (s) => s.readings.jointVelocity,
  },
  { name: "lastAction", size: NUM_JOINTS, unit: "1", scale: 0.5, mirror: "joints", values: (s) => s.control.action },
  { name: "command", size: 3, unit: "m/s, m/s, rad/s", scale: 2, mirror: "command", values: (s) => s.control.command },
  {
    name: "scheduledContact",
    size: NUM_LEGS,
    unit: "1",
    scale: 1,
    mirror: "legs",
    values: (s) => s.control.gait.reference.contact,
    ofGaitMemory: true,
  },
  {
    name: "legPhase",
    size: 2 * NUM_LEGS,
    unit: "sin, cos",
    scale: 1,
    mirror: "legs",
    values: (s) => s.control.phaseVector,
    ofGaitMemory: true,
  },
  {
    name: "gaitTiming",
    size: 2,
    unit: "Hz, 1",
    scale: 0.5,
    mirror: "same",
    values: (s) => s.control.gaitTiming,
    ofGaitMemory: true,
  },
  {
    name: "footTarget",
    size: FEET,
    unit: "m",
    scale: 5,
    mirror: "legVectors",
    values: (s) => s.control.gait.reference.footTargetM,
    origin: (s) => s.control.nominalFeet,
    ofGaitMemory: true,
  },
];

/** Slices that are 0 where the policy does without the gait memory. */
export const GAIT_MEMORY_SLICES: ReadonlySet<string> = new Set(
  ACTOR_TERMS.filter((term) => term.ofGaitMemory).map(({ name }) => name),
);

/** For the critic besides: the truth, noise-free. */
export const CRITIC_TERMS: readonly ObservationTerm<ObservationSources>[] = [
  { name: "baseVelocity", size: 3, unit: "m/s", scale: 2, mirror: "vector", values: (s) => s.state.baseVelocity },
  { name: "baseHeight", size: 1, unit: "m", scale: 10, mirror: "same", values: (s) => s.privileged.baseHeight },
  { name: "footContact", size: NUM_LEGS, unit: "1", scale: 1, mirror: "legs", values: (s) => s.state.footContact },
  {
    name: "friction",
    size: 1,
    unit: "1",
    scale: 1,
    mirror: "same",
    values: (s) => s.privileged.randomization.friction,
  },
  {
    name: "payload",
    size: 1,
    unit: "kg",
    scale: 0.5,
    mirror: "same",
    values: (s) => s.privileged.randomization.payloadKg,
  },
  {
    name: "motorStrength",
    size: 1,
    unit: "1",
    scale: 5,
    mirror: "same",
    values: (s) => s.privileged.randomization.motorStrength,
  },
];

export interface ObservationSlice {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly unit: string;
  readonly scale: number;
  readonly for: "actor" | "critic";
}

/** The layout of an observation row: the actor's slices first, the critic's extra ones after them. */
export interface ObservationSpec {
  readonly slices: readonly ObservationSlice[];
  /** The actor reads the first `actorSize` numbers of a row, the critic all `size`. */
  readonly actorSize: number;
  readonly size: number;
  /** A row in the mirror. */
  readonly mirror: MirrorMap;
  /** Changes when any slice, its place, scale or the gait table does. */
  readonly hash: string;
}

export const OBSERVATION_SPEC: ObservationSpec = createSpec(ACTOR_TERMS, CRITIC_TERMS);

/** Lays terms out as rows. */
export function createSpec<Actor extends ActorSources, Critic extends ActorSources>(
  actorTerms: readonly ObservationTerm<Actor>[],
  criticTerms: readonly ObservationTerm<Critic>[],
): ObservationSpec {
  let size = 0;
  const place = (
    terms: readonly Omit<ObservationTerm<never>, "values" | "origin">[],
    audience: "actor" | "critic",
  ): ObservationSlice[] =>
    terms.map(({ name, size: width, unit, scale }) => {
      const slice = { name, offset: size, size: width, unit, scale, for: audience };
      size += width;
      return slice;
    });
  const actor = place(actorTerms, "actor");
  const actorSize = size;
  const slices = [...actor, ...place(criticTerms, "critic")];
  const text = JSON.stringify([slices, GAITS]);
  const hash = deriveSeed(...Array.from(text, (c) => c.charCodeAt(0)));
  const mirror = joinMirrorMaps([...actorTerms, ...criticTerms].map((term) => mirrorMap(term.mirror, term.size)));
  return { slices, actorSize, size, mirror, hash: hash.toString(16).padStart(8, "0") };
}

/** A term whose arrays are picked, to be read in place. */
export interface BoundTerm {
  readonly values: Float32Array | Uint8Array;
  readonly origin: Float32Array | undefined;
  readonly scale: number;
  readonly size: number;
}

/** Picks the arrays of terms. */
export function bind<Sources extends ActorSources>(
  terms: readonly ObservationTerm<Sources>[],
  sources: Sources,
): BoundTerm[] {
  const { gaitMemory } = sources.control.config;
  return terms.map(({ values, origin, scale, size, ofGaitMemory }) => ({
    values: values(sources),
    origin: origin?.(sources),
    scale: ofGaitMemory && !gaitMemory ? 0 : scale,
    size,
  }));
}

/** Writes the actor's part of observation rows, all that a robot itself can know. */
export function actorWriter(sources: ActorSources): ObservationWriter {
  return new ObservationWriter(bind(ACTOR_TERMS, sources));
}

/** Writes whole observation rows, the critic's part among it. */
export function observationWriter(sources: ObservationSources): ObservationWriter {
  return new ObservationWriter([...bind(ACTOR_TERMS, sources), ...bind(CRITIC_TERMS, sources)]);
}

/** Writes observation rows. */
export class ObservationWriter {
  constructor(private readonly terms: readonly BoundTerm[]) {}

  /** Writes one robot's row to `out[offset ...]`. */
  write(out: Float32Array, offset: number, robot: number): void {
    let o = offset;
    for (let t = 0; t < this.terms.length; t++) {
      const { values, origin, scale, size } = this.terms[t];
      const from = robot * size;
      for (let k = 0; k < size; k++) out[o++] = scale * (values[from + k] - (origin ? origin[k] : 0));
    }
  }
}

/** Policies only understand the observation that they were trained on. */
export function checkObservationHash(hash: string, fileName: string, spec: ObservationSpec): void {
  if (hash !== spec.hash) {
    throw new InputError(
      `${fileName}: made for observation layout ${hash}, this version's is ${spec.hash}: train again`,
    );
  }
}
