import "./zod-without-eval.js";
import { Modes } from "./modes.js";

const modes = new Modes();
const open = () => modes.open(location.hash);

window.addEventListener("hashchange", open);
await open();
