import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import { encodeBundle } from "../../bundle/bundle.js";
import { estimatorNetwork, policyNetwork } from "../../export/onnx/network-check.js";
import { importOnnx } from "../../export/onnx/read.js";
import { ESTIMATOR_FILE, POLICY_FILE, SELECTOR_FILE } from "../../export/onnx/write.js";
import { checkNetworks, reportTable } from "../export/check.js";
import { writeFileAtomic } from "../files/atomic-file.js";
import { findBytes, readBytes } from "../files/read-file.js";
import { JSON_OPTION } from "../terminal/options.js";

interface ImportArguments {
  source: string;
  out: string;
  json: boolean;
}

/** `gaitway import <source>`: a policy from what `gaitway export` wrote. */
export const importCommand: CommandModule<object, ImportArguments> = {
  command: "import <source>",
  describe: "Make a policy of its ONNX export again",
  builder: (yargs) =>
    yargs
      .positional("source", {
        type: "string",
        demandOption: true,
        describe: "A policy's .onnx file, or a folder that gaitway export wrote",
      })
      .option("out", { type: "string", demandOption: true, requiresArg: true, describe: "File to write" })
      .options(JSON_OPTION)
      .example("$0 import robot --out policy.json", "What gaitway export --out robot wrote, as a policy"),
  handler: async ({ source, out, json }) => {
    if (existsSync(out)) throw new InputError(`--out: ${out} exists: choose another name`);
    const policyPath = findPolicy(source);
    const beside = (name: string) => join(dirname(policyPath), name);
    const policy = { name: policyPath, bytes: readBytes(policyPath) };
    const bundle = importOnnx(policy, (name) => findBytes(beside(name)));
    const networks = [policyNetwork(policyPath, bundle)];
    if (bundle.estimator) networks.push(estimatorNetwork(beside(ESTIMATOR_FILE), bundle));
    if (bundle.selector) networks.push(policyNetwork(beside(SELECTOR_FILE), bundle.selector));
    const reports = await checkNetworks(".", networks);
    writeFileAtomic(out, encodeBundle(bundle));
    const told = json ? JSON.stringify({ out, networks: reports }) : `${reportTable(reports)}\nWrote ${out}`;
    process.stdout.write(`${told}\n`);
  },
};

/** The policy's file in what was exported. */
function findPolicy(source: string): string {
  if (!existsSync(source))
    throw new InputError(`${source}: no such file or folder; expected an ONNX file or an export`);
  if (!statSync(source).isDirectory()) return source;
  const places = [join(source, POLICY_FILE), join(source, "onnx", POLICY_FILE)];
  const found = places.find(existsSync);
  if (found === undefined) throw new InputError(`${source}: no ${places.join(" and no ")}`);
  return found;
}
