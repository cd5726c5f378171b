import { expect, it } from "vitest";
import { gaitIndex, SELECTABLE_GAITS } from "../../../../gaits/library.js";
import { createController } from "../../../../policy/cli/sim2sim/controllers.js";
import type { ControllerGaitSource } from "../../../../policy/runtime/gait-choice.js";
import { createRobotState } from "../../../../sim/robot/state.js";
import { selectorOf } from "../../../support/selection.js";
import { model } from "../../../support/world.js";

it("a controller walks in gaits that it is told, or that its gait selection policy chooses", async () => {
  const walk = async (choice: string, gaitSource: ControllerGaitSource, gait: string) => {
    const bundle = selectorOf(SELECTABLE_GAITS.indexOf(gaitIndex(choice)));
    const { robot, env } = bundle;
    const source = { kind: "bundle", name: "own", bundle, robot, env, gaits: env.command.gaits } as const;
    const { controller } = await createController(source, model, gaitSource);
    const readings = createRobotState(1);
    readings.projectedGravity[2] = -1;
    controller.reset();
    const targets: number[][] = [];
    for (let i = 0; i < 60; i++) targets.push([...(await controller.step(readings, { gait, vx: 0.5, yawRate: 0 }))!]);
    return targets;
  };
  const told = await walk("pronk", "told", "trot");
  expect(await walk("hop", "told", "trot")).toEqual(told);
  expect(await walk("pronk", "told", "bound")).not.toEqual(told);
  const chosen = await walk("pronk", "policy", "trot");
  expect(await walk("pronk", "policy", "bound")).toEqual(chosen);
  expect(await walk("hop", "policy", "trot")).not.toEqual(chosen);
});
