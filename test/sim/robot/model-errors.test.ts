import { describe, expect, test } from "vitest";
import { InputError } from "../../../sim/errors.js";
import { a1Urdf, edited, modelOf } from "../../support/a1.js";

function expectFault(build: () => unknown, message: string): void {
  expect(build).toThrow(InputError);
  expect(build).toThrow(message);
  expect(build).toThrow(/^a1\.(urdf|json): [^\n]*$/);
}

const CALF_INERTIA = `<inertia ixx="0.002997972" ixy="0" ixz="-0.000141163" iyy="0.003014022" iyz="0" izz="3.2426e-05"/>`;
const EXTRA = `<link name="tail"><inertial><mass value="1"/><inertia ixx="1" ixy="0" ixz="0" iyy="1" iyz="0" izz="1"/></inertial></link>
  <joint name="tail_joint" type="revolute"><parent link="trunk"/><child link="tail"/><limit lower="0" upper="1" effort="1" velocity="1"/></joint>`;
/** passage in the A1's URDF, its replacement, message */
const URDF_FAULTS: readonly (readonly [string, string, string, string])[] = [
  [
    "an unknown parent",
    `<parent link="trunk"/>`,
    `<parent link="body"/>`,
    `joint "imu_joint" > parent: link="body", expected`,
  ],
  [
    "an unknown child",
    `<child link="FL_hip"/>`,
    `<child link="hip"/>`,
    `joint "FL_hip_joint" > child: link="hip", expected`,
  ],
  [
    "a link with two parents",
    `<child link="FR_hip"/>`,
    `<child link="FL_hip"/>`,
    `link "FL_hip": child of joints "FL_hip_joint" and "FR_hip_joint", expected one joint`,
  ],
  [
    "two roots",
    `<link name="imu_link"/>`,
    `<link name="imu_link"/><link name="x"/>`,
    `one root link, found 2: "trunk", "x"`,
  ],
  [
    "a cycle",
    `<link name="imu_link"/>`,
    `<link name="imu_link"/><link name="x"/><link name="y"/>
     <joint name="p" type="fixed"><parent link="x"/><child link="y"/></joint>
     <joint name="q" type="fixed"><parent link="y"/><child link="x"/></joint>`,
    `link "x": part of a cycle of joints, expected a tree of links`,
  ],
  [
    "a floating foot",
    `<joint name="FL_foot_joint" type="fixed">`,
    `<joint name="FL_foot_joint" type="floating">`,
    `joint "FL_foot_joint": type="floating", expected that only of a joint on the root link`,
  ],
  [
    "11 actuated joints",
    `<joint name="FL_calf_joint" type="revolute">`,
    `<joint name="FL_calf_joint" type="fixed">`,
    "a1.urdf: expected 12 actuated joints, found 11: FL_hip_joint, FL_thigh_joint, FR_hip_joint",
  ],
  [
    "13 actuated joints",
    `<link name="imu_link"/>`,
    `<link name="imu_link"/>${EXTRA}`,
    "joints, found 13: tail_joint, FL_hip",
  ],
  [
    "a leg that grows from another",
    `<parent link="trunk"/>\n    <child link="FR_hip"/>`,
    `<parent link="FL_calf"/>\n    <child link="FR_hip"/>`,
    `link "trunk": expected four chains of three actuated joints from here, found FL_hip_joint > FL_thigh_joint`,
  ],
  [
    "legs all in one row",
    `<origin xyz="-0.183 0.047 0"/>`,
    `<origin xyz="0.183 0.1 0"/>`,
    "hip joints at (x, y) FL_hip_joint (0.183, 0.047), ",
  ],
  [
    "a hip axis that is not x",
    `<axis xyz="1 0 0"/>`,
    `<axis xyz="0 0 1"/>`,
    `joint "FL_hip_joint": axis 0 0 1 in the base frame, expected x (1 0 0)`,
  ],
  [
    "a reversed thigh axis",
    `<axis xyz="0 1 0"/>`,
    `<axis xyz="0 -1 0"/>`,
    `joint "FL_thigh_joint": axis 0 -1 0 in the base frame, expected y (0 1 0) (reverse the axis`,
  ],
  [
    "a massless hip",
    `<mass value="0.696"/>`,
    `<mass value="0"/>`,
    `link "FL_hip": mass 0 kg, expected a mass > 0 on a moving`,
  ],
  [
    "an indefinite tensor",
    CALF_INERTIA,
    CALF_INERTIA.replace("-0.000141163", "0.02"),
    `link "FL_calf" > inertial > inertia: principal moments`,
  ],
  [
    "a tensor that breaks the triangle inequality",
    CALF_INERTIA,
    CALF_INERTIA.replace("3.2426e-05", "0.009"),
    "expected none above the sum of the two others",
  ],
  [
    "a tensor of zeros on a moving link",
    `<inertia ixx="0.000469246" ixy="-9.409e-06" ixz="-3.42e-07" iyy="0.00080749" iyz="-4.66e-07" izz="0.000552929"/>`,
    `<inertia ixx="0" ixy="0" ixz="0" iyy="0" iyz="0" izz="0"/>`,
    `link "FL_hip": inertia 0 0 0 0 0 0 (xx xy xz yy yz zz), expected it to be positive definite`,
  ],
  [
    "a foot without a sphere",
    `<geometry><sphere radius="0.02"/></geometry>\n    </collision>`,
    `<geometry><box size="1 1 1"/></geometry>\n    </collision>`,
    `link "FL_calf": no foot, expected a link fixed to it with a <sphere> collision`,
  ],
  [
    "a knee in front of the thigh joint",
    `<origin xyz="0 0 -0.2"/>\n    <axis`,
    `<origin xyz="0.05 0 -0.2"/>\n    <axis`,
    `joint "FL_calf_joint": origin 0.05 m, expected 0 in x`,
  ],
  [
    "legs of unequal length",
    `<child link="RL_foot"/>\n    <origin xyz="0 0 -0.2"/>`,
    `<child link="RL_foot"/>\n    <origin xyz="0 0 -0.25"/>`,
    `link "RL_calf": calf length 0.25 m, expected 0.2 m as of leg FL`,
  ],
  [
    "a motor without torque",
    `effort="33.5"`,
    `effort="0"`,
    `joint "FL_hip_joint" > limit: effort="0", expected a number > 0`,
  ],
];

