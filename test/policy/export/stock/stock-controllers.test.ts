/**
 * The files for stock controllers, read as those controllers read them. Their keys, and what becomes of them:
 *
 * - unitree_rl_lab: deploy/include/isaaclab of github.com/unitreerobotics/unitree_rl_lab, envs/mdp/observations.h and
 *   envs/mdp/actions/joint_actions.h of commit 5dc06a4bc1a4, manager_based_rl_env.h, observation_manager.h, manager_term_cfg.h
 *   and unitree_articulation.h beside them, State_RLBase.cpp; a deploy.yaml that its training wrote for a Go2.
 * - rl_sar: src/rl_sar/library/core/rl_sdk/rl_sdk.cpp of github.com/fan-ziqi/rl_sar, commits 01912b9e6a3a and ffeff67358b4,
 *   observation_buffer.cpp of fd1fafc6f0d0, policy/a1/base.yaml of afacc139b896, policy/a1/legged_gym/config.yaml of 78e26a0e6bf8.
 */

import CRC32 from "crc-32";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { fromBase64, toBase64 } from "../../../../policy/bundle/layers.js";
import { findOnnxRuntime, type OnnxRuntime } from "../../../../policy/cli/export/onnx-runtime.js";
import { createEvaluator } from "../../../../policy/export/onnx/evaluator.js";
import { largestDifference, randomInputs, TOLERANCE } from "../../../../policy/export/onnx/network-check.js";
import { decodeModel } from "../../../../policy/export/onnx/protobuf.js";
import { studentNetwork } from "../../../../policy/export/onnx/student-onnx.js";
import { exportRlSar } from "../../../../policy/export/stock/rl-sar.js";
import { exportUnitree } from "../../../../policy/export/stock/unitree.js";
import { STUDENT_FRAME_SIZE, STUDENT_TERMS, type StudentBundle } from "../../../../policy/student/bundle.js";
import { InputError } from "../../../../sim/errors.js";
import { a1Tuning, a1Urdf, modelOf } from "../../../support/a1.js";
import { testStudent } from "../../../support/student.js";

const HISTORY = 3;
const student = quieter(testStudent(HISTORY));
// Gains, pose and torques of their own for each kind of joint.
const model = modelOf(a1Urdf, {
  ...a1Tuning,
  ...{ kp: { hip: 60, thigh: 70, calf: 80 }, kd: { hip: 1, thigh: 2, calf: 3 } },
  ...{ torqueMaxNm: { hip: 20, thigh: 30, calf: 33.5 } },
});
const unitree = exportUnitree(student, model, "1.2.3");
const rlSar = exportRlSar(student, model, "1.2.3");

/** With weights small enough for float32 to hold what they amount to. */
function quieter(loud: StudentBundle): StudentBundle {
  const layers = loud.layers.map(({ parameters, ...size }) => ({
    ...size,
    parameters: toBase64(fromBase64(parameters).map((value) => value / 3)),
  }));
  return { ...loud, layers };
}

const numbers = (length: number) => z.array(z.number()).length(length);
const joints = numbers(12);
const motorIndices = z.array(z.int().min(0).max(11)).length(12);
const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high);

const term = (size: number) =>
  z.strictObject({
    params: z.record(z.string(), z.unknown()),
    clip: range.nullable(),
    scale: numbers(size).nullable(),
    history_length: z.int().min(1),
  });

const deploySchema = z.strictObject({
  joint_ids_map: motorIndices,
  step_dt: z.number().positive(),
  stiffness: joints,
  damping: joints,
  default_joint_pos: joints,
  commands: z.strictObject({
    base_velocity: z.strictObject({
      ranges: z.strictObject({ lin_vel_x: range, lin_vel_y: range, ang_vel_z: range, heading: z.null() }),
    }),
  }),
  actions: z.strictObject({
    JointPositionAction: z.strictObject({
      clip: z.array(range).length(12),
      joint_names: z.array(z.string()).length(12),
      scale: joints,
      offset: joints,
      joint_ids: z.null(),
    }),
  }),
  observations: z.strictObject({
    base_ang_vel: term(3),
    projected_gravity: term(3),
    velocity_commands: term(3),
    joint_pos_rel: term(12),
    joint_vel_rel: term(12),
    last_action: term(12),
  }),
});

