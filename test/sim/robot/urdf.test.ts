import { describe, expect, test } from "vitest";
import { InputError } from "../../../sim/errors.js";
import { parseUrdf } from "../../../sim/robot/urdf.js";

const INERTIAL = `<inertial><mass value="2"/><inertia ixx="1" ixy="0" ixz="0" iyy="1" iyz="0" izz="1"/></inertial>`;
const LIMIT = `<limit lower="-1" upper="1" effort="10" velocity="20"/>`;
const robot = (content: string) => `<?xml version="1.0"?><robot name="r">${content}</robot>`;
const link = (content: string) => robot(`<link name="a">${content}</link>`);
const joint = (content: string, type = "revolute") =>
  robot(`<joint name="j" type="${type}"><parent link="a"/><child link="b"/>${content}</joint>`);
const collision = (shape: string) => link(`<collision><geometry>${shape}</geometry></collision>`);

describe("parseUrdf reads", () => {
  test("links with inertia and primitive shapes, in file order", () => {
    const { name, links } = parseUrdf(
      robot(`<link name="z"/><link name="a">${INERTIAL}
        <collision><origin xyz="1 2 3"/><geometry><box size="2 4 6"/></geometry></collision>
        <collision><geometry><sphere radius=".5"/></geometry></collision>
        <collision><geometry><cylinder radius="0.1" length="3e-1"/></geometry></collision></link>`),
      "r.urdf",
    );
    expect(name).toBe("r");
    expect(links.map((each) => each.name)).toEqual(["z", "a"]);
    expect(links[0].inertial).toBeNull();
    expect(links[1].inertial).toMatchObject({ massKg: 2, originM: [0, 0, 0], inertiaKgM2: [1, 0, 0, 1, 0, 1] });
    expect(links[1].collisions).toMatchObject([
      { kind: "box", originM: [1, 2, 3], halfExtentsM: [1, 2, 3] },
      { kind: "sphere", radiusM: 0.5 },
      { kind: "cylinder", radiusM: 0.1, halfLengthM: 0.15 },
    ]);
  });

  test("joints with unit axes, and x where the axis is left out", () => {
    const { joints } = parseUrdf(joint(`<axis xyz="0 3 4"/>${LIMIT}`), "r.urdf");
    expect(joints[0]).toMatchObject({ name: "j", parent: "a", child: "b", type: "revolute" });
    expect(joints[0].axis).toEqual([0, 0.6, 0.8]);
    expect(joints[0].limit).toEqual({ lowerRad: -1, upperRad: 1, effortNm: 10, velocityRadPerS: 20 });
    expect(parseUrdf(joint(LIMIT), "r.urdf").joints[0].axis).toEqual([1, 0, 0]);
  });

  test("rpy as fixed-axis roll, pitch, yaw", () => {
    const { joints } = parseUrdf(joint(`<origin rpy="0 0 1.5707963267948966"/>`, "fixed"), "r.urdf");
    const expected = [0, 0, Math.SQRT1_2, Math.SQRT1_2];
    joints[0].rotation.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 12);
    });
  });

  test("a continuous joint without limits as one turn, with limits as limited", () => {
    const limitOf = (limit: string) => parseUrdf(joint(limit, "continuous"), "r.urdf").joints[0].limit;
    expect(limitOf(`<limit effort="1" velocity="1"/>`)).toMatchObject({ lowerRad: -Math.PI, upperRad: Math.PI });
    expect(limitOf(LIMIT)).toMatchObject({ lowerRad: -1, upperRad: 1 });
  });

  test("mesh collisions and any visual as nothing", () => {
    const mesh = `<geometry><mesh filename="package://x/trunk.stl"/></geometry>`;
    const { links } = parseUrdf(link(`<visual>${mesh}</visual><collision>${mesh}</collision>`), "r.urdf");
    expect(links[0].collisions).toEqual([]);
  });
});

