import { EXPORT_FORMATS, type ExportFormatName, type ExportSource } from "./formats.js";

/** Says what an export's folder holds. */
export function exportReadme(formats: readonly ExportFormatName[], source: ExportSource, policySource: string): string {
  const { bundle, model, version } = source;
  const rows = formats.map((format) => `- [${format}](${format}/README.md): ${EXPORT_FORMATS[format].describe}`);
  return `# ${model.name}: a policy of Gaitway

Exported by Gaitway ${version} from ${policySource}: task ${bundle.task}, seed ${bundle.seed}, iteration ${bundle.iteration}, a step every
${bundle.env.control.stepS} s.

${rows.join("\n")}

\`manifest.json\` lists the files with their SHA-256.
`;
}
