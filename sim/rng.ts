/** Seedable random numbers: the same seed gives the same numbers on every machine. Not for cryptography. */

const UINT32 = 2 ** 32;

/** Bijective 32-bit mixer: the finaliser of MurmurHash3 (Appleby, public domain). */
function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * Hashes integers (their low 32 bits) into a seed in [0, 2^32), so that seed, robot and purpose give unrelated streams:
 * `deriveSeed(seed, STREAM_TERRAIN, robot)`. The order of the parts matters.
 */
export function deriveSeed(...parts: number[]): number {
  let h = parts.length;
  // 0x9e3779b9 = 2^32 / golden ratio, splitmix's increment: keeps parts that are 0 from leaving the hash as it is.
  for (const part of parts) h = mix32(Math.imul(h, 31) + 0x9e3779b9 + mix32(part));
  return h >>> 0;
}

/** sfc32, Chris Doty-Humphrey's "small fast chaotic" generator: 128 bits of state, passes PractRand and BigCrush. */
export class Rng {
  /** a, b, c and the counter. An Int32Array, because numbers this large in plain fields are boxed by some engines. */
  private readonly state = new Int32Array(4);
  /** The polar method makes normals in pairs; the second of the last pair, or NaN when it is used up. */
  private spareNormal = Number.NaN;

  constructor(seed: number) {
    this.seed(seed);
  }

  /** Starts the stream of `seed` (an integer, its low 32 bits) from its beginning. */
  seed(seed: number): void {
    const state = this.state;
    state[0] = mix32(seed);
    state[1] = mix32(state[0] + 0x9e3779b9);
    state[2] = mix32(state[1] + 0x9e3779b9);
    state[3] = 1;
    this.spareNormal = Number.NaN;
    // The author's warm-up: after 12 rounds every state bit depends on every seed bit.
    for (let round = 0; round < 12; round++) this.next();
  }

  /** Uniform in [0, 1), a multiple of 2^-32. */
  next(): number {
    const state = this.state;
    const b = state[1];
    const c = state[2];
    const counter = state[3];
    const sum = (state[0] + b + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    state[3] = counter + 1;
    return (sum >>> 0) / UINT32;
  }

  /** Uniform in [min, max). */
  uniform(min: number, max: number): number {
    return min + (max - min) * this.next();
  }

  /** Uniform integer in [0, n), for n up to 2^32. */
  integer(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** Standard normal, by Marsaglia's polar method. */
  normal(): number {
    const spare = this.spareNormal;
    if (!Number.isNaN(spare)) {
      this.spareNormal = Number.NaN;
      return spare;
    }
    let u: number;
    let v: number;
    let square: number;
    do {
      u = this.uniform(-1, 1);
      v = this.uniform(-1, 1);
      square = u * u + v * v;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    this.spareNormal = v * scale;
    return u * scale;
  }
}
