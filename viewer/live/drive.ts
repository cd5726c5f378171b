/** Where the velocity command comes from: what is held down of keys, gamepad and joystick, or else the sliders. */

import type { CommandConfig } from "../../sim/config-sections.js";
import type { Vec3 } from "../../sim/math.js";

/** [low, high] of each part of a command. */
export type CommandLimits = Pick<CommandConfig, "vxMPerS" | "vyMPerS" | "yawRateRadPerS">;

/** Forward, to the left, turning left: shares of the fastest command, -1..1. */
export type Deflection = Vec3;

/** A run of Shift with W is at the fastest command, W alone at this share of it. */
const WALK_SHARE = 2 / 3;
/** How fast commands change, per second: m/s, m/s, rad/s. Nobody's thumb does more, and it looks less like a machine. */
const MAX_RATE: Vec3 = [3, 3, 6];
/** Sticks at rest say a little more than nothing. */
const DEAD_ZONE = 0.12;

const KEYS: Readonly<Record<string, readonly [axis: 0 | 1 | 2, sign: 1 | -1]>> = {
  KeyW: [0, 1],
  KeyS: [0, -1],
  KeyA: [2, 1],
  KeyD: [2, -1],
  KeyQ: [1, 1],
  KeyE: [1, -1],
};

export class Drive {
  /** What the robot is told now: v_x m/s, v_y m/s, yaw rate rad/s. */
  readonly command: [number, number, number] = [0, 0, 0];
  /** What the sliders say, m/s, m/s, rad/s: holds while nothing is held down. */
  readonly cruise: [number, number, number] = [0, 0, 0];
  /** The joystick on the screen, or null while nobody touches it. */
  joystick: Deflection | null = null;
  /** Whether keys go as fast as it can. */
  fast = false;
  private readonly held = new Set<string>();

  constructor(private limits: CommandLimits) {}

  /** Another policy may have been trained on other commands. */
  setLimits(limits: CommandLimits): void {
    this.limits = limits;
  }

  /** Whether the key drives. @param code as `KeyboardEvent.code` names it: by its place, not by its letter */
  press(code: string): boolean {
    if (!(code in KEYS)) return false;
    this.held.add(code);
    return true;
  }

  release(code: string): void {
    this.held.delete(code);
  }

  releaseAll(): void {
    this.held.clear();
    this.joystick = null;
  }

  /** Moves the command towards what is wanted. @param gamepads as `navigator.getGamepads` tells */
  advance(elapsedS: number, gamepads: readonly (Pick<Gamepad, "axes"> | null)[]): void {
    const deflection = this.keyDeflection() ?? this.joystick ?? gamepadDeflection(gamepads);
    const wanted = deflection ? this.scaled(deflection) : this.cruise;
    for (let k = 0; k < 3; k++) {
      const step = MAX_RATE[k] * elapsedS;
      this.command[k] += Math.min(Math.max(wanted[k] - this.command[k], -step), step);
    }
  }

  private keyDeflection(): Deflection | null {
    if (this.held.size === 0) return null;
    const sum: [number, number, number] = [0, 0, 0];
    for (const code of this.held) {
      const [axis, sign] = KEYS[code];
      sum[axis] += sign;
    }
    if (!this.fast) sum[0] *= WALK_SHARE;
    return sum;
  }

  private scaled(deflection: Deflection): Vec3 {
    const { vxMPerS, vyMPerS, yawRateRadPerS } = this.limits;
    const scale = (share: number, [low, high]: readonly [number, number]) => share * (share > 0 ? high : -low);
    return [scale(deflection[0], vxMPerS), scale(deflection[1], vyMPerS), scale(deflection[2], yawRateRadPerS)];
  }
}

/** The first gamepad whose sticks (standard layout) are not at rest: left one to go, right one to turn. */
function gamepadDeflection(gamepads: readonly (Pick<Gamepad, "axes"> | null)[]): Deflection | null {
  for (const gamepad of gamepads) {
    if (!gamepad) continue;
    const [leftX = 0, leftY = 0, rightX = 0] = gamepad.axes;
    if (Math.hypot(leftX, leftY) > DEAD_ZONE || Math.abs(rightX) > DEAD_ZONE) return [-leftY, -leftX, -rightX];
  }
  return null;
}
