/* ---- What the parts share: types of the tables, and the networks, which stand at the end with their weights ---- */

/* A row of the gait table, gaits/library.ts. */
typedef struct {
  double period_s;
  double duty_factor;
  double stride_rate_hz;
  double phase_offset[4]; /* cycles, FL FR RL RR */
  int bounces;            /* in a stride; 0 for gaits that do not leap */
} gait_parameters;

/* A dense layer, y = x W + b. */
typedef struct {
  const float *weights; /* row-major [inputs, outputs] */
  const float *biases;  /* [outputs] */
  int inputs;
  int outputs;
} layer;

/* From an observation to the mean action. output [12], input [GAITWAY_OBSERVATION_SIZE] */
static void run_policy(float *output, const float *input);

#if GAITWAY_HAS_ESTIMATOR
/* From the last few steps to corrections. output [GAITWAY_ESTIMATOR_OUTPUT_SIZE] */
static void run_estimator(float *output, const float *input);
#endif

#ifdef GAITWAY_SELECTED
/* From an observation to one number for each gait that can be selected; the largest wins. */
static void run_selector(float *output, const float *input);
#endif
