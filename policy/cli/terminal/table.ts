import Table from "cli-table3";

/** A table for the terminal, without colours. @param widths of columns whose text is to wrap, by their place */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths: Readonly<Record<number, number>> = {},
): string {
  const colWidths = head.map((_, column) => widths[column] ?? null);
  const table = new Table({ head: [...head], style: { head: [], border: [] }, colWidths, wordWrap: true });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
