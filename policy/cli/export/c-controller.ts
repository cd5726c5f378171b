/** The exported C controller, compiled and run in a process of its own. */

import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gaitIndex } from "../../../gaits/library.js";
import { NUM_JOINTS } from "../../../gaits/types.js";
import type { SensorReadings } from "../../../sim/control/sensors.js";
import { InputError } from "../../../sim/errors.js";
import type { Instruction } from "../../evaluation/scenario.js";
import { SELECTED_GAIT } from "../../export/golden-columns.js";
import type { ControllerGaitSource } from "../../runtime/gait-choice.js";
import type { RobotController } from "../../sim2sim/robot-controller.js";

/** Passes float32 on: what is told and sensed from stdin, joint targets and whether it damps to stdout. */
const HARNESS = `#include "@HEADER@"

#include <stdio.h>
#include <string.h>

enum { IN = 54, OUT = 13 };

int main(void) {
  static gaitway_controller controller;
  static gaitway_sensors sensors;
  static gaitway_output output;
  float in[IN], out[OUT];
  while (fread(in, sizeof in, 1, stdin) == 1) {
    if (in[0] != 0.0f) gaitway_init(&controller);
    gaitway_command(&controller, in[1], in[2], in[3], (int)in[4]);
    memcpy(sensors.angular_velocity, in + 5, 3 * sizeof(float));
    memcpy(sensors.delta_velocity, in + 8, 3 * sizeof(float));
    memcpy(sensors.projected_gravity, in + 11, 3 * sizeof(float));
    memcpy(sensors.joint_position, in + 14, 12 * sizeof(float));
    memcpy(sensors.joint_velocity, in + 26, 12 * sizeof(float));
    memcpy(sensors.joint_torque, in + 38, 12 * sizeof(float));
    for (int leg = 0; leg < 4; leg++) sensors.foot_contact[leg] = in[50 + leg] != 0.0f;
    gaitway_step(&controller, &sensors, &output);
    memcpy(out, output.joint_target, sizeof output.joint_target);
    out[12] = output.damping;
    if (fwrite(out, sizeof out, 1, stdout) != 1 || fflush(stdout) != 0) return 1;
  }
  return 0;
}
`;

const INPUTS = 54;
const OUTPUTS = NUM_JOINTS + 1;

/** Header and source of an exported controller, by name. */
export const CONTROLLER_FILE = /^gaitway_\w+\.[ch]$/;

export function hasCompiler(): boolean {
  return spawnSync("cc", ["--version"]).status === 0;
}

/**
 * Compiles an exported controller with a harness, into `buildFolder`. Returns the program's path.
 * @param folder with the controller's header and source
 * @throws InputError where there is none, or where it does not compile
 */
export function compileController(folder: string, buildFolder: string): string {
  const header = readdirSync(folder).find((name) => /^gaitway_\w+\.h$/.test(name));
  if (!header) throw new InputError(`${folder}: no gaitway_*.h; expected an exported controller`);
  const harness = join(buildFolder, "harness.c");
  const program = join(buildFolder, "controller");
  writeFileSync(harness, HARNESS.replace("@HEADER@", header));
  const source = join(resolve(folder), header.replace(/h$/, "c"));
  const flags = ["-std=c99", "-O2", "-ffp-contract=off", "-I", resolve(folder)];
  compile([...flags, "-o", program, harness, source, "-lm"], source);
  return program;
}

/**
 * Runs the compiler.
 * @param name of the source, for messages
 * @throws InputError with the compiler's first error
 */
export function compile(args: readonly string[], name: string, cwd?: string): void {
  try {
    execFileSync("cc", args, { cwd, stdio: "pipe" });
  } catch (error) {
    const lines = String((error as { stderr?: Buffer }).stderr ?? error).split("\n");
    const said = lines.find((line) => /\berror\b/.test(line)) ?? lines[0];
    throw new InputError(`${name} does not compile: ${said}`, { cause: error });
  }
}

/** `close` it in the end. */
export class CController implements RobotController {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly input = new Float32Array(INPUTS);
  private readonly output = new Float32Array(OUTPUTS);
  private isNew = true;
  private ended = false;
  /** Of who waits for an answer. */
  private wake: () => void = () => undefined;

  /**
   * @param program as `compileController` made it
   * @param gaitSource who says gaits: who instructs it, or its gait selection policy
   */
  constructor(
    program: string,
    private readonly gaitSource: ControllerGaitSource = "told",
  ) {
    this.process = spawn(program);
    this.process.stdout.on("readable", () => this.wake());
    // Of a program that has gone; "close" tells of it.
    this.process.stdin.on("error", () => undefined);
    this.process.on("error", () => undefined);
    this.process.on("close", () => {
      this.ended = true;
      this.wake();
    });
  }

  reset(): void {
    this.isNew = true;
  }

  async step(readings: SensorReadings, { gait, vx, yawRate }: Instruction): Promise<Float32Array | null> {
    const { input, output } = this;
    input.set([this.isNew ? 1 : 0, vx, 0, yawRate, this.gaitSource === "policy" ? SELECTED_GAIT : gaitIndex(gait)]);
    input.set(readings.baseAngularVelocity, 5);
    input.set(readings.deltaVelocity, 8);
    input.set(readings.projectedGravity, 11);
    input.set(readings.jointPosition, 14);
    input.set(readings.jointVelocity, 26);
    input.set(readings.jointTorque, 38);
    input.set(readings.footContact, 50);
    this.isNew = false;
    this.process.stdin.write(new Uint8Array(input.buffer));
    new Uint8Array(output.buffer).set(await this.answer());
    return output[NUM_JOINTS] ? null : output.subarray(0, NUM_JOINTS);
  }

  close(): void {
    this.process.stdin.end();
  }

  private async answer(): Promise<Buffer> {
    const { stdout } = this.process;
    for (;;) {
      const bytes: Buffer | null = stdout.read(this.output.byteLength);
      if (bytes) return bytes;
      if (this.ended) throw new Error("the C controller ended early");
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
