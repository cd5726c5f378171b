import { expect, it } from "vitest";
import { configOf } from "../../../../policy/cli/config/train-config.js";
import { fieldsOf, TRAIN_FLAG_NAMES, type TrainFlagValues } from "../../../../policy/cli/config/train-flags.js";

it("every flag of the table changes its own field of the config, and no other", () => {
  const values = {
    task: "locomotion",
    robot: "mine.urdf",
    locomotion: "runs/mine",
    envs: 12,
    workers: 3,
    seed: 7,
    backend: "cpu",
  } as const satisfies TrainFlagValues;
  expect(Object.keys(values).sort()).toEqual([...TRAIN_FLAG_NAMES].sort());
  const { envs, ...same } = values;
  expect(configOf(values)).toMatchObject({ ...same, numEnvs: envs });
  expect(fieldsOf({ envs, seed: undefined })).toEqual({ numEnvs: 12 });
});
