/** Grouped bars as an SVG document. */

export interface BarChart {
  readonly title: string;
  /** What the bars are long for, with its unit. */
  readonly axis: string;
  readonly groups: readonly string[];
  readonly series: readonly BarSeries[];
}

export interface BarSeries {
  readonly name: string;
  /** A bar of each group. */
  readonly values: readonly number[];
  /** Drawn as lines from the lower to the upper end. */
  readonly intervals?: readonly (readonly [number, number])[];
}

const WIDTH = 760;
const HEIGHT = 340;
const LEFT = 64;
const RIGHT = WIDTH - 16;
const TOP = 72;
const BOTTOM = HEIGHT - 32;
/** Share of a group's width that its bars take. */
const FILLED = 0.8;
const TICKS = 5;
/** Okabe and Ito's colours, which colour-blind readers tell apart. */
export const COLORS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#555555"];

/** @returns the chart as a document that browsers and Markdown viewers show; bars of NaN are left out */
export function barChart({ title, axis, groups, series }: BarChart): string {
  const top = tickAbove(Math.max(0, ...series.flatMap(tallest).filter(Number.isFinite)));
  const y = (value: number) => BOTTOM - ((BOTTOM - TOP) * value) / top;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text(LEFT, 20, title, `font-size="15" font-weight="bold"`),
    ...series.flatMap(({ name }, i) => legendEntry(name, i, series)),
    ...Array.from({ length: TICKS + 1 }, (_, i) => tick((top * i) / TICKS, y)).flat(),
    text(16, (TOP + BOTTOM) / 2, axis, `text-anchor="middle" transform="rotate(-90 16 ${(TOP + BOTTOM) / 2})"`),
    ...groups.flatMap((group, i) => [
      text(groupStart(i + 0.5, groups.length), BOTTOM + 18, group, `text-anchor="middle"`),
      ...series.flatMap((one, s) => bar(one, i, s, { groups: groups.length, series: series.length }, y)),
    ]),
    "</svg>\n",
  ].join("\n");
}

function tallest({ values, intervals = [] }: BarSeries): number[] {
  return [...values, ...intervals.map(([, high]) => high)];
}

/** The next of 1, 2, 2.5, 5 times a power of ten. */
function tickAbove(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 2.5, 5, 10].find((step) => step * power >= value)!;
}

function tick(value: number, y: (value: number) => number): string[] {
  const label = String(Number(value.toPrecision(3)));
  return [
    `<line x1="${LEFT}" x2="${RIGHT}" y1="${round(y(value))}" y2="${round(y(value))}" stroke="#ddd"/>`,
    text(LEFT - 6, y(value) + 4, label, `text-anchor="end"`),
  ];
}

function bar(
  { name, values, intervals }: BarSeries,
  group: number,
  index: number,
  count: { groups: number; series: number },
  y: (value: number) => number,
): string[] {
  const value = values[group];
  if (!Number.isFinite(value)) return [];
  const width = ((RIGHT - LEFT) / count.groups) * (FILLED / count.series);
  const x = groupStart(group + (1 - FILLED) / 2, count.groups) + width * index;
  const interval = intervals?.[group];
  return [
    `<rect x="${round(x)}" y="${round(y(value))}" width="${round(width)}" height="${round(BOTTOM - y(value))}"` +
      ` fill="${COLORS[index % COLORS.length]}"><title>${escapeXml(name)}: ${Number(value.toPrecision(3))}</title></rect>`,
    interval ? whisker(x + width / 2, y(interval[0]), y(interval[1])) : "",
  ];
}

function whisker(x: number, low: number, high: number): string {
  return `<line x1="${round(x)}" x2="${round(x)}" y1="${round(low)}" y2="${round(high)}" stroke="black"/>`;
}

function legendEntry(name: string, index: number, series: readonly BarSeries[]): string[] {
  const x = LEFT + ((RIGHT - LEFT) / series.length) * index;
  const color = COLORS[index % COLORS.length];
  return [`<rect x="${round(x)}" y="36" width="12" height="12" fill="${color}"/>`, text(x + 18, 46, name)];
}

/** Where a group begins, and with a fraction a place within it. */
function groupStart(group: number, groups: number): number {
  return LEFT + ((RIGHT - LEFT) / groups) * group;
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escapeXml(content)}</text>`;
}

/** Text as it may stand in an SVG document. */
export function escapeXml(content: string): string {
  return content.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
