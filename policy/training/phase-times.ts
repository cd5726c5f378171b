/** Where training threads spend their time, µs of one thread for each environment step (one robot's policy step) that it takes. */
export interface PhaseTimes {
  /** The physics engine. */
  readonly physicsMicrosPerStep: number;
  /** The rest of the environment: reading the robots, gait memory, reward, observation. */
  readonly observationMicrosPerStep: number;
  /** Normalising observations, drawing actions, values. */
  readonly inferenceMicrosPerStep: number;
  /** Updating the networks, which includes waiting for the other threads. */
  readonly learningMicrosPerStep: number;
}

/**
 * @param phaseMs time in each phase, in the order of the interface, summed over threads
 * @param steps environment steps of these threads together
 */
export function phaseTimes(phaseMs: Float64Array, steps: number): PhaseTimes {
  const [physics, observation, inference, learning] = phaseMs.map((ms) => (1000 * ms) / steps);
  return {
    physicsMicrosPerStep: physics,
    observationMicrosPerStep: observation,
    inferenceMicrosPerStep: inference,
    learningMicrosPerStep: learning,
  };
}
