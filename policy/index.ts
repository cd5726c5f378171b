/** Gaitway's entry: what `import ... from "gaitway"` has. In a browser's bundle it is policy/browser.ts, the part without training. */

export * from "./browser.js";
export { evaluate, loadPolicy, type TrainOptions, train } from "./node.js";
