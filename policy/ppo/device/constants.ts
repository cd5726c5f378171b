import * as tf from "@tensorflow/tfjs-core";

/** Numbers as tensors that stay on the device: one that is made anew for each operation is uploaded each time. */
export class DeviceConstants {
  private readonly scalars = new Map<number, tf.Scalar>();

  get(value: number): tf.Scalar {
    const known = this.scalars.get(value);
    if (known) return known;
    const made = tf.keep(tf.scalar(value));
    this.scalars.set(value, made);
    return made;
  }

  dispose(): void {
    tf.dispose([...this.scalars.values()]);
    this.scalars.clear();
  }
}
