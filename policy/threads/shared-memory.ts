/** Everything that the workers of one run share. */
export interface SharedMemory {
  readonly control: SharedArrayBuffer;
  readonly floats: SharedArrayBuffer;
  readonly doubles: SharedArrayBuffer;
  readonly heartbeats: SharedArrayBuffer;
  readonly floatCapacity: number;
  readonly doubleCapacity: number;
}
