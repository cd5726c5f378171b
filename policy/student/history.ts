/** What students are told: the last frames of their 45 numbers, term by term. */

import type { SensorReadings } from "../../sim/control/sensors.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { STUDENT_FRAME_SIZE, STUDENT_TERMS } from "./bundle.js";

export interface StudentSources {
  readonly readings: SensorReadings;
  /** v_x m/s, v_y m/s, yaw rate rad/s. [N, 3] */
  readonly command: Float32Array;
  /** What the student did last, within its limits. [N, 12] */
  readonly lastAction: Float32Array;
}

export class StudentHistory {
  /** Rows for the network. [N, historyLength · 45] */
  readonly inputs: Float32Array;
  readonly size: number;

  constructor(
    private readonly model: RobotModel,
    private readonly sources: StudentSources,
    private readonly historyLength: number,
    numRobots: number,
  ) {
    this.size = historyLength * STUDENT_FRAME_SIZE;
    this.inputs = new Float32Array(numRobots * this.size);
  }

  /** One robot's past is as its present. */
  reset(robot: number): void {
    for (let frame = 0; frame < this.historyLength; frame++) this.push(robot);
  }

  /** One robot's past is all zeros, as in rl_sar. */
  clear(robot: number): void {
    this.inputs.fill(0, robot * this.size, (robot + 1) * this.size);
    this.push(robot);
  }

  /** Takes in one robot's present frame, and forgets its oldest. */
  push(robot: number): void {
    const { inputs, historyLength, model, sources } = this;
    let begin = robot * this.size;
    for (const { name, size, scale } of STUDENT_TERMS) {
      const end = begin + historyLength * size;
      inputs.copyWithin(begin, begin + size, end);
      const values = name === "command" || name === "lastAction" ? sources[name] : sources.readings[name];
      for (let k = 0; k < size; k++) {
        const origin = name === "jointPosition" ? model.qDefaultRad[k] : 0;
        inputs[end - size + k] = scale * (values[robot * size + k] - origin);
      }
      begin = end;
    }
  }
}
