import * as tf from "@tensorflow/tfjs-core";

/** The WASM backend can show its memory; others only hand out copies. */
interface HeapBackend {
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
}

function heapBackend(): HeapBackend | undefined {
  const backend = tf.backend() as unknown as Partial<HeapBackend>;
  return backend.typedArrayFromHeap ? (backend as HeapBackend) : undefined;
}

/**
 * A float tensor's numbers: a view of the backend's memory where there is one (valid until the next tensor is made), else a
 * copy.
 */
export function borrowData(tensor: tf.Tensor): Float32Array {
  return heapBackend()?.typedArrayFromHeap(tensor) ?? (tensor.dataSync() as Float32Array);
}

/** After writing to what `borrowData(tensor)` gave: the tensor that holds the new numbers. */
export function fromData(tensor: tf.Tensor2D, data: Float32Array): tf.Tensor2D {
  return heapBackend() ? tensor : tf.tensor2d(data, tensor.shape);
}
