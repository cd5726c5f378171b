import type { VecEnv } from "../../sim/env.js";

/** What the trainer needs of an environment. */
export interface TrainingEnv
  extends Pick<
    VecEnv,
    | "obs"
    | "finalObs"
    | "reward"
    | "terminated"
    | "truncated"
    | "statistics"
    | "blowUps"
    | "physicsMs"
    | "estimatorInputs"
    | "estimatorTargets"
    | "step"
    | "free"
  > {
  /** 1 where the robot can't follow a choice now. [N] */
  readonly locked?: Uint8Array;
  /** What a rule would choose now. [N] */
  readonly advice?: Uint8Array;
}
