import { XMLParser } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { barChart } from "../../../../policy/cli/terminal/bar-chart.js";

const svg = barChart({
  title: "falls < 5 & more",
  axis: "%",
  groups: ["flat", "rough"],
  series: [
    { name: "a", values: [4, 2], intervals: [[3, 5] as const, [1, 4] as const] },
    { name: "b", values: [1, Number.NaN] },
  ],
});

describe("a bar chart", () => {
  it("is well-formed, whatever its texts say", () => {
    const { svg: root } = new XMLParser({ ignoreAttributes: false }).parse(svg, true);
    const texts = root.text.map((each: { "#text": unknown } | string) =>
      typeof each === "object" ? each["#text"] : each,
    );
    expect(texts).toEqual(expect.arrayContaining(["falls < 5 & more", "flat", "rough", "a", "b", "%"]));
  });

  it("has bars as long as their values on the axis, and none for NaN", () => {
    const bars = [...svg.matchAll(/height="([\d.]+)" fill="[^"]+"><title>([^<]+)</g)].map(([, h, t]) => [t, Number(h)]);
    // The axis is 236 long and ends at 5, the tallest interval's end: 236 / 5 = 47.2 per unit.
    expect(bars).toEqual([
      ["a: 4", 188.8],
      ["b: 1", 47.2],
      ["a: 2", 94.4],
    ]);
  });

  it("has intervals as lines from end to end", () => {
    // y = 308 - 47.2 v: 3 and 5, 1 and 4.
    const lines = [...svg.matchAll(/y1="([\d.]+)" y2="([\d.]+)" stroke="black"/g)].map(([, a, b]) => [+a, +b]);
    expect(lines).toEqual([
      [166.4, 72],
      [260.8, 119.2],
    ]);
  });
});
