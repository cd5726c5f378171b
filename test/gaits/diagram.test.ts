import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { renderGaitDiagram } from "../../gaits/diagram.js";
import { GAITS, gaitIndex } from "../../gaits/library.js";

const byId = (id: string) => GAITS[gaitIndex(id)];
const bar = (line: string) => line.slice(line.indexOf("│") + 1, line.lastIndexOf("│"));

describe("renderGaitDiagram", () => {
  it("draws a trot as two diagonal pairs in turn", () => {
    // 25 columns leave 20 cells, 10 a stride, 5 of them stance.
    const lines = renderGaitDiagram(byId("trot"), { columns: 25 });
    expect(lines).toEqual([
      "trot  period 0.4 s, duty factor 0.5",
      "FL │█████     █████     │",
      "FR │     █████     █████│",
      "RL │     █████     █████│",
      "RR │█████     █████     │",
      "    0         0.4   0.8 s",
    ]);
  });

  it("fills each leg's share of stance in every gait, twice", () => {
    for (const gait of GAITS) {
      const lines = renderGaitDiagram(gait, { columns: 205 });
      for (const line of lines.slice(1, 5)) {
        const cells = bar(line);
        expect(cells).toHaveLength(200);
        expect(cells.slice(0, 100)).toBe(cells.slice(100));
        const stance = [...cells].filter((cell) => cell === "█").length;
        expect(Math.abs(stance / 200 - gait.dutyFactor)).toBeLessThanOrEqual(0.011);
      }
    }
  });

  it("keeps every row within the columns", () => {
    for (const columns of [25, 40, 79, 80]) {
      const widths = renderGaitDiagram(byId("amble"), { columns })
        .slice(1)
        .map((line) => line.length);
      expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
      expect(new Set(widths).size).toBe(1);
    }
  });

  it("says that a stand is frozen", () => {
    expect(renderGaitDiagram(byId("stand"), { columns: 40 })[0]).toContain("frozen");
  });

  it("colours legs only on request, without changing the picture", () => {
    const plain = renderGaitDiagram(byId("pace"), { columns: 60 });
    const coloured = renderGaitDiagram(byId("pace"), { columns: 60, color: true });
    expect(plain.join("")).not.toContain("\u001b");
    expect(coloured[1]).toContain("\u001b[36m");
    expect(coloured.map(stripVTControlCharacters)).toEqual(plain);
  });

  it("rejects a width that has no room for a gait", () => {
    expect(() => renderGaitDiagram(byId("trot"), { columns: 24 })).toThrow(RangeError);
    expect(() => renderGaitDiagram(byId("trot"), { columns: Number.NaN })).toThrow(RangeError);
  });
});
