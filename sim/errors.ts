/**
 * An error caused by what the user gave us (a file, a flag, a config field), not by a bug.
 * The command line prints its message on one line and exits with code 1; anything else keeps its stack.
 */

import type { z } from "zod";
export class InputError extends Error {
  override name = "InputError";

  /** @param message control characters in it, from names in broken files, become spaces: it stays on one line */
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/[\p{Cc}\u2028\u2029]+/gu, " "), options);
  }
}

/** One line for one zod issue: field, value, expectation. */
export function describeIssue(issue: z.core.$ZodIssue, input: unknown): string {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => (path ? `${path}.${key}` : key)).join(", ");
    return `unknown key ${keys}`;
  }
  const value = issue.path.reduce<unknown>(
    (node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  // JSON writes NaN as null.
  const got = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
  const expected = issue.message.replace(/^(Invalid input|Invalid option|Too small|Too big): /, "");
  return `${path || "config"}: got ${got}, ${expected.replace(/, received \w+$/, "")}`;
}
