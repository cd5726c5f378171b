import { parse } from "yaml";
import { readParsed } from "./read-file.js";

/** A config file in YAML (or JSON, which is YAML), not yet validated. @throws InputError if it cannot be read */
export function loadConfigFile(path: string): unknown {
  return readParsed(path, "YAML", parse);
}
