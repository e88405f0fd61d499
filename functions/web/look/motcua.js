// What the pages gain where scripts run. Everything works without this file: it only moves the focus to what went
// wrong, tells file inputs in Vietnamese what they hold, and sends files with their progress shown.
import { initAll } from "./govuk.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
