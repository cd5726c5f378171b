import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { gaitIndex } from "../../../../gaits/library.js";
import { CController, compileController, hasCompiler } from "../../../../policy/cli/export/c-controller.js";
import { createRobotState } from "../../../../sim/robot/state.js";

const folder = mkdtempSync(join(tmpdir(), "gaitway-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** An exported controller's interface, with a controller that says what it was told. */
const HEADER = `
typedef struct { float angular_velocity[3], delta_velocity[3], projected_gravity[3], joint_position[12], joint_velocity[12],
  joint_torque[12]; unsigned char foot_contact[4]; } gaitway_sensors;
typedef struct { float joint_target[12]; unsigned char damping; } gaitway_output;
typedef struct { float vx, vy, yaw_rate; int gait, steps; } gaitway_controller;
void gaitway_init(gaitway_controller *c);
int gaitway_command(gaitway_controller *c, float vx, float vy, float yaw_rate, int gait);
void gaitway_step(gaitway_controller *c, const gaitway_sensors *s, gaitway_output *out);
`;
const SOURCE = `
#include "gaitway_echo.h"
void gaitway_init(gaitway_controller *c) { c->steps = 0; }
int gaitway_command(gaitway_controller *c, float vx, float vy, float yaw_rate, int gait) {
  c->vx = vx; c->vy = vy; c->yaw_rate = yaw_rate; c->gait = gait;
  return 0;
}
void gaitway_step(gaitway_controller *c, const gaitway_sensors *s, gaitway_output *out) {
  const float said[12] = {s->angular_velocity[2], s->delta_velocity[2], s->projected_gravity[2], s->joint_position[11],
    s->joint_velocity[11], s->joint_torque[11], s->foot_contact[3], c->vx, c->vy, c->yaw_rate, (float)c->gait, (float)++c->steps};
  for (int i = 0; i < 12; i++) out->joint_target[i] = said[i];
  out->damping = c->vx > 5.0f;
}
`;

function compile(source: string): string {
  writeFileSync(join(folder, "gaitway_echo.h"), HEADER);
  writeFileSync(join(folder, "gaitway_echo.c"), source);
  return compileController(folder, folder);
}

describe.skipIf(!hasCompiler())("the C controller", () => {
  it("is told all that is sensed and commanded, and when it starts anew", async () => {
    const controller = new CController(compile(SOURCE));
    const readings = createRobotState(1);
    readings.baseAngularVelocity[2] = 0.25;
    readings.deltaVelocity[2] = 0.5;
    readings.projectedGravity[2] = -1;
    readings.jointPosition[11] = -1.5;
    readings.jointVelocity[11] = 2.5;
    readings.jointTorque[11] = 12.5;
    readings.footContact[3] = 1;
    const step = async (vx: number) => controller.step(readings, { gait: "bound", vx, yawRate: -0.75 });
    const said = [0.25, 0.5, -1, -1.5, 2.5, 12.5, 1, 2, 0, -0.75, gaitIndex("bound")];
    expect([...(await step(2))!]).toEqual([...said, 1]);
    expect([...(await step(2))!]).toEqual([...said, 2]);
    controller.reset();
    expect([...(await step(2))!]).toEqual([...said, 1]);
    // It damps.
    expect(await step(6)).toBeNull();
    controller.close();
  });

  it("is told 255 in place of a gait where it is to choose itself", async () => {
    const controller = new CController(compile(SOURCE), "policy");
    const targets = await controller.step(createRobotState(1), { gait: "bound", vx: 1, yawRate: 0 });
    expect(targets![10]).toBe(255);
    controller.close();
  });

  it("that ends early is an error", async () => {
    const controller = new CController(compile(SOURCE.replace("out->damping = ", "if (s) *(volatile int *)0 = 1;")));
    await expect(controller.step(createRobotState(1), { gait: "trot", vx: 0, yawRate: 0 })).rejects.toThrow(
      "ended early",
    );
  });

  it("that does not compile is an error that says where", () => {
    expect(() => compile("int x = ;")).toThrow(/gaitway_echo\.c does not compile: /);
  });

  it("must be there", () => {
    const empty = mkdtempSync(join(folder, "empty-"));
    expect(() => compileController(empty, folder)).toThrow(`${empty}: no gaitway_*.h; expected an exported controller`);
  });
});
