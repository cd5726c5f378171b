/**
 * An error caused by what the user gave us (a file, a flag, a config field), not by a bug.
 * The command line prints its message on one line and exits with code 1; anything else keeps its stack.
 */
export class InputError extends Error {
  override name = "InputError";

  /** @param message control characters in it, from names in broken files, become spaces: it stays on one line */
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/[\p{Cc}\u2028\u2029]+/gu, " "), options);
  }
}
