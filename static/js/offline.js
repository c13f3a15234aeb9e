// Shows the line that says so while the browser has no network.
import { byId } from "./page.js";

const line = byId("offline", HTMLElement);
const show = () => (line.hidden = navigator.onLine);

addEventListener("online", show);
addEventListener("offline", show);
show();
