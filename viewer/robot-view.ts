/** The robot of a URDF, posed joint by joint. */

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
import type { URDFRobot } from "urdf-loader/src/URDFClasses.js";
import type { ReplayPose } from "./replay.js";

export class RobotView {
  readonly root = new Group();
  private robot: URDFRobot | null = null;
  private jointNames: readonly string[] = [];
  private collisionShown = false;

  /** Replaces the robot. `jointNames` gives the order of a pose's joints. */
  show(urdf: string, jointNames: readonly string[]): void {
    if (this.robot) dispose(this.robot);
    this.robot = parse(urdf);
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

  /** Shows the shapes that physics knows, or those that are there to be seen. */
  setCollisionShown(shown: boolean): void {
    this.collisionShown = shown;
    const hasVisuals = this.robot !== null && Object.keys(this.robot.visual).length > 0;
    this.robot?.traverse((part) => {
      if (isCollider(part)) part.visible = shown || !hasVisuals;
      else if ("isURDFVisual" in part) part.visible = !shown;
    });
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

function parse(urdf: string): URDFRobot {
  let meshes = 0;
  const loader = new URDFLoader();
  loader.parseCollision = true;
  // A run carries the URDF alone, so a robot described by mesh files is shown by its collision shapes.
  loader.loadMeshCb = (_path, _manager, _material, done) => {
    meshes++;
    done(new Group());
  };
  const robot = loader.parse(urdf);
  if (meshes === 0) return robot;
  loader.parseVisual = false;
  return loader.parse(urdf);
}

function dispose(robot: URDFRobot): void {
  robot.removeFromParent();
  robot.traverse((part) => {
    if (part instanceof Mesh) part.geometry.dispose();
  });
}

function isCollider(part: Object3D): boolean {
  return "isURDFCollider" in part;
}

/** Gives every part a material that the stage's light suits, and shadows. */
function dress(robot: URDFRobot): void {
  const dressed = new Map<Material, MeshStandardMaterial>();
  robot.traverse((part) => {
    if (!(part instanceof Mesh) || !(part.material instanceof MeshPhongMaterial)) return;
    part.castShadow = true;
    part.receiveShadow = true;
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
