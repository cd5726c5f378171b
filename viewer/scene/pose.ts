import type { Frames } from "../recording/frames.js";

/** What the page shows of one moment. */
export interface ReplayPose {
  /** World frame, m. [3] */
  readonly basePosition: Float32Array;
  /** (x, y, z, w). [4] */
  readonly baseRotation: Float32Array;
  /** rad. [12] */
  readonly jointPosition: Float32Array;
  /** Where the gait memory wants the feet, base frame, m. [12] */
  readonly footTarget: Float32Array;
}

export function createPose(): ReplayPose {
  return {
    basePosition: new Float32Array(3),
    baseRotation: new Float32Array([0, 0, 0, 1]),
    jointPosition: new Float32Array(12),
    footTarget: new Float32Array(12),
  };
}

/** Writes the pose at `timeS` (0 = first frame) into `out`: linear between frames, rotations along the shorter arc. */
export function interpolatePose(out: ReplayPose, log: Frames, timeS: number): void {
  const last = log.numFrames - 1;
  const position = Math.min(Math.max(timeS / log.header.dtS, 0), last);
  const index = Math.floor(position);
  const share = position - index;
  const before = log.frame(index);
  const after = log.frame(Math.min(index + 1, last));
  blend(out.basePosition, before, after, log.column("basePosition").offset, share);
  blend(out.jointPosition, before, after, log.column("jointPosition").offset, share);
  blend(out.footTarget, before, after, log.column("footTarget").offset, share);
  slerp(out.baseRotation, before, after, log.column("baseRotation").offset, share);
}

function blend(out: Float32Array, a: Float32Array, b: Float32Array, offset: number, share: number): void {
  for (let i = 0; i < out.length; i++) out[i] = a[offset + i] + share * (b[offset + i] - a[offset + i]);
}

// q(s) = (sin((1 - s) θ) a + sin(s θ) b) / sin θ, θ the angle between a and ±b
function slerp(out: Float32Array, a: Float32Array, b: Float32Array, offset: number, share: number): void {
  let dot = 0;
  for (let i = 0; i < 4; i++) dot += a[offset + i] * b[offset + i];
  const sign = dot < 0 ? -1 : 1; // q and -q are one rotation: take the nearer of the two
  const angle = Math.acos(Math.min(1, Math.abs(dot)));
  const sine = Math.sin(angle);
  const tiny = sine < 1e-6; // nearly equal: the quotient is the linear blend
  const wa = tiny ? 1 - share : Math.sin((1 - share) * angle) / sine;
  const wb = sign * (tiny ? share : Math.sin(share * angle) / sine);
  for (let i = 0; i < 4; i++) out[i] = wa * a[offset + i] + wb * b[offset + i];
}
