/** The robot of a URDF, of primitive shapes and meshes, posed joint by joint. */

import {
  Group,
  type Material,
  MeshPhongMaterial,
  MeshStandardMaterial,
  type Object3D,
  type Raycaster,
  type SkinnedMesh,
  type Vector3,
} from "three";
import URDFLoader from "urdf-loader";
// From its own file: the package's entry re-exports it in a way that TypeScript does not resolve in ES modules.
import type { URDFCollider, URDFLink, URDFRobot, URDFVisual } from "urdf-loader/src/URDFClasses.js";
import { type MeshContents, meshesIn, readMesh } from "../recording/mesh-files.js";
import { disposeMerged, type LinkShapes, mergeShapes } from "./merged-shapes.js";
import type { ReplayPose } from "./pose.js";

/** A link, and its shapes: those to be seen, and those that physics knows. */
interface LinkParts {
  readonly link: URDFLink;
  readonly visuals: readonly URDFVisual[];
  readonly colliders: readonly URDFCollider[];
}

export class RobotView {
  readonly root = new Group();
  /** Its joints and links; their shapes are out of the scene, where each frame would place them anew. */
  private robot: URDFRobot | null = null;
  private parts: readonly LinkParts[] = [];
  /** What is drawn. */
  private merged: readonly SkinnedMesh[] = [];
  private jointNames: readonly string[] = [];
  private collisionShown = false;

  /** Replaces the robot. `jointNames` gives the order of a pose's joints. */
  show(urdf: string, meshes: MeshContents, jointNames: readonly string[]): void {
    this.robot?.removeFromParent();
    for (const { geometry } of this.parts.flatMap(shapesIn).flatMap(meshesIn)) geometry.dispose();
    this.robot = parse(urdf, meshes);
    this.jointNames = jointNames;
    for (const name of jointNames) {
      const joint = this.robot.joints[name];
      if (!joint) throw new Error(`The run's robot.urdf has no joint named "${name}".`);
      joint.ignoreLimits = true; // what was measured is shown, also beyond a limit
    }
    dress(this.robot);
    this.parts = Object.values(this.robot.links).map(partsOf);
    for (const shape of this.parts.flatMap(shapesIn)) shape.removeFromParent();
    this.root.add(this.robot);
    this.setCollisionShown(this.collisionShown);
  }

  /**
   * Shows the shapes that physics knows, or those that are there to be seen. Where a link's are not, as meshes that nobody has,
   * the former stand in for them.
   */
  setCollisionShown(shown: boolean): void {
    this.collisionShown = shown;
    disposeMerged(this.merged);
    this.merged = mergeShapes(shapesToDraw(this.parts, shown));
    for (const mesh of this.merged) this.root.add(mesh);
  }

  /** Where a ray first meets the robot as it was last drawn, world frame, or null. */
  hit(raycaster: Raycaster): Vector3 | null {
    for (const mesh of this.merged) mesh.computeBoundingSphere(); // of this pose
    return raycaster.intersectObjects([...this.merged], false)[0]?.point ?? null;
  }

  apply(pose: ReplayPose): void {
    this.root.position.fromArray(pose.basePosition);
    this.root.quaternion.fromArray(pose.baseRotation);
    for (let i = 0; i < this.jointNames.length; i++) {
      this.robot?.setJointValue(this.jointNames[i], pose.jointPosition[i]);
    }
  }
}

function parse(urdf: string, meshes: MeshContents): URDFRobot {
  const loader = new URDFLoader();
  loader.parseCollision = true;
  // Meshes are known by what the URDF calls them.
  loader.packages = (name: string) => `package://${name}`;
  loader.loadMeshCb = (path, _manager, material, done) => {
    const contents = meshes.get(path);
    const mesh = contents && readMesh(path, contents, material);
    if (mesh) done(mesh);
  };
  const robot: URDFRobot = loader.parse(urdf);
  // Physics knows no meshes, so none of them is a collision shape.
  for (const { colliders } of Object.values(robot.links).map(partsOf)) {
    for (const collider of colliders) if (collider.urdfNode?.querySelector("mesh")) collider.clear();
  }
  return robot;
}

function partsOf(link: URDFLink): LinkParts {
  return {
    link,
    visuals: link.children.filter((part): part is URDFVisual => "isURDFVisual" in part),
    colliders: link.children.filter((part): part is URDFCollider => "isURDFCollider" in part),
  };
}

function shapesIn({ visuals, colliders }: LinkParts): Object3D[] {
  return [...visuals, ...colliders];
}

/** The collision shapes, or those to be seen, for which the former stand in where there are none. */
function shapesToDraw(parts: readonly LinkParts[], collisionShown: boolean): LinkShapes[] {
  const anySeen = parts.some(({ visuals }) => visuals.some(holdsMesh));
  return parts.map(({ link, visuals, colliders }) => {
    const standIn = !visuals.some(holdsMesh) && (visuals.length > 0 || !anySeen);
    const drawn = collisionShown || standIn ? colliders : visuals;
    return { link, meshes: drawn.flatMap(meshesIn) as LinkShapes["meshes"][number][] };
  });
}

function holdsMesh(part: Object3D): boolean {
  return meshesIn(part).length > 0;
}

/** Gives every mesh a material that the stage's light suits. */
function dress(robot: URDFRobot): void {
  const dressed = new Map<Material, MeshStandardMaterial>();
  for (const mesh of meshesIn(robot)) {
    if (!(mesh.material instanceof MeshPhongMaterial)) continue;
    const material = dressed.get(mesh.material) ?? standardMaterial(mesh.material);
    dressed.set(mesh.material, material);
    mesh.material = material;
  }
}

function standardMaterial({ color, opacity, transparent }: MeshPhongMaterial): MeshStandardMaterial {
  // URDF colours are meant for screens; the loader takes them for linear light, which would wash them out.
  const linear = color.clone().convertSRGBToLinear();
  return new MeshStandardMaterial({ color: linear, opacity, transparent, roughness: 0.45 });
}
