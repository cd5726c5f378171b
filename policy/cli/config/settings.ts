import { parse } from "yaml";
import { InputError } from "../../../sim/errors.js";

type Fields = Readonly<Record<string, unknown>>;

/**
 * A config with single fields changed, as given by `--set path=value`.
 *
 * @param settings like "ppo.epochs=5" or "env.command.vxMPerS=[0, 1]"; values are YAML, later ones win
 * @throws InputError for a setting that is not of this form
 */
export function applySettings(config: Fields, settings: readonly string[]): Fields {
  return settings.reduce<Fields>((result, setting) => {
    const [, path, text] = /^([^=]*)=(.*)$/s.exec(setting) ?? [];
    const keys = (path ?? "").trim().split(".");
    if (path === undefined || keys.includes("")) {
      throw new InputError(`--set: got ${setting}, expected field=value, such as ppo.epochs=5`);
    }
    return withField(result, keys, parseValue(path, text));
  }, config);
}

function parseValue(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch {
    throw new InputError(`--set ${path}: got ${text}, expected a YAML value`);
  }
}

/** The config with the field at `keys`, one or more, changed. */
export function withField(node: unknown, [key, ...rest]: readonly string[], value: unknown): Fields {
  const fields = typeof node === "object" && node !== null && !Array.isArray(node) ? (node as Fields) : {};
  const child = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return { ...fields, [key]: rest.length === 0 ? value : withField(child, rest, value) };
}