const baseSchema = z.strictObject({
  dt: z.number().positive(),
  decimation: z.int().positive(),
  fixed_kp: joints,
  fixed_kd: joints,
  num_of_dofs: z.literal(12),
  wheel_indices: z.array(z.int()).length(0),
  torque_limits: joints,
  default_dof_pos: joints,
  joint_names: z.array(z.string()).length(12),
  joint_controller_names: z.array(z.string()).length(12),
  joint_mapping: motorIndices,
});

const configSchema = z.strictObject({
  model_name: z.string().regex(/\.onnx$/),
  num_observations: z.int(),
  observations: z.array(z.enum(["ang_vel", "gravity_vec", "commands", "dof_pos", "dof_vel", "actions"])),
  observations_history: z.array(z.int().min(0)),
  observations_history_priority: z.enum(["time", "term"]),
  clip_obs: z.number().positive(),
  clip_actions_lower: joints,
  clip_actions_upper: joints,
  rl_kp: joints,
  rl_kd: joints,
  fixed_kp: joints,
  fixed_kd: joints,
  num_of_dofs: z.literal(12),
  action_scale: joints,
  wheel_indices: z.array(z.int()).length(0),
  lin_vel_scale: z.number(),
  ang_vel_scale: z.number(),
  dof_pos_scale: z.number(),
  dof_vel_scale: z.number(),
  commands_scale: numbers(3),
  torque_limits: joints,
  default_dof_pos: joints,
  joint_mapping: motorIndices,
});

const deploy = deploySchema.parse(parse(unitree.get("params/deploy.yaml") as string));
const base = z.strictObject({ a1: baseSchema }).parse(parse(rlSar.get("a1/base.yaml") as string)).a1;
const config = z
  .strictObject({ "a1/gaitway": configSchema })
  .parse(parse(rlSar.get("a1/gaitway/config.yaml") as string))["a1/gaitway"];

/** The motors as both controllers count them: what unitree_legged_sdk calls FR_0, FR_1, FR_2, FL_0 ... */
const MOTORS = ["FR", "FL", "RR", "RL"].flatMap((leg) =>
  ["hip", "thigh", "calf"].map((kind) => `${leg}_${kind}_joint`),
);

/** One moment as the robot senses it: motors by their place, everything else as it is. */
interface Moment {
  readonly angularVelocity: number[];
  readonly gravity: number[];
  readonly command: number[];
  readonly motorPosition: number[];
  readonly motorVelocity: number[];
  readonly lastAction: number[];
}

/** No two numbers are the same. */
const MOMENTS: readonly Moment[] = Array.from({ length: HISTORY }, (_, t) => {
  const some = (count: number, seed: number) =>
    Array.from({ length: count }, (_, i) => Math.sin(1 + 7 * seed + i + 50 * t));
  return {
    ...{ angularVelocity: some(3, 1), gravity: some(3, 2), command: some(3, 3).map((value) => value / 10) },
    ...{ motorPosition: some(12, 4), motorVelocity: some(12, 5), lastAction: some(12, 6) },
  };
});

/** What the student is to be told: its terms, joints by their names in the model's order, each term's oldest frame first. */
function expectedInput(): number[] {
  const byName = (values: readonly number[]) => model.jointNames.map((name) => values[MOTORS.indexOf(name)]);
  const frames = MOMENTS.map((moment) => ({
    baseAngularVelocity: moment.angularVelocity,
    projectedGravity: moment.gravity,
    command: moment.command,
    jointPosition: byName(moment.motorPosition).map((q, j) => q - model.qDefaultRad[j]),
    jointVelocity: byName(moment.motorVelocity),
    lastAction: moment.lastAction,
  }));
  return STUDENT_TERMS.flatMap(({ name, scale }) =>
    frames.flatMap((frame) => frame[name].map((value) => scale * value)),
  );
}

/** Equal as float32 arithmetic goes. */
function expectClose(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  for (let i = 0; i < got.length; i++) expect(got[i]).toBeCloseTo(expected[i], 6);
}

describe("the YAML files", () => {
  it.each([
    ["deploy.yaml", unitree.get("params/deploy.yaml") as string],
    ["base.yaml", rlSar.get("a1/base.yaml") as string],
    ["config.yaml", rlSar.get("a1/gaitway/config.yaml") as string],
  ])("%s has every list in its place, not by reference", (_, text) => {
    expect(text).not.toMatch(/[&*]a\d/);
  });
});

