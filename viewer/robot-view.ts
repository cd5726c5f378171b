/** The robot of a URDF, of primitive shapes and meshes, posed joint by joint. */

import {
  Group,
  type Material,
  Mesh,
  MeshPhongMaterial,
  MeshStandardMaterial,
  type Object3D,
  type Raycaster,
  type Vector3,
} from "three";
import URDFLoader from "urdf-loader";
// From its own file: the package's entry re-exports it in a way that TypeScript does not resolve in ES modules.
import type { URDFCollider, URDFLink, URDFRobot, URDFVisual } from "urdf-loader/src/URDFClasses.js";
import { type MeshContents, meshesIn, readMesh } from "./mesh-files.js";
import type { ReplayPose } from "./replay.js";

export class RobotView {
  readonly root = new Group();
  private robot: URDFRobot | null = null;
  private jointNames: readonly string[] = [];
  private collisionShown = false;

  /** Replaces the robot. `jointNames` gives the order of a pose's joints. */
  show(urdf: string, meshes: MeshContents, jointNames: readonly string[]): void {
    if (this.robot) dispose(this.robot);
    this.robot = parse(urdf, meshes);
    this.jointNames = jointNames;
    for (const name of jointNames) {
      const joint = this.robot.joints[name];
      if (!joint) throw new Error(`The run's robot.urdf has no joint named "${name}".`);
      joint.ignoreLimits = true; // what was measured is shown, also beyond a limit
    }
    dress(this.robot);
    this.root.add(this.robot);
    this.setCollisionShown(this.collisionShown);
  }

  /**
   * Shows the shapes that physics knows, or those that are there to be seen. Where a link's are not, as meshes that nobody has,
   * the former stand in for them.
   */
  setCollisionShown(shown: boolean): void {
    this.collisionShown = shown;
    const links = Object.values(this.robot?.links ?? {}).map(shapesOf);
    const anySeen = links.some(({ visuals }) => visuals.some(holdsMesh));
    for (const { visuals, colliders } of links) {
      const standIn = !visuals.some(holdsMesh) && (visuals.length > 0 || !anySeen);
      for (const collider of colliders) collider.visible = shown || standIn;
      for (const visual of visuals) visual.visible = !shown;
    }
  }

  /** Where a ray first meets the robot, world frame, or null. */
  hit(raycaster: Raycaster): Vector3 | null {
    return this.robot ? (raycaster.intersectObject(this.robot, true)[0]?.point ?? null) : null;
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
  for (const { colliders } of Object.values(robot.links).map(shapesOf)) {
    for (const collider of colliders) if (collider.urdfNode?.querySelector("mesh")) collider.clear();
  }
  return robot;
}

function dispose(robot: URDFRobot): void {
  robot.removeFromParent();
  robot.traverse((part) => {
    if (part instanceof Mesh) part.geometry.dispose();
  });
}

function shapesOf({ children }: URDFLink): { visuals: URDFVisual[]; colliders: URDFCollider[] } {
  return {
    visuals: children.filter((part): part is URDFVisual => "isURDFVisual" in part),
    colliders: children.filter((part): part is URDFCollider => "isURDFCollider" in part),
  };
}

function holdsMesh(part: Object3D): boolean {
  return meshesIn(part).length > 0;
}

/** Gives every part a material that the stage's light suits, and shadows. */
function dress(robot: URDFRobot): void {
  const dressed = new Map<Material, MeshStandardMaterial>();
  robot.traverse((part) => {
    if (!(part instanceof Mesh)) return;
    part.castShadow = true;
    part.receiveShadow = true;
    if (!(part.material instanceof MeshPhongMaterial)) return;
    const material = dressed.get(part.material) ?? standardMaterial(part.material);
    dressed.set(part.material, material);
    part.material = material;
  });
}

function standardMaterial({ color, opacity, transparent }: MeshPhongMaterial): MeshStandardMaterial {
  // URDF colours are meant for screens; the loader takes them for linear light, which would wash them out.
  const linear = color.clone().convertSRGBToLinear();
  return new MeshStandardMaterial({ color: linear, opacity, transparent, roughness: 0.45 });
}
