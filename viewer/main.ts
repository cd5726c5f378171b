import "./zod-without-eval.js";
import { ViewerApp } from "./app.js";
import { parseDeepLink } from "./deep-link.js";
import { byId } from "./dom.js";
import { exposeState } from "./page-state.js";
import { Notice } from "./panels/notice.js";
import { ReplayView } from "./replay-view.js";
import { readTheme } from "./theme.js";

try {
  const app = new ViewerApp(new ReplayView(byId("scene", HTMLCanvasElement), readTheme()));
  exposeState(app);
  await app.open(parseDeepLink(location.hash));
} catch (error) {
  new Notice().show(error);
}
