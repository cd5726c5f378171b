/**
 * Gives TensorFlow.js its own gradients. tfjs-core has them in ES modules that bundlers understand but Node does not: files
 * named .js in a package of CommonJS, which import each other without the .js. A loader hook tells Node what they are.
 */

import { register } from "node:module";

const HOOKS = `
  const inCore = (url) => /\\/tfjs-core\\/dist\\/(?!tf-core)/.test(url ?? "");
  export const resolve = (specifier, context, next) =>
    next(inCore(context.parentURL) && /^\\.[^]*(?<!\\.js)$/.test(specifier) ? specifier + ".js" : specifier, context);
  export const load = (url, context, next) => next(url, inCore(url) ? { ...context, format: "module" } : context);
`;

let registered: Promise<unknown> | undefined;

/** Must be awaited before the first `tf.grad` or `tf.variableGrads`. */
export function registerGradients(): Promise<unknown> {
  registered ??= registerOnce();
  return registered;
}

function registerOnce(): Promise<unknown> {
  register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
  // These modules are a second copy of tfjs-core: it finds engine and kernels of the first through the global object.
  return import("@tensorflow/tfjs-core/dist/register_all_gradients.js");
}
