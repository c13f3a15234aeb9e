// Escape closes what is open, one thing at a time. What has the focus hears it first and closes by itself.
import { define, run } from "./actions.js";
import * as guidelines from "./guidelines.js";
import * as panel from "./panel.js";
import { place, placing } from "./stage/placing.js";

define({
  dismiss() {
    if (placing() && !panel.isOpen("mask_wrong")) place(null); // else its places go with the panel
    else if (panel.isOpen()) panel.close();
    else if (guidelines.isOpen()) guidelines.close();
    else run("fold_foot");
  },
}, { anytime: true });
