import { isDeepStrictEqual } from "node:util";
import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import type { PolicyBundle } from "../../bundle/bundle.js";
import type { ExportedNetwork } from "../../export/onnx/network-check.js";
import { decodeStudent, type StudentBundle } from "../../student/bundle.js";
import { type CFigures, checkController, describeFigures } from "../export/c-check.js";
import { checkNetworks, type ExportReport, reportTable } from "../export/check.js";
import { checkExportFolder, writeFolder } from "../export/folder.js";
import { EXPORT_FORMAT_NAMES, EXPORT_FORMATS, type ExportFormatName, type ExportSource } from "../export/formats.js";
import { encodeManifest, MANIFEST } from "../export/manifest.js";
import { exportReadme } from "../export/readme.js";
import { packageVersion } from "../files/package-root.js";
import { readBytes } from "../files/read-file.js";
import { loadPolicy, POLICY_HELP } from "../run-folder/policy-source.js";
import { log } from "../terminal/log.js";
import { JSON_OPTION, RUNS_OPTION } from "../terminal/options.js";

interface ExportArguments {
  policy: string;
  format: string;
  out: string;
  student?: string | undefined;
  runs: string;
  force: boolean;
  json: boolean;
}

/** `gaitway export <policy>`: files for a robot's controllers. */
export const exportCommand: CommandModule<object, ExportArguments> = {
  command: "export <policy>",
  describe: "Write a policy for a robot's controllers",
  builder: (yargs) =>
    yargs
      .positional("policy", { type: "string", demandOption: true, describe: POLICY_HELP })
      .option("format", {
        type: "string",
        default: "onnx",
        requiresArg: true,
        describe: `What to write, with commas: ${describeFormats()}`,
      })
      .option("out", { type: "string", demandOption: true, requiresArg: true, describe: "Folder to write" })
      .option("student", {
        type: "string",
        requiresArg: true,
        describe: "Student of the policy, for unitree and rl_sar",
      })
      .options(RUNS_OPTION)
      .option("force", { type: "boolean", default: false, describe: "Replace an earlier export" })
      .options(JSON_OPTION)
      .example("$0 export trot --out robot", "One of the policies that come along")
      .example("$0 export runs/long --out robot", "The networks of a run, in ONNX, checked")
      .example("$0 export runs/long --format onnx,c --out whole", "The whole controller in C besides")
      .example(
        "$0 export runs/long --format unitree,rl_sar --student student.json --out stock",
        "Its student, for two stock controllers",
      ),
  handler: async ({ policy, format, out, student, runs, force, json }) => {
    const formats = parseFormats(format);
    checkExportFolder(out, force);
    const { bundle, source: policySource } = loadPolicy(policy, runs);
    const source = {
      bundle,
      model: createRobotModel(bundle.robot, bundle.robot.name),
      student: () => loadStudent(student, bundle),
      version: packageVersion(),
    };
    await loadPhysics();
    const files = collectFiles(formats, source, policySource);
    let checked: Checked = { checks: [], c: null };
    await writeFolder(out, files, async (written) => {
      checked = await check(written, formats, source);
    });
    process.stdout.write(
      json
        ? `${JSON.stringify({ out, files: [...files.keys()], ...checked }, null, 2)}\n`
        : `${describeChecks(checked)}Wrote ${out}: ${files.size} files\n`,
    );
  },
};

interface Checked {
  readonly checks: readonly ExportReport[];
  /** Of the C controller, where it was written and could be compiled. */
  readonly c: CFigures | null;
}

/** @throws InputError where a file does not do what the policy does */
async function check(folder: string, formats: readonly ExportFormatName[], source: ExportSource): Promise<Checked> {
  const checks = await checkNetworks(folder, collectNetworks(formats, source));
  if (!formats.includes("c")) return { checks, c: null };
  const controller = checkController(folder, "c");
  if (controller) return { checks: [...checks, controller.report], c: controller.figures };
  log.warn("No C compiler (cc): the C is unchecked");
  return { checks, c: null };
}

function describeChecks({ checks, c }: Checked): string {
  const table = checks.length > 0 ? `${reportTable(checks)}\n` : "";
  return c ? `${table}${describeFigures(c)}\n` : table;
}

function describeFormats(): string {
  return EXPORT_FORMAT_NAMES.map((name) => `${name} (${EXPORT_FORMATS[name].describe})`).join(", ");
}

function parseFormats(text: string): ExportFormatName[] {
  const names = text.split(",").map((name) => name.trim());
  for (const name of names) {
    if (!EXPORT_FORMAT_NAMES.includes(name as ExportFormatName))
      throw new InputError(`--format: got "${name}", expected one or more of ${EXPORT_FORMAT_NAMES.join(",")}`);
  }
  return EXPORT_FORMAT_NAMES.filter((name) => names.includes(name));
}

/** @throws InputError where there is none, or it is another robot's than the policy */
function loadStudent(path: string | undefined, { robot }: PolicyBundle): StudentBundle {
  if (path === undefined)
    throw new InputError(
      `--student: got nothing, expected a file that gaitway distill wrote: unitree and rl_sar need one`,
    );
  const student = decodeStudent(readBytes(path).toString("utf8"), path);
  const other = (["name", "urdf", "tuning"] as const).find((key) => !isDeepStrictEqual(student.robot[key], robot[key]));
  if (other === undefined) return student;
  throw new InputError(
    `${path}: robot.${other}: not the policy's; expected a student of the same robot, ${robot.name}`,
  );
}

/** All files by their path in the export: each format's in its folder, and above them what they are. */
function collectFiles(
  formats: readonly ExportFormatName[],
  source: ExportSource,
  policySource: string,
): Map<string, string | Uint8Array> {
  const files = new Map<string, string | Uint8Array>();
  for (const format of formats) {
    for (const [name, contents] of EXPORT_FORMATS[format].files(source)) files.set(`${format}/${name}`, contents);
  }
  files.set("README.md", exportReadme(formats, source, policySource));
  const about = { gaitway: source.version, robot: source.model.name, formats: [...formats] };
  return files.set(MANIFEST, encodeManifest(about, files));
}

function collectNetworks(formats: readonly ExportFormatName[], source: ExportSource): ExportedNetwork[] {
  return formats.flatMap((format) =>
    EXPORT_FORMATS[format].networks(source).map((network) => ({ ...network, file: `${format}/${network.file}` })),
  );
}
