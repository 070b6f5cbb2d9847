// Everything here is an extra: each page works without it.
import "htmx.org";
import "./again.js";
import "./discreet.js";
import "./draw.js";
import "./offline.js";
import "./drafts.js";
import "./forms.js";
import "./keyboard.js";
import "./menus.js";
import "./move.js";
import "./recordings.js";
import "./same.js";
import "./unsaved.js";
