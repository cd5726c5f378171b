/** What the policy and the critic are told, as named slices. */

import { NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import { InputError } from "../errors.js";
import type { SliceRecord } from "./observation-layout.js";
import { isLaidOut, layoutProblem, Observation } from "./observation-layout.js";
import type { ActorSources, ObservationSources, ObservationTerm } from "./observation-term.js";

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
