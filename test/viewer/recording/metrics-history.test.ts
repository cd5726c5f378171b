import { describe, expect, it } from "vitest";
import { MetricsHistory } from "../../../viewer/recording/metrics-history.js";

describe("metrics history", () => {
  it("grows, and gives its quantities as columns", () => {
    const history = new MetricsHistory();
    expect(history.rewardTerms).toEqual([]);
    history.append([{ iteration: 1, kl: 0.1, "reward/upright": -1 }]);
    history.append([
      { iteration: 2, kl: null, "reward/upright": -2 },
      { iteration: 3, kl: 0.3, "reward/upright": -3 },
    ]);
    history.append([]);
    expect(history.length).toBe(3);
    expect(history.column("iteration")).toEqual([1, 2, 3]);
    expect(history.column("kl")).toEqual([0.1, null, 0.3]);
    expect(history.column("unheard of")).toEqual([null, null, null]);
    expect(history.rewardTerms).toEqual(["upright"]);
    expect(history.last?.kl).toBe(0.3);
  });

  it("takes the iterations that a resumed run logs anew for the old ones", () => {
    const history = new MetricsHistory();
    history.append([1, 2, 3].map((iteration) => ({ iteration, kl: 0 })));
    history.append([2, 3, 4].map((iteration) => ({ iteration, kl: 1 })));
    expect(history.column("iteration")).toEqual([1, 2, 3, 4]);
    expect(history.column("kl")).toEqual([0, 1, 1, 1]);
  });
});
