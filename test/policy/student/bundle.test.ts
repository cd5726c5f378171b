import { describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { toBase64 } from "../../../policy/bundle/layers.js";
import { decodeStudent, encodeStudent, STUDENT_FRAME_SIZE, StudentNetwork } from "../../../policy/student/bundle.js";
import { modelOf } from "../../support/a1.js";
import { testStudent } from "../../support/student.js";

const student = testStudent(2);

/** The student's text with some fields changed. */
function altered(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...JSON.parse(encodeStudent(student)), ...fields });
}

describe("a student", () => {
  it("comes back from its text as it was", () => {
    expect(decodeStudent(encodeStudent(student), "student.json")).toEqual(student);
  });

  it("sees frames of 45 numbers", () => {
    // 3 + 3 + 3 + 12 + 12 + 12
    expect(STUDENT_FRAME_SIZE).toBe(45);
    expect(student.layers[0].inputs).toBe(90);
  });

  it("acts within the joint limits, and as its network says inside them", () => {
    const said = [0.3, -0.2, 0.1, 9, -9, 9, -9, 9, -9, 0, 0, 0];
    // No input matters, the biases are what it says.
    const parameters = new Float32Array((2 * STUDENT_FRAME_SIZE + 1) * NUM_JOINTS);
    parameters.set(said, 2 * STUDENT_FRAME_SIZE * NUM_JOINTS);
    const layer = { inputs: 2 * STUDENT_FRAME_SIZE, outputs: NUM_JOINTS, parameters: toBase64(parameters) };
    const action = new Float32Array(NUM_JOINTS);
    new StudentNetwork({ ...student, layers: [layer] }, modelOf()).act(action, new Float32Array(90).fill(5));
    // The A1's limits less its pose of 0, 0.75 and -1.5 rad, over 0.25 rad: hip ±46°, thigh -60..240°, calf -154.5..-52.5°.
    const degree = Math.PI / 180;
    const hip = (46 * degree) / 0.25;
    const thigh = [(-60 * degree - 0.75) / 0.25, (240 * degree - 0.75) / 0.25];
    const calf = [(-154.5 * degree + 1.5) / 0.25, (-52.5 * degree + 1.5) / 0.25];
    const expected = [0.3, -0.2, 0.1, hip, thigh[0], calf[1], -hip, 9, calf[0], 0, 0, 0];
    expect(thigh[1]).toBeGreaterThan(9);
    for (let j = 0; j < NUM_JOINTS; j++) expect(action[j]).toBeCloseTo(expected[j], 3);
  });

  it.each([
    ["that is no JSON", "{", /^student\.json: not JSON: /],
    [
      "that is another document",
      altered({ format: "gaitway-policy" }),
      /format: got "gaitway-policy", .*"gaitway-student"/,
    ],
    [
      "with a normaliser of another history",
      altered({ historyLength: 3 }),
      /normalizer\.mean: got 90 numbers, expected 135$/,
    ],
    [
      "with layers missing",
      altered({ layers: student.layers.slice(1) }),
      /layers\.0\.inputs: got 16 numbers, expected 90$/,
    ],
    ["that walks in no gait", altered({ gait: "canter" }), /gait: got "canter", expected one of "stand"/],
  ])("is rejected %s", (_, text, message) => {
    expect(() => decodeStudent(text, "student.json")).toThrow(message);
  });
});
