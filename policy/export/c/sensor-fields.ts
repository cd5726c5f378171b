import type { SensorReadings } from "../../../sim/control/sensors.js";

/** What the C struct of sensor readings calls each of them, and what its numbers are. */
export const SENSOR_FIELDS: Readonly<
  Record<keyof SensorReadings, { readonly field: string; readonly isBytes: boolean }>
> = {
  baseAngularVelocity: { field: "angular_velocity", isBytes: false },
  deltaVelocity: { field: "delta_velocity", isBytes: false },
  projectedGravity: { field: "projected_gravity", isBytes: false },
  jointPosition: { field: "joint_position", isBytes: false },
  jointVelocity: { field: "joint_velocity", isBytes: false },
  jointTorque: { field: "joint_torque", isBytes: false },
  footContact: { field: "foot_contact", isBytes: true },
};
