/** The JavaScript heap of the thread that asks. WebAssembly's memory, where the engine and the tensors are, is not in it. */

import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What a training thread holds for good, caches and compiled code included, is there after this iteration. */
export const HEAP_FROM_ITERATION = 20;

let collect: (() => void) | undefined;

/** Bytes in use now, dead objects that are yet to be collected included. */
export function heapBytes(): number {
  return getHeapStatistics().used_heap_size;
}

/** Collects garbage at once, without Node having been started with --expose-gc: contexts made after the flag have it. */
export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}

/** Bytes that live objects hold. */
export function liveHeapBytes(): number {
  collectGarbage();
  return heapBytes();
}
