import { afterEach, describe, expect, it, vi } from "vitest";
import yargs from "yargs";
import { GAITS } from "../../gaits/library.js";
import { gaitsCommand } from "../../policy/cli/commands/gaits.js";

async function run(...argv: string[]): Promise<string> {
  let output = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += text;
    return true;
  });
  await yargs(argv).command(gaitsCommand).exitProcess(false).showHelpOnFail(false).fail(false).parseAsync();
  return output;
}

describe("gaitway gaits", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("prints a diagram of every gait", async () => {
    const output = await run("gaits");
    for (const gait of GAITS) expect(output).toContain(`${gait.id}  period ${gait.periodS} s`);
    expect(output.match(/^FL /gm)).toHaveLength(13);
  });

  it("prints only the gait asked for", async () => {
    const output = await run("gaits", "--gait", "pace");
    expect(output).toMatch(/^pace {2}period 0\.35 s/);
    expect(output.match(/^FL /gm)).toHaveLength(1);
  });

  it("prints the table as one JSON document", async () => {
    const table = JSON.parse(await run("gaits", "--json"));
    expect(table).toHaveLength(13);
    expect(table[3]).toEqual({ ...GAITS[3], selectable: true });
    expect(table[1]).toMatchObject({ id: "static-walk", selectable: false });
    expect(JSON.parse(await run("gaits", "--json", "--gait", "hop"))).toMatchObject([{ id: "hop", periodS: 0.3 }]);
  });

  it("names the gaits when asked for one that it does not know", async () => {
    await expect(run("gaits", "--gait", "canter")).rejects.toThrow(/canter[\s\S]*rotary-gallop/);
  });
});