const TUNING_FAULTS: readonly (readonly [string, unknown, string])[] = [
  ["a list", [1], "a1.json: [1], expected an object with any of kp, kd,"],
  ["an unknown field", { kP: 80 }, `a1.json: unknown field "kP", expected one of kp, kd, defaultPoseRad,`],
  ["a negative gain", { kp: -1 }, "a1.json: kp: -1, expected a number > 0"],
  ["a gain in words", { kd: "2" }, `a1.json: kd: "2", expected a number > 0`],
  ["an infinite gain", { kd: Number.POSITIVE_INFINITY }, "a1.json: kd: Infinity, expected a number > 0"],
  ["gains for two joints", { kp: { hip: 1, thigh: 2 } }, `a1.json: kp: {"hip":1,"thigh":2}, expected a number > 0`],
  [
    "half a pose",
    { defaultPoseRad: { hip: 0, thigh: 0.75 } },
    "defaultPoseRad.calf: missing, expected an angle in rad",
  ],
  [
    "a knee in the pose",
    { defaultPoseRad: { hip: 0, thigh: 0, calf: -1, knee: 1 } },
    `unknown field "defaultPoseRad.knee"`,
  ],
  [
    "a pose beyond the limits",
    { defaultPoseRad: { hip: 0, thigh: 0.75, calf: -0.5 } },
    "a1.json: defaultPoseRad.calf: -0.5, expected -2.69653369433..-0.916297857297, the limits of FL_calf_joint",
  ],
  ["feet in the air", { defaultPoseRad: { hip: 0, thigh: 3.1, calf: -1 } }, "above the base in the default pose"],
  ["three feet", { footLinks: ["FL_foot", "FR_foot", "RL_foot"] }, "footLinks:"],
  [
    "a foot that is none",
    { footLinks: ["FL_foot", "FR_foot", "RL_foot", "paw"] },
    `footLinks: "paw", expected a link fixed to`,
  ],
  [
    "a foot named twice",
    { footLinks: ["FL_foot", "FL_foot", "RL_foot", "RR_foot"] },
    `link "FR_calf": 0 of footLinks are fixed to it, expected one`,
  ],
];

describe("createRobotModel rejects", () => {
  test.each(URDF_FAULTS)("%s", (_, passage, replacement, message) => {
    const text = edited(passage, replacement);
    expectFault(() => modelOf(text, null), message);
  });

  test.each(TUNING_FAULTS)("%s in the sidecar", (_, sidecar, message) => {
    expectFault(() => modelOf(a1Urdf, sidecar), message);
  });

  test("a moving link without mass", () => {
    const text = a1Urdf.replace(/(<link name="FL_hip">\s*)<inertial>[\s\S]*?<\/inertial>/, "$1");
    expectFault(() => modelOf(text, null), `link "FL_hip": element <inertial> is missing, expected mass and inertia`);
  });
});
