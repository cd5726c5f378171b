import { beforeAll, describe, expect, it } from "vitest";
import type { PolicyBundle } from "../../../policy/bundle/bundle.js";
import { startBackend } from "../../../policy/cli/training/backend.js";
import { decodeStudent, encodeStudent, STUDENT_FRAME_SIZE } from "../../../policy/student/bundle.js";
import { Distillation, type DistillSettings } from "../../../policy/student/distill.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { modelOf } from "../../support/a1.js";
import { envConfig } from "../../support/envs.js";
import { freshBundle } from "../../support/fresh-bundle.js";

const SMALL: DistillSettings = {
  ...{ seed: 1, historyLength: 2, rounds: 2 },
  ...{ numEnvs: 8, horizon: 20, updates: 2, memory: 3 },
};

/** A teacher that is little more than the gait memory. */
const teacher: PolicyBundle = { ...freshBundle(), env: envConfig({ command: { vxMPerS: [-1, 2] } }) };

beforeAll(async () => {
  await loadPhysics();
  await startBackend("wasm");
});

function distil(settings = SMALL, rounds = settings.rounds) {
  const distillation = new Distillation(teacher, modelOf(), settings);
  const errors = Array.from({ length: rounds }, () => distillation.advance().errorRad);
  const student = distillation.student();
  distillation.free();
  return { errors, student };
}

describe("distillation", () => {
  it("brings the student closer to its teacher", () => {
    // The beginning of a long one, in which the teacher drives most of the time.
    const { errors } = distil({ ...SMALL, rounds: 100, updates: 15 }, 6);
    expect(errors[5]).toBeLessThan(0.6 * errors[0]);
  });

  it("makes the same student from the same seed", () => {
    const { layers } = distil().student;
    expect(distil().student.layers).toEqual(layers);
    expect(distil({ ...SMALL, seed: 2 }).student.layers).not.toEqual(layers);
  });

  it("makes a student that comes back from its text, with what it needs to run", () => {
    const { student } = distil({ ...SMALL, historyLength: 3, rounds: 1 });
    expect(decodeStudent(encodeStudent(student), "student.json")).toEqual(student);
    expect(student.layers[0].inputs).toBe(3 * STUDENT_FRAME_SIZE);
    expect(student).toMatchObject({ gait: "trot", stepS: 0.02, robot: teacher.robot });
    // Its teacher's range of forward speeds, [-1, 2], within what students learn; the others are narrower than that.
    expect(student.command).toEqual({ vxMPerS: [-0.5, 1.1], vyMPerS: [-0.3, 0.3], yawRateRadPerS: [-0.8, 0.8] });
  });

  it("takes no teacher that can't trot", () => {
    const bounding = { ...teacher, env: envConfig({ command: { gaits: ["bound", "pronk"] } }) };
    expect(() => new Distillation(bounding, modelOf(), SMALL)).toThrow(
      "the policy knows bound, pronk; a student learns to trot",
    );
  });
});
