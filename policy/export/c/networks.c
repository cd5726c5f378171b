/*
 * ---- Networks: dense layers with ELU between them ----
 * The twins are policy/runtime/inference.ts and policy/networks/normalizer.ts.
 */

/* y = x W + b, with sums in double precision, as the twin has them. */
static void dense(float *out, const float *x, const layer *l) {
  double sums[MAX_LAYER_OUTPUTS];
  const int outputs = l->outputs;
  /* GCC's -O2 vectorises a loop only if it knows a divisor of its length; with it, a step takes half the time. */
  const int whole = outputs & ~3;
  for (int j = 0; j < outputs; j++) sums[j] = l->biases[j];
  for (int i = 0; i < l->inputs; i++) {
    const double v = x[i];
    const float *row = &l->weights[i * outputs];
    for (int j = 0; j < whole; j++) sums[j] += v * row[j];
    for (int j = whole; j < outputs; j++) sums[j] += v * row[j];
  }
  for (int j = 0; j < outputs; j++) out[j] = (float)sums[j];
}

static void elu(float *values, int size) {
  for (int i = 0; i < size; i++) {
    if (values[i] < 0.0f) values[i] = (float)expm1((double)values[i]);
  }
}

static void forward(float *output, const float *input, const layer *layers, int count) {
  float hidden[2][MAX_LAYER_OUTPUTS];
  const float *x = input;
  for (int l = 0; l < count - 1; l++) {
    float *y = hidden[l % 2];
    dense(y, x, &layers[l]);
    elu(y, layers[l].outputs);
    x = y;
  }
  dense(output, x, &layers[count - 1]);
}

static void normalize(float *out, const float *in, const double *mean, const double *inverse_std, int size) {
  for (int k = 0; k < size; k++) {
    const double z = ((double)in[k] - mean[k]) * inverse_std[k];
    out[k] = (float)clamp(z, -INPUT_CLIP, INPUT_CLIP);
  }
}

static void run_policy(float *output, const float *input) {
  float x[GAITWAY_OBSERVATION_SIZE];
  normalize(x, input, POLICY_INPUT_MEAN, POLICY_INPUT_INVERSE_STD, GAITWAY_OBSERVATION_SIZE);
  forward(output, x, POLICY_LAYERS, POLICY_LAYER_COUNT);
}

#if GAITWAY_HAS_ESTIMATOR
static void run_estimator(float *output, const float *input) {
  forward(output, input, ESTIMATOR_LAYERS, ESTIMATOR_LAYER_COUNT);
}
#endif

#ifdef GAITWAY_SELECTED
static void run_selector(float *output, const float *input) {
  float x[GAITWAY_SELECTION_OBSERVATION_SIZE];
  normalize(x, input, SELECTOR_INPUT_MEAN, SELECTOR_INPUT_INVERSE_STD, GAITWAY_SELECTION_OBSERVATION_SIZE);
  forward(output, x, SELECTOR_LAYERS, SELECTOR_LAYER_COUNT);
}
#endif
