// The guidelines of the item in hand, on a key.
import { define } from "./actions.js";
import * as guidelines from "./guidelines.js";
import { bundleInHand, onTake } from "./hand.js";

onTake(({ item }) => guidelines.announce(item.variant, item.guideline));

define({
  guidelines: () => guidelines.toggle(bundleInHand().item.variant),
});
