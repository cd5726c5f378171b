/**
 * Groups a URDF's links into bodies: all links joined by fixed joints move as one. Everything is expressed with all joints at
 * zero in axes parallel to the root link's, which is what leg kinematics and the physics want; joint angles keep their meaning.
 */

import { InputError } from "../errors.js";
import type { Vec3 } from "../math.js";
import { add, IDENTITY, multiply, rotate } from "../math.js";
import { inertiaFault, isPositiveDefinite, type MassProperties, mergeMass, rotateInertia } from "./inertia.js";
import type { CollisionShape } from "./types.js";
import type { Pose, UrdfDocument, UrdfJoint, UrdfLink } from "./urdf.js";
import { quote } from "./urdf-xml.js";

/** A link within its body, in root axes from the body's origin. */
export interface BodyLink extends Pose {
  readonly link: UrdfLink;
  readonly collisions: readonly CollisionShape[];
}

export interface Body {
  /** The joint that moves it and its axis in root axes; null for the base. */
  readonly joint: UrdfJoint | null;
  readonly axis: Vec3;
  /** From the parent body's origin (the base's is its root link's), m. */
  readonly originM: Vec3;
  /** The first is the one that the joint moves. */
  readonly links: readonly BodyLink[];
  readonly children: readonly Body[];
}

/** The base body with everything that hangs on it. Throws InputError unless the links form one tree. */
export function buildBodies(urdf: UrdfDocument, fileName: string): Body {
  const links = new Map(urdf.links.map((link) => [link.name, link]));
  const outgoing = new Map<string, UrdfJoint[]>(urdf.links.map((link) => [link.name, []]));
  const moved = new Map<string, UrdfJoint>();
  for (const joint of urdf.joints) {
    for (const end of ["parent", "child"] as const) {
      if (links.has(joint[end])) continue;
      throw new InputError(
        `${joint.place} > ${end}: link=${quote(joint[end])}, expected the name of a link in the file`,
      );
    }
    const other = moved.get(joint.child);
    if (other) {
      const both = `${quote(other.name)} and ${quote(joint.name)}`;
      throw new InputError(`${fileName}: link ${quote(joint.child)}: child of joints ${both}, expected one joint`);
    }
    moved.set(joint.child, joint);
    outgoing.get(joint.parent)!.push(joint);
  }
  const root = findRoot(urdf, moved, outgoing, fileName);
  return growBody(null, [0, 0, 0], placeLink(root, { originM: [0, 0, 0], rotation: IDENTITY }), { links, outgoing });
}

/** The one link that is nobody's child, after checking that every link hangs on it. */
function findRoot(
  urdf: UrdfDocument,
  moved: ReadonlyMap<string, UrdfJoint>,
  outgoing: ReadonlyMap<string, UrdfJoint[]>,
  fileName: string,
): UrdfLink {
  const roots = urdf.links.filter((link) => !moved.has(link.name));
  if (roots.length > 1) {
    const names = roots.map((link) => quote(link.name)).join(", ");
    throw new InputError(`${fileName}: expected one root link, found ${roots.length}: ${names}`);
  }
  const afloat = urdf.joints.find((joint) => joint.type === "floating" && moved.has(joint.parent));
  if (afloat) throw new InputError(`${afloat.place}: type="floating", expected that only of a joint on the root link`);
  const reached = new Set<string>(roots.map((link) => link.name));
  for (const name of reached) for (const joint of outgoing.get(name)!) reached.add(joint.child);
  const lost = urdf.links.find((link) => !reached.has(link.name));
  if (lost) throw new InputError(`${lost.place}: part of a cycle of joints, expected a tree of links`);
  if (!roots[0]) throw new InputError(`${fileName}: no <link>, expected a tree of links`);
  return roots[0];
}

interface Graph {
  readonly links: ReadonlyMap<string, UrdfLink>;
  readonly outgoing: ReadonlyMap<string, readonly UrdfJoint[]>;
}

/** Collects the links fixed to `first` (posed from the body's origin) and grows a child body at every actuated joint. */
function growBody(joint: UrdfJoint | null, originM: Vec3, first: BodyLink, graph: Graph): Body {
  const links = [first];
  const children: Body[] = [];
  for (const parent of links) {
    for (const next of graph.outgoing.get(parent.link.name)!) {
      const link = graph.links.get(next.child)!;
      const offset = add(parent.originM, rotate(parent.rotation, next.originM));
      const rotation = multiply(parent.rotation, next.rotation);
      if (next.limit) children.push(growBody(next, offset, placeLink(link, { originM: [0, 0, 0], rotation }), graph));
      else links.push(placeLink(link, { originM: offset, rotation }));
    }
  }
  return { joint, axis: joint ? rotate(first.rotation, joint.axis) : [0, 0, 0], originM, links, children };
}

function placeLink(link: UrdfLink, { originM, rotation }: Pose): BodyLink {
  const collisions = link.collisions.map((shape) => ({
    ...shape,
    originM: add(originM, rotate(rotation, shape.originM)),
    rotation: multiply(rotation, shape.rotation),
  }));
  return { link, originM, rotation, collisions };
}

/** Mass, common centre of mass and inertia of all links of a body, in root axes from the body's origin. */
export function bodyMass(body: Body): MassProperties {
  const moving = body.links[0].link;
  const merged = mergeMass(body.links.flatMap(linkMass));
  if (body.links.every(({ link }) => !link.inertial)) {
    throw new InputError(`${moving.place}: element <inertial> is missing, expected mass and inertia of a moving link`);
  }
  if (merged.massKg === 0) throw new InputError(`${moving.place}: mass 0 kg, expected a mass > 0 on a moving link`);
  if (!isPositiveDefinite(merged.inertiaKgM2)) {
    const tensor = merged.inertiaKgM2.join(" ");
    throw new InputError(`${moving.place}: inertia ${tensor} (xx xy xz yy yz zz), expected it to be positive definite`);
  }
  return merged;
}

function linkMass({ link, originM, rotation }: BodyLink): MassProperties[] {
  if (!link.inertial) return [];
  const { massKg, inertiaKgM2 } = link.inertial;
  const fault = inertiaFault(inertiaKgM2);
  if (fault) throw new InputError(`${link.place} > inertial > inertia: ${fault}`);
  return [
    {
      massKg,
      comM: add(originM, rotate(rotation, link.inertial.originM)),
      inertiaKgM2: rotateInertia(inertiaKgM2, multiply(rotation, link.inertial.rotation)),
    },
  ];
}
