import { beforeAll, describe, expect, it } from "vitest";
import { type RandomizationConfig, randomizationConfigSchema } from "../../../sim/config-sections.js";
import { loadPhysics, type PhysicsWorld } from "../../../sim/physics/world.js";
import { Rng } from "../../../sim/rng.js";
import { Randomization } from "../../../sim/task/randomization.js";
import { advance, createWorld, model, place } from "../../support/world.js";

beforeAll(loadPhysics);

/** A robot held in the air by its trunk, its thighs told to move 0.2 rad: where they are after 40 ms. */
function motorResponse(change: (world: PhysicsWorld) => void): number {
  const world = createWorld(2, { fixedBase: true });
  place(world, 0, [0, 0, 1]);
  place(world, 1, [1, 0, 1]);
  change(world);
  const targets = Float32Array.from({ length: 24 }, (_, i) => model.qDefaultRad[i % 12] + (i % 3 === 1 ? 0.2 : 0));
  world.setTargets(targets);
  advance(world, 0.04);
  const response = world.state.jointPosition[1] - model.qDefaultRad[1];
  const other = world.state.jointPosition[13] - model.qDefaultRad[1];
  world.free();
  return response / other;
}

/** Speed that a robot in free fall has after 0.1 s, base frame, and what its trunk turned by. */
function freeFall(change: (world: PhysicsWorld) => void) {
  const world = createWorld();
  place(world, 0, [0, 0, 5]);
  change(world);
  advance(world, 0.1);
  const { baseVelocity, baseAngularVelocity } = world.state;
  world.free();
  return { velocity: [...baseVelocity], rate: [...baseAngularVelocity] };
}

describe("one robot's motors", () => {
  it("are stiffer, and leave the other's as they are", () => {
    expect(motorResponse(() => undefined)).toBeCloseTo(1, 3);
    expect(motorResponse((world) => world.setMotors(0, 1, 1.5, 1))).toBeGreaterThan(1.1);
    expect(motorResponse((world) => world.setMotors(0, 1, 1, 2))).toBeLessThan(0.8);
  });

  it("give up at their own limit: a tenth of 33.5 N·m", () => {
    const world = createWorld(1, { fixedBase: true });
    place(world, 0, [0, 0, 1]);
    world.setMotors(0, 0.1, 1, 1);
    world.setTargets(Float32Array.from(model.qDefaultRad, (q) => q + 0.3));
    advance(world, 0.005);
    expect(Math.max(...world.state.jointTorque)).toBeCloseTo(3.35, 5);
    world.free();
  });
});

describe("a payload", () => {
  it("weighs on the legs: with 3 kg on 12.453 a standing robot sags 1.24 times as far, or more: calves carry themselves", () => {
    const sagM = (payloadKg: number) => {
      const world = createWorld();
      place(world, 0, [0, 0, model.nominalHeightM]);
      world.setPayload(0, payloadKg, [0, 0, 0]);
      advance(world, 1);
      const sag = model.nominalHeightM - world.state.basePosition[2];
      world.free();
      return sag;
    };
    const ratio = sagM(3) / sagM(0);
    expect(ratio).toBeGreaterThan(1.24);
    expect(ratio).toBeLessThan(1.4);
  });

  it("off the trunk's middle leans the robot: 5 cm forward, nose down", () => {
    const pitch = (shiftM: number) => {
      const world = createWorld();
      place(world, 0, [0, 0, model.nominalHeightM]);
      world.setPayload(0, 0, [shiftM, 0, 0]);
      advance(world, 1);
      const gravityX = world.state.projectedGravity[0];
      world.free();
      return gravityX;
    };
    expect(pitch(0.05) - pitch(0)).toBeGreaterThan(0.005);
  });

  it("moves the centre of mass, not the point whose velocity is read", () => {
    const { velocity } = freeFall((world) => world.setPayload(0, 1, [0.05, 0, 0]));
    // Nothing turns a falling robot: every point falls at g t.
    expect(velocity[2]).toBeCloseTo(-0.981, 2);
    expect(Math.abs(velocity[0])).toBeLessThan(0.01);
  });
});

describe("tilted gravity", () => {
  it("pushes with the weight times the tilt, in its direction: g sin(0.1) t after a while", () => {
    const { velocity } = freeFall((world) => world.setGravityTilt(0, 0.1, Math.PI / 2));
    // 9.81 · 0.0998 · 0.1 = 0.0979 m/s to the left, of the whole robot; the trunk, which is pushed, leads its legs.
    expect(velocity[1]).toBeGreaterThan(0.09);
    expect(velocity[1]).toBeLessThan(0.2);
    expect(Math.abs(velocity[0])).toBeLessThan(0.02);
  });
});

describe("randomisation", () => {
  const draw = (config: Partial<RandomizationConfig>, robots = 200) => {
    const world = createWorld(robots);
    const randomization = new Randomization(randomizationConfigSchema.parse(config), world, 0.02);
    const rng = new Rng(4);
    for (let robot = 0; robot < robots; robot++) randomization.draw(robot, rng);
    world.free();
    return randomization;
  };

  it("is off by default but for friction", () => {
    const { payloadKg, motorStrength, actionDelaySteps } = draw({}, 3);
    expect([...payloadKg, ...motorStrength, ...actionDelaySteps]).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0]);
  });

  it("draws within its ranges; delays in policy steps", () => {
    const { payloadKg, motorStrength, actionDelaySteps } = draw({
      payloadKg: [-1, 2],
      motorStrength: [0.9, 1.1],
      actionDelayS: [0.005, 0.01],
    });
    const bounds = (values: Float32Array) => [Math.min(...values), Math.max(...values)];
    const within = (values: Float32Array, low: number, high: number) => {
      const [least, most] = bounds(values);
      const margin = 0.05 * (high - low);
      expect(least).toBeGreaterThanOrEqual(low - 1e-6);
      expect(least).toBeLessThan(low + margin);
      expect(most).toBeLessThanOrEqual(high + 1e-6);
      expect(most).toBeGreaterThan(high - margin);
    };
    within(payloadKg, -1, 2);
    within(motorStrength, 0.9, 1.1);
    within(actionDelaySteps, 0.25, 0.5);
  });
});
