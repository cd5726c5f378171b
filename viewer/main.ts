import "./page/zod-without-eval.js";
import { Views } from "./views.js";

const views = new Views();
const open = () => views.open(location.hash);

window.addEventListener("hashchange", open);
await open();
