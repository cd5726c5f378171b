import { describe, expect, test } from "vitest";
import { a1Tuning, a1Urdf, edited, modelOf } from "../../support/a1.js";

const a1 = modelOf();

/** Reverses the order of all links and joints in the file. */
function reversed(text: string): string {
  const body = text.replace(/<!--[\s\S]*?-->/g, "");
  const element = /<(?:link|joint) name="\w+"(?: type="\w+")?(?:\/>|>[\s\S]*?\n {2}<\/(?:link|joint)>)/g;
  const elements = body.match(element) ?? [];
  expect(elements).toHaveLength(18 + 17);
  return `<robot name="a1">${elements.reverse().join("\n")}</robot>`;
}

describe("the A1", () => {
  test("weighs what its parts weigh", () => {
    // trunk 4.713 + 4 · (hip .696 + thigh 1.013 + calf .166 + foot .06) = 4.713 + 4 · 1.935 = 12.453 kg.
    expect(a1.massKg).toBeCloseTo(12.453, 9);
    expect(a1.links.map((link) => link.massKg)[0]).toBe(4.713);
    expect(a1.links[3].massKg).toBeCloseTo(0.226, 9);
  });

  test("has each foot merged into its calf", () => {
    // com z = (.166 · −.107388 + .06 · −.2)/.226 = −.0298264/.226 = −.131975, com x = .166 · .006435/.226 = .0047266.
    // Reduced mass μ = .166 · .06/.226 = .0440708; between the two coms: dx = .006435, dz = .092612.
    // ixx = .002997972 + 9.6e-6 + μ dz² = .003007572 + .000377994 = .003385566
    // iyy = .003014022 + 9.6e-6 + μ (dx² + dz²) = .003023622 + .000379819 = .003403441
    // izz = 3.2426e-5 + 9.6e-6 + μ dx² = 4.2026e-5 + 1.82494e-6 = 4.38509e-5
    // ixz = −.000141163 − μ dx dz = −.000141163 − 2.62644e-5 = −.000167427
    const calf = a1.links[3];
    expect(calf.comM[0]).toBeCloseTo(0.0047266, 7);
    expect(calf.comM[2]).toBeCloseTo(-0.131975, 6);
    const expected = [0.003385566, 0, -0.000167427, 0.003403441, 0, 4.38509e-5];
    calf.inertiaKgM2.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 8);
    });
  });

  test("has the published geometry", () => {
    const { legs } = a1;
    const hips = [0.183, 0.047, 0, 0.183, -0.047, 0, -0.183, 0.047, 0, -0.183, -0.047, 0];
    expect(legs.hipOffsetM).toEqual(Float32Array.from(hips));
    expect(legs.abductionOffsetM).toEqual(Float32Array.of(0.08505, -0.08505, 0.08505, -0.08505));
    expect([legs.thighLengthM, legs.calfLengthM, legs.footRadiusM]).toEqual([0.2, 0.2, 0.02]);
    // Both leg segments lean by 0.75 rad: 2 · 0.2 · cos 0.75 + 0.02 = 0.292676 + 0.02.
    expect(a1.nominalHeightM).toBeCloseTo(0.312676, 6);
  });

  test("has twelve joints in leg order with limits and gains", () => {
    const legNames = ["FL", "FR", "RL", "RR"];
    expect(a1.jointNames).toEqual(legNames.flatMap((leg) => ["hip", "thigh", "calf"].map((k) => `${leg}_${k}_joint`)));
    expect(a1.feet.map((foot) => foot.name)).toEqual(legNames.map((leg) => `${leg}_foot`));
    expect(a1.feet.map((foot) => foot.link)).toEqual([3, 6, 9, 12]);
    expect(a1.joints.map((joint) => joint.parent)).toEqual([0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11]);
    // 46°, −60..240° and −154.5..−52.5° in rad.
    const degrees = (angle: number) => (angle * 180) / Math.PI;
    expect([...a1.qMinRad].slice(0, 3).map((q) => degrees(q).toFixed(1))).toEqual(["-46.0", "-60.0", "-154.5"]);
    expect([...a1.qMaxRad].slice(0, 3).map((q) => degrees(q).toFixed(1))).toEqual(["46.0", "240.0", "-52.5"]);
    expect(a1.torqueMaxNm).toEqual(new Float32Array(12).fill(33.5));
    expect(a1.velocityMaxRadPerS).toEqual(new Float32Array(12).fill(21));
    expect(a1.qDefaultRad.slice(3, 6)).toEqual(Float32Array.of(0, 0.75, -1.5));
    expect(a1.kp).toEqual(new Float32Array(12).fill(a1Tuning.kp as number));
  });

  test("touches flat ground with its feet: no calf shape reaches as far down, however the calf leans", () => {
    const [shape] = a1.links[3].collisions;
    if (shape?.kind !== "box") throw new Error("expected the calf's box");
    for (let lean = 0; lean <= Math.PI / 2; lean += 0.05) {
      const depth = (x: number, z: number) => x * Math.sin(lean) - z * Math.cos(lean);
      const end = shape.originM[2] - shape.halfExtentsM[2];
      expect(depth(shape.halfExtentsM[0], end)).toBeLessThan(depth(0, a1.feet[0].centerM[2]) + a1.feet[0].radiusM);
    }
  });
});

