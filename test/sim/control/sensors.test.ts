import { describe, expect, it } from "vitest";
import { type SensorConfig, sensorConfigSchema } from "../../../sim/config-sections.js";
import { Sensors } from "../../../sim/control/sensors.js";
import { Rng } from "../../../sim/rng.js";
import { createRobotState } from "../../../sim/robot/state.js";

const STEP_S = 0.02;

function createSensors(errors: Partial<SensorConfig>, robots = 1) {
  const state = createRobotState(robots);
  const sensors = new Sensors(state, sensorConfigSchema.parse(errors), robots, STEP_S, new Rng(3));
  return { state, sensors };
}

/** What a gyroscope at rest reads over many steps. */
function readAtRest(errors: Partial<SensorConfig>, steps: number): number[] {
  const { sensors } = createSensors(errors);
  sensors.reset(0);
  return Array.from({ length: steps }, () => {
    sensors.read(0);
    return sensors.readings.baseAngularVelocity[0];
  });
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe("sensors without errors", () => {
  it("read the truth itself", () => {
    const { state, sensors } = createSensors({});
    expect(sensors.readings).toBe(state);
  });
});

describe("noise", () => {
  it("is uniform around the truth, and new at every reading", () => {
    const values = readAtRest({ angularVelocityRadPerS: 0.2 }, 4000);
    expect(Math.max(...values)).toBeGreaterThan(0.19);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.2);
    // Standard deviation 0.4 / sqrt(12) = 0.1155, of the mean 0.0018.
    expect(Math.abs(mean(values))).toBeLessThan(4 * 0.0018);
    expect(Math.sqrt(mean(values.map((x) => x * x)))).toBeCloseTo(0.1155, 2);
  });

  it("of the accelerometer adds up over a policy step: 2 m/s² make 0.04 m/s", () => {
    const { sensors } = createSensors({ accelerationMPerS2: 2 }, 500);
    for (let robot = 0; robot < 500; robot++) sensors.reset(robot);
    const largest = Math.max(...sensors.readings.deltaVelocity.map(Math.abs));
    expect(largest).toBeGreaterThan(0.039);
    expect(largest).toBeLessThanOrEqual(0.04);
  });

  it("leaves the truth alone", () => {
    const { state, sensors } = createSensors({ jointPositionRad: 0.1, falseContactShare: 0.5 });
    sensors.reset(0);
    expect(state.jointPosition.every((q) => q === 0)).toBe(true);
    expect(state.footContact.every((contact) => contact === 0)).toBe(true);
  });
});

describe("biases", () => {
  it("stay through an episode, and change with the next", () => {
    const { sensors } = createSensors({ jointOffsetRad: 0.05 });
    sensors.reset(0);
    const first = [...sensors.readings.jointPosition];
    expect(Math.max(...first.map(Math.abs))).toBeGreaterThan(0.01);
    sensors.read(0);
    expect([...sensors.readings.jointPosition]).toEqual(first);
    expect([...sensors.jointOffset]).toEqual(first);
    sensors.reset(0);
    expect([...sensors.readings.jointPosition]).not.toEqual(first);
  });
});

describe("late sensors", () => {
  it("read between the truths of two steps: 5 ms late is a quarter of the last one", () => {
    const { state, sensors } = createSensors({ delayS: [0.005, 0.005] });
    state.jointVelocity[4] = 1;
    sensors.reset(0);
    expect(sensors.readings.jointVelocity[4]).toBe(1);
    state.jointVelocity[4] = 3;
    sensors.read(0);
    expect(sensors.readings.jointVelocity[4]).toBeCloseTo(2.5, 6);
    sensors.read(0);
    expect(sensors.readings.jointVelocity[4]).toBe(3);
  });

  it("tell contacts a step later where they are late by more than half of one", () => {
    const contactsAfterOneStep = (delayS: number) => {
      const { state, sensors } = createSensors({ delayS: [delayS, delayS] });
      sensors.reset(0);
      state.footContact[2] = 1;
      sensors.read(0);
      const atOnce = sensors.readings.footContact[2];
      sensors.read(0);
      return [atOnce, sensors.readings.footContact[2]];
    };
    expect(contactsAfterOneStep(0.005)).toEqual([1, 1]);
    expect(contactsAfterOneStep(0.015)).toEqual([0, 1]);
  });
});

describe("foot contacts", () => {
  it("are wrong as often as said", () => {
    const { sensors } = createSensors({ falseContactShare: 0.1 });
    let wrong = 0;
    for (let i = 0; i < 2000; i++) {
      sensors.read(0);
      wrong += sensors.readings.footContact.reduce((sum, contact) => sum + contact, 0);
    }
    // 8000 readings, 800 ± 27.
    expect(Math.abs(wrong - 800)).toBeLessThan(4 * 27);
  });
});