describe("for unitree_rl_lab", () => {
  it("the observation that it puts together is the one that the student knows", () => {
    const { joint_ids_map: motors, default_joint_pos: pose, observations, commands } = deploy;
    const clamp = (value: number, [low, high]: readonly [number, number]) => Math.min(Math.max(value, low), high);
    const { lin_vel_x, lin_vel_y, ang_vel_z } = commands.base_velocity.ranges;
    const functions: Record<string, (moment: Moment) => number[]> = {
      base_ang_vel: ({ angularVelocity }) => angularVelocity,
      projected_gravity: ({ gravity }) => gravity,
      velocity_commands: ({ command }) =>
        [lin_vel_x, lin_vel_y, ang_vel_z].map((limits, i) => clamp(command[i], limits)),
      joint_pos_rel: ({ motorPosition }) => motors.map((motor, i) => motorPosition[motor] - pose[i]),
      joint_vel_rel: ({ motorVelocity }) => motors.map((motor) => motorVelocity[motor]),
      last_action: ({ lastAction }) => lastAction,
    };
    // Terms in the file's order; of each a queue of its newest values, from the oldest on, clipped, then scaled.
    const input = Object.entries(observations).flatMap(([name, { scale, clip, history_length }]) => {
      expect(clip).toBeNull();
      const queue = MOMENTS.map(functions[name]).slice(-history_length);
      return queue.flatMap((values) => values.map((value, i) => value * scale![i]));
    });
    expectClose(input, expectedInput());
  });

  it("targets are the pose and scaled actions, within the joints' limits, at the motors of the joints' names", () => {
    const { scale, offset, clip, joint_names } = deploy.actions.JointPositionAction;
    expect(scale).toEqual(Array(12).fill(0.25));
    expect(offset).toEqual(deploy.default_joint_pos);
    expect(joint_names).toEqual(model.jointNames);
    expect(deploy.joint_ids_map.map((motor) => MOTORS[motor])).toEqual(model.jointNames);
    // FL is the second leg of the motors.
    expect(deploy.joint_ids_map.slice(0, 3)).toEqual([3, 4, 5]);
    expectClose(
      clip.map(([low]) => low),
      [...model.qMinRad],
    );
    expectClose(
      clip.map(([, high]) => high),
      [...model.qMaxRad],
    );
  });

  it("gains are those of the motors, steps those of the student, commands those that it has learned", () => {
    expect(deploy.stiffness).toEqual(Array(4).fill([60, 70, 80]).flat());
    expect(deploy.damping).toEqual(Array(4).fill([1, 2, 3]).flat());
    expect(deploy.step_dt).toBe(0.02);
    expect(deploy.commands.base_velocity.ranges).toEqual({
      ...{ lin_vel_x: [-0.5, 1], lin_vel_y: [-0.3, 0.3], ang_vel_z: [-0.8, 0.8], heading: null },
    });
  });
});

describe("for rl_sar", () => {
  it("the observation that it puts together is the one that the student knows", () => {
    const scaled = (values: readonly number[], scale: number) => values.map((value) => scale * value);
    const mapped = (values: readonly number[]) => config.joint_mapping.map((motor) => values[motor]);
    const functions: Record<string, (moment: Moment) => number[]> = {
      ang_vel: ({ angularVelocity }) => scaled(angularVelocity, config.ang_vel_scale),
      gravity_vec: ({ gravity }) => gravity,
      commands: ({ command }) => command.map((value, i) => value * config.commands_scale[i]),
      dof_pos: ({ motorPosition }) =>
        scaled(
          mapped(motorPosition).map((q, i) => q - config.default_dof_pos[i]),
          config.dof_pos_scale,
        ),
      dof_vel: ({ motorVelocity }) => scaled(mapped(motorVelocity), config.dof_vel_scale),
      actions: ({ lastAction }) => lastAction,
    };
    // Its buffer holds the newest frame first; "term": of each term the frames that are asked for, in their order.
    const buffer = [...MOMENTS].reverse();
    expect(config.observations_history_priority).toBe("term");
    const input = config.observations.flatMap((name) =>
      config.observations_history.flatMap((age) => functions[name](buffer[age])),
    );
    expectClose(input, expectedInput());
    expect(config.num_observations).toBe(STUDENT_FRAME_SIZE);
  });

  it("has no history where the student sees one frame: the observation goes to the network as it is", () => {
    const files = exportRlSar(testStudent(1), model, "1.2.3");
    const alone = parse(files.get("a1/gaitway/config.yaml") as string)["a1/gaitway"];
    expect(configSchema.parse(alone).observations_history).toEqual([]);
  });

  it("targets are the pose and scaled actions, within the joints' limits", () => {
    expect(config.action_scale).toEqual(Array(12).fill(0.25));
    const target = (actions: readonly number[]) => actions.map((a, j) => config.default_dof_pos[j] + 0.25 * a);
    expectClose(target(config.clip_actions_lower), [...model.qMinRad]);
    expectClose(target(config.clip_actions_upper), [...model.qMaxRad]);
  });

  it("stands the robot up by its motors, and steps as often as the student", () => {
    expect(base.joint_names).toEqual(MOTORS);
    expect(base.joint_controller_names[0]).toBe("FR_hip_controller");
    expect(base.joint_mapping).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(base.default_dof_pos).toEqual(Array(4).fill([0, 0.75, -1.5]).flat());
    expect(base.torque_limits).toEqual(Array(4).fill([20, 30, 33.5]).flat());
    expect([base.dt * base.decimation, base.dt]).toEqual([0.02, 0.005]);
    expect([config.rl_kp, config.rl_kd]).toEqual([base.fixed_kp, base.fixed_kd]);
  });

  it("the model stands where the configuration says", () => {
    expect([...rlSar.keys()]).toContain(`a1/gaitway/${config.model_name}`);
  });
});

