// The stage with all its parts. The order matters: who listens first draws first, and the pictures come before all else.
import "./frames.js";
import "./view.js";
import "./zoom.js";
import "./compare.js";
import "./slider.js";
import "./sharp.js";
import "./marks.js";
import "./strip.js";
import "./aids.js";
import "./pointer.js";
import "./panels.js";
