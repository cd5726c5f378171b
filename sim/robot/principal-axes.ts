import type { Quat, Vec3 } from "../math.js";

/**
 * Diagonalises a symmetric 3×3 tensor (xx, xy, xz, yy, yz, zz) with cyclic Jacobi rotations
 * (Golub & Van Loan, Matrix Computations, §8.5): tensor = R · diag(moments) · Rᵀ with R the rotation of `frame` (x, y, z, w).
 */
export function principalAxes(tensor: readonly [number, number, number, number, number, number]): {
  moments: Vec3;
  frame: Quat;
} {
  const [xx, xy, xz, yy, yz, zz] = tensor;
  const a = [
    [xx, xy, xz],
    [xy, yy, yz],
    [xz, yz, zz],
  ];
  const r = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      rotateAway(a, r, p, q);
    }
  }
  return { moments: [a[0][0], a[1][1], a[2][2]], frame: quaternionOf(r) };
}

/** One Jacobi rotation in the (p, q) plane that zeroes a[p][q]; `r` collects the rotations. */
function rotateAway(a: number[][], r: number[][], p: number, q: number): void {
  const apq = a[p][q];
  if (Math.abs(apq) < 1e-18) return;
  const theta = (a[q][q] - a[p][p]) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < 3; k++) {
    const row = a[k];
    const [akp, akq] = [row[p], row[q]];
    row[p] = c * akp - s * akq;
    row[q] = s * akp + c * akq;
  }
  for (let k = 0; k < 3; k++) {
    const [apk, aqk] = [a[p][k], a[q][k]];
    a[p][k] = c * apk - s * aqk;
    a[q][k] = s * apk + c * aqk;
    const [rkp, rkq] = [r[k][p], r[k][q]];
    r[k][p] = c * rkp - s * rkq;
    r[k][q] = s * rkp + c * rkq;
  }
}

/** Quaternion of a rotation matrix near or far from identity (Shepperd's method). */
function quaternionOf(m: number[][]): Quat {
  const [m00, m11, m22] = [m[0][0], m[1][1], m[2][2]];
  const trace = m00 + m11 + m22;
  const v = [m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]];
  if (trace > 0) {
    const s = 2 * Math.sqrt(1 + trace);
    return [v[0] / s, v[1] / s, v[2] / s, s / 4];
  }
  const i = m00 >= m11 && m00 >= m22 ? 0 : m11 >= m22 ? 1 : 2;
  const [j, k] = [(i + 1) % 3, (i + 2) % 3];
  const s = 2 * Math.sqrt(1 + m[i][i] - m[j][j] - m[k][k]);
  const q = [0, 0, 0, v[i] / s];
  q[i] = s / 4;
  q[j] = (m[j][i] + m[i][j]) / s;
  q[k] = (m[k][i] + m[i][k]) / s;
  return q as unknown as Quat;
}
