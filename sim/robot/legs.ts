/** Finds the four legs of a quadruped in its bodies, and measures them. */

import { JOINTS_PER_LEG, LEG_NAMES, type LegGeometry, NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import { InputError } from "../errors.js";
import type { Vec3 } from "../math.js";
import { add } from "../math.js";
import type { CollisionShape } from "./types.js";
import type { UrdfDocument } from "./urdf.js";
import type { Body } from "./urdf-bodies.js";
import { quote } from "./urdf-xml.js";

export interface Foot {
  readonly name: string;
  /** What touches the ground, posed from the calf body's origin. */
  readonly sphere: Sphere;
}

type Sphere = CollisionShape & { readonly kind: "sphere" };

/** One leg: the bodies that its hip, thigh and calf joints move, and the foot on the last. */
export interface Leg {
  readonly hip: Body;
  readonly thigh: Body;
  readonly calf: Body;
  readonly foot: Foot;
}

/** Lengths that leg kinematics takes as zero or equal may differ by this much, m. */
const TOLERANCE_M = 2e-3;
const AXIS_TOLERANCE = 1e-3;

/** The legs of a base in the order FL FR RL RR, told apart by where their hip joints are (x forward, y left). */
export function findLegs(
  base: Body,
  urdf: UrdfDocument,
  footLinks: readonly string[] | undefined,
  files: { readonly urdf: string; readonly tuning: string },
): Leg[] {
  const actuated = urdf.joints.filter((joint) => joint.limit);
  if (actuated.length !== NUM_JOINTS) {
    const names = actuated.map((joint) => joint.name).join(", ");
    throw new InputError(`${files.urdf}: expected ${NUM_JOINTS} actuated joints, found ${actuated.length}: ${names}`);
  }
  const chains = base.children.map(chainOf);
  if (chains.length !== NUM_LEGS || chains.some((chain) => chain.length !== JOINTS_PER_LEG)) {
    const found = chains.map((chain) => chain.map((body) => body.joint!.name).join(" > ")).join("; ");
    const place = base.links[0].link.place;
    throw new InputError(`${place}: expected four chains of three actuated joints from here, found ${found}`);
  }
  for (const name of footLinks ?? []) rejectStrayFoot(name, chains, files.tuning);
  return sortChains(chains, files.urdf).map(([hip, thigh, calf]) => {
    checkAxis(hip, "x", [1, 0, 0]);
    checkAxis(thigh, "y", [0, 1, 0]);
    checkAxis(calf, "y", [0, 1, 0]);
    return { hip: hip, thigh: thigh, calf: calf, foot: findFoot(calf, footLinks) };
  });
}

/** The bodies from `first` outwards to the end of the leg or to where it forks. */
function chainOf(first: Body): Body[] {
  const [next] = first.children;
  return next && first.children.length === 1 ? [first, ...chainOf(next)] : [first];
}

function sortChains(chains: readonly Body[][], fileName: string): Body[][] {
  const x = (chain: Body[]) => chain[0].originM[0];
  const y = (chain: Body[]) => chain[0].originM[1];
  const byX = [...chains].sort((a, b) => x(b) - x(a));
  const front = byX.slice(0, 2).sort((a, b) => y(b) - y(a));
  const rear = byX.slice(2).sort((a, b) => y(b) - y(a));
  const told = x(byX[1]) - x(byX[2]) > TOLERANCE_M && [front, rear].every(([l, r]) => y(l) - y(r) > TOLERANCE_M);
  if (!told) {
    const at = chains.map((chain) => `${chain[0].joint!.name} (${x(chain)}, ${y(chain)})`).join(", ");
    throw new InputError(`${fileName}: hip joints at (x, y) ${at}, expected two in front of two, left and right`);
  }
  return [...front, ...rear];
}

function checkAxis(body: Body, name: string, expected: Vec3): void {
  if (body.axis.every((value, i) => Math.abs(value - expected[i]) < AXIS_TOLERANCE)) return;
  const found = body.axis.map((value) => Number(value.toFixed(3))).join(" ");
  const hint = body.axis.every((value, i) => Math.abs(value + expected[i]) < AXIS_TOLERANCE)
    ? " (reverse the axis, and negate and swap the limits)"
    : "";
  throw new InputError(
    `${body.joint!.place}: axis ${found} in the base frame, expected ${name} (${expected.join(" ")})${hint}`,
  );
}

function rejectStrayFoot(name: string, chains: readonly Body[][], fileName: string): void {
  const calves = chains.map((chain) => chain.at(-1)!);
  if (calves.some((calf) => calf.links.slice(1).some(({ link }) => link.name === name))) return;
  const names = calves.map((calf) => calf.links[0].link.name).join(", ");
  throw new InputError(`${fileName}: footLinks: ${quote(name)}, expected a link fixed to one of ${names}`);
}

/** The named link fixed to this calf, or of those with a sphere the one farthest from the knee. */
function findFoot(calf: Body, footLinks: readonly string[] | undefined): Foot {
  const place = calf.links[0].link.place;
  const named = calf.links.slice(1).filter(({ link }) => !footLinks || footLinks.includes(link.name));
  if (footLinks && named.length !== 1) {
    throw new InputError(`${place}: ${named.length} of footLinks are fixed to it, expected one`);
  }
  const feet = named.flatMap(({ link, collisions }): Foot[] => {
    const sphere = collisions.find((shape) => shape.kind === "sphere");
    return sphere ? [{ name: link.name, sphere }] : [];
  });
  const [foot] = feet.sort((a, b) => Math.hypot(...b.sphere.originM) - Math.hypot(...a.sphere.originM));
  if (!foot) throw new InputError(`${place}: no foot, expected a link fixed to it with a <sphere> collision`);
  return foot;
}

/**
 * Lengths and offsets of the legs. Lateral offsets of thigh, knee and foot add up, as hip abduction is the only joint that
 * turns them. Throws InputError where the legs are not of the shape that the kinematics solves.
 */
export function measureLegs(legs: readonly Leg[], qMinRad: Float32Array, qMaxRad: Float32Array): LegGeometry {
  for (const { thigh, calf, foot } of legs) {
    expectZero(thigh, thigh.originM[2], "z, the hip's axis to pass through the thigh joint's");
    expectZero(calf, calf.originM[0], "x, the knee to be below the thigh joint at zero angles");
    expectZero(calf, foot.sphere.originM[0], "the foot's x, the foot to be below the knee at zero angles");
  }
  const thighs = legs.map(({ calf }) => -calf.originM[2]);
  const calves = legs.map(({ foot }) => -foot.sphere.originM[2]);
  const radii = legs.map(({ foot }) => foot.sphere.radiusM);
  return {
    hipOffsetM: Float32Array.from(legs.flatMap(({ hip, thigh }) => add(hip.originM, [thigh.originM[0], 0, 0]))),
    abductionOffsetM: Float32Array.from(
      legs.map(({ thigh, calf, foot }) => thigh.originM[1] + calf.originM[1] + foot.sphere.originM[1]),
    ),
    thighLengthM: commonLength(legs, thighs, "thigh length"),
    calfLengthM: commonLength(legs, calves, "calf length"),
    footRadiusM: commonLength(legs, radii, "foot radius"),
    qMinRad,
    qMaxRad,
  };
}

function expectZero(body: Body, valueM: number, what: string): void {
  if (Math.abs(valueM) <= TOLERANCE_M) return;
  throw new InputError(`${body.joint!.place}: origin ${valueM} m, expected 0 in ${what}`);
}

function commonLength(legs: readonly Leg[], lengthsM: readonly number[], what: string): number {
  lengthsM.forEach((lengthM, leg) => {
    if (lengthM > 0 && Math.abs(lengthM - lengthsM[0]) <= TOLERANCE_M) return;
    const { place } = legs[leg].calf.links[0].link;
    const expected = leg === 0 ? "a length > 0" : `${lengthsM[0]} m as of leg ${LEG_NAMES[0]}`;
    throw new InputError(`${place}: ${what} ${lengthM} m, expected ${expected}`);
  });
  return lengthsM[0];
}
