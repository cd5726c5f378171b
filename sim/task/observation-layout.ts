/** How terms are laid out as a row of numbers, and written. */

import { InputError } from "../errors.js";
import { deriveSeed } from "../rng.js";
import type { MirrorMap } from "./mirror.js";
import { joinMirrorMaps, mirrorMap } from "./mirror.js";
import type { ActorSources, ObservationTerm, SliceFields } from "./observation-term.js";

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

/** Of a slice, as JSON has it. */
export type SliceRecord = Readonly<Record<string, string | number>>;

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
function createSpec<Actor extends ActorSources, Critic extends ActorSources>(
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
