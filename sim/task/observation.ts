/** What the policy and the critic are told, as named slices. */

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

interface SliceFields {
  readonly name: string;
  readonly size: number;
  readonly unit: string;
  readonly scale: number;
  readonly mirror: MirrorKind;
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
  /** Changes when any slice, its place or scale does. */
  readonly hash: string;
}

/** What policies that move joints can be told, by name: these, and those that a task brings along. */
const knownTerms = new Map(ACTOR_TERMS.map((term) => [term.name, term]));

/**
 * Makes slices known that policies of this process may be told besides, in place of earlier ones of the same name.
 * @throws InputError for the name of a slice that comes along
 */
export function addObservationTerms(terms: readonly ObservationTerm<ActorSources>[]): void {
  for (const term of terms) {
    if ([...ACTOR_TERMS, ...CRITIC_TERMS].some(({ name }) => name === term.name)) {
      throw new InputError(`observations: got a second slice named ${term.name}, expected a name that is not taken`);
    }
    knownTerms.set(term.name, term);
  }
}

/** What a policy is told, as terms: the actor's first, the critic's extra ones after them. */
export class Observation<Actor extends ActorSources, Critic extends ActorSources> {
  readonly spec: ObservationSpec;

  constructor(
    readonly actorTerms: readonly ObservationTerm<Actor>[],
    readonly criticTerms: readonly ObservationTerm<Critic>[],
  ) {
    this.spec = createSpec(actorTerms, criticTerms);
  }

  /** The same, and more for the actor. */
  with(terms: readonly ObservationTerm<Actor>[]): Observation<Actor, Critic> {
    return new Observation([...this.actorTerms, ...terms], this.criticTerms);
  }

  /** Writes the actor's part of observation rows, all that a robot itself can know. */
  actorWriter(sources: Actor): ObservationWriter {
    return new ObservationWriter(bind(this.actorTerms, sources));
  }

  /** Writes whole observation rows, the critic's part among it. */
  writer(sources: Actor & Critic): ObservationWriter {
    return new ObservationWriter([...bind(this.actorTerms, sources), ...bind(this.criticTerms, sources)]);
  }
}

/** Of policies that move joints. */
export type JointObservation = Observation<ActorSources, ObservationSources>;

export const OBSERVATION: JointObservation = new Observation(ACTOR_TERMS, CRITIC_TERMS);
export const OBSERVATION_SPEC = OBSERVATION.spec;

/**
 * The observation whose actor's slices are these, as a policy's file lists them.
 * @throws InputError naming the slice that is not known, or differs from the one of its name
 */
export function observationOf(slices: readonly SliceRecord[], fileName: string): JointObservation {
  if (isLaidOut(slices, OBSERVATION_SPEC)) return OBSERVATION;
  const terms = slices.map(({ name }, i) => {
    const term = knownTerms.get(String(name));
    if (!term) {
      throw new InputError(
        `${fileName}: observation.slices.${i}.name: got ${name}, expected a known slice; where a task of your own brings it along, its module is needed`,
      );
    }
    return term;
  });
  const observation = new Observation(terms, CRITIC_TERMS);
  if (!isLaidOut(slices, observation.spec)) throw new InputError(layoutProblem(slices, observation.spec, fileName));
  return observation;
}

/** Of a slice, as JSON has it. */
type SliceRecord = Readonly<Record<string, string | number>>;

/** Whether these are the actor's slices of a layout. */
export function isLaidOut(slices: readonly SliceRecord[], spec: ObservationSpec): boolean {
  const own = actorSlices(spec);
  return slices.length === own.length && slices.every((slice, i) => isSameSlice(slice, own[i]));
}

function actorSlices(spec: ObservationSpec): readonly ObservationSlice[] {
  return spec.slices.filter((slice) => slice.for === "actor");
}

function isSameSlice(record: SliceRecord, slice: ObservationSlice): boolean {
  return Object.entries(slice).every(([key, value]) => record[key] === value);
}

/** Says which slice of a file is not as this version lays it out. */
export function layoutProblem(slices: readonly SliceRecord[], spec: ObservationSpec, fileName: string): string {
  const own = actorSlices(spec);
  const at = own.findIndex((slice, i) => !slices[i] || !isSameSlice(slices[i], slice));
  const [i, expected] = at < 0 ? [own.length, "no more slices"] : [at, JSON.stringify(own[at])];
  return `${fileName}: observation.slices.${i}: got ${JSON.stringify(slices[i]) ?? "nothing"}, expected ${expected}`;
}

/** Lays terms out as rows. */
export function createSpec<Actor extends ActorSources, Critic extends ActorSources>(
  actorTerms: readonly ObservationTerm<Actor>[],
  criticTerms: readonly ObservationTerm<Critic>[],
): ObservationSpec {
  let size = 0;
  const place = (terms: readonly SliceFields[], audience: "actor" | "critic"): ObservationSlice[] =>
    terms.map(({ name, size: width, unit, scale }) => {
      const slice = { name, offset: size, size: width, unit, scale, for: audience };
      size += width;
      return slice;
    });
  const actor = place(actorTerms, "actor");
  const actorSize = size;
  const slices = [...actor, ...place(criticTerms, "critic")];
  const text = JSON.stringify(slices);
  const hash = deriveSeed(...Array.from(text, (c) => c.charCodeAt(0)));
  const mirror = joinMirrorMaps([...actorTerms, ...criticTerms].map((term) => mirrorMap(term.mirror, term.size)));
  return { slices, actorSize, size, mirror, hash: hash.toString(16).padStart(8, "0") };
}

/** A term whose arrays are picked, to be read in place. */
interface BoundTerm {
  readonly values: Float32Array | Uint8Array;
  readonly origin: Float32Array | undefined;
  /** Writes a robot's numbers to `values` [size] first, where they are computed. */
  readonly compute: ((robot: number) => void) | undefined;
  readonly scale: number;
  readonly size: number;
}

/** Picks the arrays of terms. */
function bind<Sources extends ActorSources>(terms: readonly ObservationTerm<Sources>[], sources: Sources): BoundTerm[] {
  const { gaitMemory } = sources.control.config;
  return terms.map((term) => {
    const { size, ofGaitMemory } = term;
    const scale = ofGaitMemory && !gaitMemory ? 0 : term.scale;
    if ("values" in term) {
      const values = term.values(sources);
      checkCount(term.name, values.length, sources.control.numRobots * size);
      return { values, origin: term.origin?.(sources), compute: undefined, scale, size };
    }
    const values = new Float32Array(size);
    return { values, origin: undefined, compute: (robot) => term.of(values, sources, robot), scale, size };
  });
}

function checkCount(name: string, got: number, expected: number): void {
  if (got !== expected)
    throw new InputError(`observations.${name}: got an array of ${got} numbers, expected ${expected}`);
}

/** Writes observation rows. */
export class ObservationWriter {
  constructor(private readonly terms: readonly BoundTerm[]) {}

  /** Writes one robot's row to `out[offset ...]`. */
  write(out: Float32Array, offset: number, robot: number): void {
    let o = offset;
    for (let t = 0; t < this.terms.length; t++) {
      const { values, origin, compute, scale, size } = this.terms[t];
      compute?.(robot);
      const from = compute ? 0 : robot * size;
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
