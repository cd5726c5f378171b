/*
 * ---- Rows for the networks, put together of slices: scale (value - origin) ----
 * The twin is sim/task/observation.ts. Each slice has a place in the row, a size and a scale, which the layouts above
 * define as SLICE_AT, SLICE_SIZE and SLICE_SCALE.
 */

static void write_floats(float *out, const float *values, const float *origin, int size, double scale) {
  for (int k = 0; k < size; k++) out[k] = (float)(scale * ((double)values[k] - (origin ? origin[k] : 0.0)));
}

static void write_bytes(float *out, const uint8_t *values, int size, double scale) {
  for (int k = 0; k < size; k++) out[k] = (float)(scale * values[k]);
}

#define WRITE_FLOATS(row, SLICE, values, origin) \
  write_floats(&(row)[SLICE##_AT], values, origin, SLICE##_SIZE, SLICE##_SCALE)
#define WRITE_BYTES(row, SLICE, values) write_bytes(&(row)[SLICE##_AT], values, SLICE##_SIZE, SLICE##_SCALE)
