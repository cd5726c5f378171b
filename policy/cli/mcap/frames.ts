/** Turns an episode's frames into messages. */

import type { FrameTransform, FrameTransforms, JointStates, PoseInFrame, PosesInFrame, Time } from "@foxglove/schemas";
import { NUM_LEGS } from "../../../gaits/types.js";
import type { EpisodeColumnName, EpisodeLog } from "../../../sim/episode-log.js";
import { fromAxisAngle, IDENTITY, multiply } from "../../../sim/math.js";
import type { UrdfDocument, UrdfJoint } from "../../../sim/robot/urdf.js";
import type { MetricsMessage } from "./channels.js";
import { WORLD_FRAME } from "./scene.js";
import { poseOf, quaternionOf, rounded, vectorOf } from "./values.js";

export interface FrameMessages {
  readonly "/tf": FrameTransforms;
  readonly "/pose": PoseInFrame;
  readonly "/joints": JointStates;
  readonly "/joints/target": JointStates;
  readonly "/feet/target": PosesInFrame;
  readonly "/metrics": MetricsMessage;
}

/** The robot as its URDF has it, and the order of the joints in a frame. */
export interface Kinematics {
  readonly urdf: UrdfDocument;
  readonly jointNames: readonly string[];
}

/** The messages of frame `index`, all with the same time. */
export function frameMessages(log: EpisodeLog, index: number, robot: Kinematics, timestamp: Time): FrameMessages {
  const frame = log.frame(index);
  const column = (name: EpisodeColumnName) => {
    const { offset, size } = log.column(name);
    return frame.subarray(offset, offset + size);
  };
  const pose = poseOf(column("basePosition"), column("baseRotation"));
  const base = rootLink(robot.urdf);
  return {
    "/tf": {
      transforms: [
        {
          timestamp,
          parent_frame_id: WORLD_FRAME,
          child_frame_id: base,
          translation: pose.position,
          rotation: pose.orientation,
        },
        ...jointTransforms(robot, column("jointPosition"), timestamp),
      ],
    },
    "/pose": { timestamp, frame_id: WORLD_FRAME, pose },
    "/joints": jointStates(robot, timestamp, {
      position: column("jointPosition"),
      velocity: column("jointVelocity"),
      effort: column("jointTorque"),
    }),
    "/joints/target": jointStates(robot, timestamp, { position: column("jointTarget") }),
    "/feet/target": { timestamp, frame_id: base, poses: footPoses(column("footTarget")) },
    "/metrics": {
      command: velocity(column("command"), column("command")[2]),
      velocity: velocity(column("baseVelocity"), column("baseAngularVelocity")[2]),
      contact: perFoot(column("contact")),
      scheduledContact: perFoot(column("scheduledContact")),
    },
  };
}

/** The link that is nobody's child. */
function rootLink({ links, joints }: UrdfDocument): string {
  return links.find(({ name }) => joints.every(({ child }) => child !== name))!.name;
}

/** Every link in its parent's frame, those on fixed joints too: each message then stands alone. */
function jointTransforms({ urdf, jointNames }: Kinematics, angles: Float32Array, timestamp: Time): FrameTransform[] {
  return urdf.joints.map((joint) => ({
    timestamp,
    parent_frame_id: joint.parent,
    child_frame_id: joint.child,
    translation: vectorOf(joint.originM),
    rotation: quaternionOf(multiply(joint.rotation, turn(joint, angles[jointNames.indexOf(joint.name)]))),
  }));
}

function turn(joint: UrdfJoint, angleRad: number | undefined) {
  return angleRad === undefined ? IDENTITY : fromAxisAngle(joint.axis, angleRad);
}

function jointStates(
  { jointNames }: Kinematics,
  timestamp: Time,
  states: Readonly<Record<string, Float32Array>>,
): JointStates {
  const joints = jointNames.map((name, i) => ({
    name,
    ...Object.fromEntries(Object.entries(states).map(([what, values]) => [what, rounded(values[i])])),
  }));
  return { timestamp, joints };
}

function footPoses(targets: Float32Array) {
  return Array.from({ length: NUM_LEGS }, (_, leg) => poseOf(targets.subarray(3 * leg), IDENTITY));
}

function velocity(linear: Float32Array, yawRate: number): MetricsMessage["velocity"] {
  return { vxMPerS: rounded(linear[0]), vyMPerS: rounded(linear[1]), yawRateRadPerS: rounded(yawRate) };
}

function perFoot([FL, FR, RL, RR]: Float32Array): MetricsMessage["contact"] {
  return { FL, FR, RL, RR };
}