describe.each([
  ["unitree_rl_lab", unitree.get("exported/policy.onnx") as Uint8Array],
  ["rl_sar", rlSar.get("a1/gaitway/policy.onnx") as Uint8Array],
])("the network for %s", (_, bytes) => {
  let runtime: OnnxRuntime;
  beforeAll(async () => {
    runtime = (await findOnnxRuntime())!;
  });
  const exported = decodeModel(bytes, "policy.onnx");
  const network = studentNetwork("policy.onnx", student, model);

  it("has one input and one output of fixed shape, of the names that unitree_rl_lab asks for", () => {
    expect([exported.input, exported.output]).toEqual([
      { name: "obs", width: HISTORY * 45 },
      { name: "actions", width: 12 },
    ]);
  });

  it("tells the configuration that it was distilled in, as the policies' files do", () => {
    const { metadata } = exported;
    expect(metadata.get("config_hash")).toBe(
      (CRC32.str(JSON.stringify(student.env)) >>> 0).toString(16).padStart(8, "0"),
    );
  });

  it("says what the student says, on random inputs, limits included", async () => {
    const inputs = [...randomInputs(network, 1000, 1)];
    expect(await largestDifference(network, createEvaluator(exported), inputs)).toBeLessThanOrEqual(TOLERANCE);
    expect(await largestDifference(network, await runtime.createRunner(bytes), inputs)).toBeLessThanOrEqual(TOLERANCE);
    const hip = (46 * Math.PI) / 180 / 0.25;
    const atLimit = inputs.filter((input) => Math.abs(Math.abs(network.original(input)[0]) - hip) < 1e-3);
    expect(atLimit.length).toBeGreaterThan(0);
  });
});

describe("a robot that is none of Unitree's", () => {
  it.each([
    ["unitree", exportUnitree],
    ["rl_sar", exportRlSar],
  ])("is refused for %s, with the joint that is not theirs", (_, write) => {
    const other = modelOf(a1Urdf.replaceAll("FL_hip_joint", "left_front_roll"));
    expect(() => write(student, other, "1.2.3")).toThrow(InputError);
    expect(() => write(student, other, "1.2.3")).toThrow(
      /^robot a1: joint left_front_roll: expected one of FR_hip_joint, /,
    );
  });
});

describe("a robot whose name can be no folder's", () => {
  it.each(["../../x", "a1/b", "a1\\b", "..", ".a1", "a 1", "C:"])("is refused for rl_sar: %s", (name) => {
    const other = modelOf(a1Urdf.replace('robot name="a1"', `robot name="${name}"`));
    expect(other.name).toBe(name);
    expect(() => exportRlSar(student, other, "1.2.3")).toThrow(InputError);
    expect(() => exportRlSar(student, other, "1.2.3")).toThrow(
      `a1.urdf: robot name: got "${name}", expected letters, digits, "_", "-" and "."`,
    );
  });

  it("is accepted for unitree, whose layout does not have it", () => {
    const other = modelOf(a1Urdf.replace('robot name="a1"', 'robot name="../../x"'));
    expect([...exportUnitree(student, other, "1.2.3").keys()]).toEqual([...unitree.keys()]);
  });
});