describe("createRobotModel", () => {
  test("does not depend on the order of links and joints", () => {
    expect(modelOf(reversed(a1Urdf))).toEqual(a1);
  });

  test("does not depend on the names of links and joints", () => {
    const renamed = a1Urdf
      .replace(/\bFL_/g, "tmp_")
      .replace(/\bRR_/g, "FL_")
      .replace(/\btmp_/g, "RR_");
    const { jointNames, legs, links } = modelOf(renamed);
    expect(jointNames[0]).toBe("RR_hip_joint");
    expect(legs).toEqual(a1.legs);
    expect(links.map((link) => link.inertiaKgM2)).toEqual(a1.links.map((link) => link.inertiaKgM2));
  });

  test("takes a world link and a floating joint above the trunk", () => {
    const above = `<link name="world"/><joint name="free" type="floating"><parent link="world"/><child link="trunk"/></joint>`;
    const model = modelOf(edited(`<link name="trunk">`, `${above}<link name="trunk">`));
    expect(model.links[0]).toEqual({ ...a1.links[0], name: "world" });
    expect(model.links.slice(1)).toEqual(a1.links.slice(1));
  });

  test("does not depend on how link frames are turned", () => {
    // The left front calf's frame turned by 90° about z: its x is the base's y. So the knee's axis y becomes x, the centre of
    // mass (.006435, 0, z) becomes (0, −.006435, z), and the tensor's axes are turned back by −90°.
    const turned = edited(
      `<child link="FL_calf"/>\n    <origin xyz="0 0 -0.2"/>\n    <axis xyz="0 1 0"/>`,
      `<child link="FL_calf"/>\n    <origin xyz="0 0 -0.2" rpy="0 0 1.5707963267948966"/>\n    <axis xyz="1 0 0"/>`,
    );
    const model = modelOf(
      edited(`<origin xyz="0.006435 0 `, `<origin rpy="0 0 -1.5707963267948966" xyz="0 -0.006435 `, turned),
    );
    expect(model.legs).toEqual(a1.legs);
    expect(model.links[3].comM[0]).toBeCloseTo(a1.links[3].comM[0], 9);
    model.links[3].inertiaKgM2.forEach((value, i) => {
      expect(value).toBeCloseTo(a1.links[3].inertiaKgM2[i], 9);
    });
    expect(model.joints[2].axis[1]).toBeCloseTo(1, 9);
    expect(model.nominalHeightM).toBeCloseTo(a1.nominalHeightM, 6);
  });

  test("merges an offset, turned payload into the trunk", () => {
    // 1 kg at x = 0.2, diag(1, 2, 3)e-3 turned by 90° about z → diag(2, 1, 3)e-3. Trunk m = 4.713 at x = .012731:
    // com x = (4.713 · .012731 + .2)/5.713 = .045510; μ = 4.713/5.713 = .824961, dx = .187269, dy = .002186, dz = .000515.
    // izz = .064713601 + .003 + μ (dx² + dy²) = .067713601 + .824961 · (.035069678 + .000004779) = .096648670.
    // ixx = .01683993 + .002 + μ (dy² + dz²) = .01883993 + .824961 · .000005044 = .018844091.
    const payload = `<link name="box"><inertial><mass value="1"/><inertia ixx="0.001" ixy="0" ixz="0" iyy="0.002" iyz="0"
      izz="0.003"/></inertial><collision><geometry><box size="0.2 0.1 0.1"/></geometry></collision></link>
      <joint name="mount" type="fixed"><parent link="trunk"/><child link="box"/>
      <origin xyz="0.2 0 0" rpy="0 0 1.5707963267948966"/></joint>`;
    const trunk = modelOf(edited(`<link name="imu_link"/>`, `<link name="imu_link"/>${payload}`)).links[0];
    expect(trunk.massKg).toBeCloseTo(5.713, 9);
    expect(trunk.comM[0]).toBeCloseTo(0.04551, 6);
    expect(trunk.inertiaKgM2[0]).toBeCloseTo(0.018844091, 8);
    expect(trunk.inertiaKgM2[5]).toBeCloseTo(0.09664867, 7);
    expect(trunk.collisions).toHaveLength(2);
    expect(trunk.collisions[1]).toMatchObject({ kind: "box", originM: [0.2, 0, 0] });
    expect(trunk.collisions[1].rotation[2]).toBeCloseTo(Math.SQRT1_2, 9);
  });

  test("adds the lateral offset of the knee to the abduction offset", () => {
    const { legs } = modelOf(
      a1Urdf.replaceAll(`<origin xyz="0 0 -0.2"/>\n    <axis`, `<origin xyz="0 0.01 -0.2"/>\n    <axis`),
    );
    expect(legs.abductionOffsetM[0]).toBeCloseTo(0.09505, 6);
    expect(legs.abductionOffsetM[1]).toBeCloseTo(-0.07505, 6);
  });

  test("finds the farthest fixed sphere as the foot where no names are given", () => {
    const sensor = `<link name="pad"><collision><geometry><sphere radius="0.01"/></geometry></collision></link>
      <joint name="pad_joint" type="fixed"><parent link="FL_calf"/><child link="pad"/><origin xyz="0 0 -0.1"/></joint>`;
    const text = edited(`<link name="imu_link"/>`, `<link name="imu_link"/>${sensor}`);
    expect(modelOf(text, null).feet[0]).toMatchObject({ name: "FL_foot", radiusM: 0.02 });
    expect(modelOf(text, null).links[3].collisions.map((shape) => shape.kind)).toEqual(["box", "sphere"]);
  });

  test("does without a sidecar: the A1's gains by mass, the URDF's effort, the pose within the limits", () => {
    const bare = modelOf(a1Urdf, null);
    expect(bare.qDefaultRad).toEqual(a1.qDefaultRad);
    // The A1's own defaults are those of its sidecar: a change there belongs into KP_PER_KG and KD_PER_KG as well.
    expect(bare.kp[0]).toBeCloseTo(a1.kp[0], 4);
    expect(bare.kd[0]).toBeCloseTo(a1.kd[0], 4);
    // 4.713 kg more on 12.453 kg.
    const heavier = modelOf(edited(`<mass value="4.713"/>`, `<mass value="9.426"/>`), null);
    expect(heavier.kp[0]).toBeCloseTo((bare.kp[0] * 17.166) / 12.453, 4);
    const stiff = modelOf(
      a1Urdf.replaceAll(`lower="-1.0471975512" upper="4.18879020479"`, `lower="1" upper="2"`),
      null,
    );
    expect(stiff.qDefaultRad.slice(0, 3)).toEqual(Float32Array.of(0, 1, -1.5));
  });

  test("takes gains and torques for each kind of joint", () => {
    const model = modelOf(a1Urdf, { kp: { hip: 1, thigh: 2, calf: 3 }, torqueMaxNm: 7 });
    expect(model.kp).toEqual(Float32Array.of(1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3));
    expect(model.torqueMaxNm).toEqual(new Float32Array(12).fill(7));
  });
});