const FAULTS: readonly (readonly [string, string, string])[] = [
  ["malformed XML", "<robot><link></robot>", `r.urdf: malformed XML in line 1: Expected closing tag 'link'`],
  ["an empty file", "", "r.urdf: malformed XML in line 1: Start tag expected."],
  [
    "endless nesting",
    "<a>".repeat(1e4) + "</a>".repeat(1e4),
    "r.urdf: refused XML: Error: Maximum nested tags exceeded",
  ],
  ["a reserved name", robot("<__proto__/>"), "r.urdf: refused XML: Error: [SECURITY] Invalid name"],
  ["two roots", `<robot name="r"/><robot name="s"/>`, "r.urdf: expected one root element, found 2"],
  ["another root", `<sdf name="r"/>`, "r.urdf: root element <sdf>, expected <robot>"],
  ["a nameless robot", "<robot/>", `r.urdf: robot: attribute "name" is missing`],
  ["a nameless link", robot("<link/>"), `r.urdf: link: attribute "name" is missing`],
  ["two links of a name", robot(`<link name="a"/><link name="a"/>`), `link "a": name "a" is used twice`],
  ["no mass", link("<inertial/>"), `r.urdf: link "a" > inertial: element <mass> is missing`],
  ["no inertia", link(`<inertial><mass value="1"/></inertial>`), `link "a" > inertial: element <inertia> is missing`],
  ["no ixy", link(INERTIAL.replace(`ixy="0"`, "")), `link "a" > inertial > inertia: attribute "ixy" is missing`],
  ["a negative mass", link(INERTIAL.replace(`"2"`, `"-2"`)), `inertial > mass: value="-2", expected a number >= 0`],
  ["a negative ixx", link(INERTIAL.replace(`ixx="1"`, `ixx="-1"`)), `inertia: ixx="-1", expected a number >= 0`],
  ["a word for a number", link(INERTIAL.replace(`"2"`, `"heavy"`)), `mass: value="heavy", expected a number >= 0`],
  ["NaN", link(INERTIAL.replace(`"2"`, `"nan"`)), `mass: value="nan", expected a number >= 0`],
  ["a number beyond floats", link(INERTIAL.replace(`"2"`, `"1e39"`)), `mass: value="1e39", expected a number >= 0`],
  ["hexadecimals", link(INERTIAL.replace(`"2"`, `"0x10"`)), `mass: value="0x10", expected a number >= 0`],
  ["two inertials", link(INERTIAL + INERTIAL), `r.urdf: link "a": expected one <inertial>, found 2`],
  ["an empty box", collision(`<box size="1 0 1"/>`), `geometry > box: size="1 0 1", expected three of: a number > 0`],
  ["a flat box", collision(`<box size="1 1"/>`), `geometry > box: size="1 1", expected three of: a number > 0`],
  ["a sphere without radius", collision("<sphere/>"), `collision > geometry > sphere: attribute "radius" is missing`],
  ["a cone", collision("<cone/>"), `geometry: shape <cone>, expected box, sphere, cylinder or mesh`],
  ["no shape", collision(""), `link "a" > collision > geometry: expected one shape, found 0`],
  [
    "an unknown joint type",
    joint("", "prismatic"),
    `joint "j": type="prismatic", expected one of revolute, continuous`,
  ],
  ["no limit", joint(""), `r.urdf: joint "j": element <limit> is missing`],
  ["lower above upper", joint(LIMIT.replace("-1", "2")), `joint "j" > limit: lower="2", expected less than upper=1`],
  ["no lower limit", joint(LIMIT.replace(`lower="-1"`, "")), `joint "j" > limit: attribute "lower" is missing`],
  ["no speed", joint(LIMIT.replace("20", "0")), `joint "j" > limit: velocity="0", expected a number > 0`],
  ["negative effort", joint(LIMIT.replace("10", "-10")), `joint "j" > limit: effort="-10", expected a number >= 0`],
  [
    "an axis of no length",
    joint(`<axis xyz="0 0 0"/>${LIMIT}`),
    `axis: xyz="0 0 0", expected an axis of non-zero length`,
  ],
  ["a bad origin", joint(`<origin xyz="0 x 0"/>${LIMIT}`), `origin: xyz="0 x 0", expected three of: a finite number`],
  [
    "no parent",
    robot(`<joint name="j" type="fixed"><child link="b"/></joint>`),
    `joint "j": element <parent> is missing`,
  ],
];

describe("parseUrdf rejects", () => {
  test.each(FAULTS)("%s", (_, text, message) => {
    const parse = () => parseUrdf(text, "r.urdf");
    expect(parse).toThrow(InputError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(/^r\.urdf: [^\n]*$/);
  });
});
