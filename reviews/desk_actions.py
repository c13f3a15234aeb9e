"""What can be done at the desk, and which keys ask for it. The buttons, the sheet of keys, the settings and the browser
all read this one table.

A key is what a browser calls it (KeyboardEvent.key) in lower case, with "shift+" before it where Shift is held. Nothing
here knows Django.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generation.contracts import gettext_noop as _


@dataclass(frozen=True)
class DeskAction:
    """`icon` is of static/icons.svg. `held`: it lasts as long as its key is down; `repeats`: its key may be held."""

    label: str
    """What the button says."""
    explanation: str
    """What the sheet of keys says."""
    key: str
    icon: str = ""
    held: bool = False
    repeats: bool = False


@dataclass(frozen=True)
class KeyGroup:
    label: str
    actions: Mapping[str, DeskAction]


GROUPS: tuple[KeyGroup, ...] = (
    KeyGroup(
        _("Judge"),
        {
            "approve": DeskAction(_("Approve"), _("Approve and go to the next image"), "a", "check"),
            "reject": DeskAction(_("Reject"), _("Reject with the named defects, or ask for one"), "r", "x"),
            "best": DeskAction(_("Best"), _("Approve as the best of these"), "b", "star"),
            "more": DeskAction(_("More defects"), _("Show the other defects"), "0"),
            "product_axis": DeskAction(_("Product"), _("Say whether the product is right"), "j"),
            "scene_axis": DeskAction(_("Scene"), _("Say whether the scene is right"), "k"),
            "mark": DeskAction(_("Mark a place"), _("Show a place on the image: a point or a box"), "x", "crosshair"),
            "comment": DeskAction(_("Comment"), _("Write a comment on this image"), "i"),
            "submit": DeskAction(_("Send"), _("Send the item once every image is marked"), "enter", "send"),
            "undo": DeskAction(_("Undo"), _("Take back the last mark, then the last items"), "z", "undo-2"),
        },
    ),
    KeyGroup(
        _("The whole item"),
        {
            "skip": DeskAction(_("Skip"), _("Somebody else judges it; it costs nothing"), "s", "skip-forward"),
            "snooze": DeskAction(_("Later"), _("Put it off; it comes back to you"), "l", "clock"),
            "cannot": DeskAction(
                _("Cannot judge"), _("It counts as judged, without a verdict"), "n", "circle-help"
            ),
            "mask_wrong": DeskAction(
                _("Wrong mask"), _("The item goes back to an operator, who repairs the mask"), "w", "image"
            ),
            "unsuitable": DeskAction(
                _("Unsuitable photo"), _("The photo itself is of no use; an operator replaces it"), "u", "ban"
            ),
            "escalate": DeskAction(_("Ask"), _("Put a question about it to an admin"), "e", "message-circle-question"),
        },
    ),
    KeyGroup(
        _("Look"),
        {
            "next": DeskAction(_("Next image"), _("Go to the next image"), "arrowright", repeats=True),
            "previous": DeskAction(_("Previous image"), _("Go to the previous image"), "arrowleft", repeats=True),
            "view": DeskAction(_("View"), _("All images, one, or one beside the original"), "v", "layout-grid"),
            "zoom": DeskAction(_("100 %"), _("Between the whole image and 100 %"), " ", "search"),
            "zoom_in": DeskAction(_("Larger"), _("Zoom in"), "+", repeats=True),
            "zoom_out": DeskAction(_("Smaller"), _("Zoom out"), "-", repeats=True),
            "pan_left": DeskAction(_("To the left"), _("Move the view to the left"), "shift+arrowleft", repeats=True),
            "pan_right": DeskAction(
                _("To the right"), _("Move the view to the right"), "shift+arrowright", repeats=True
            ),
            "pan_up": DeskAction(_("Up"), _("Move the view up"), "shift+arrowup", repeats=True),
            "pan_down": DeskAction(_("Down"), _("Move the view down"), "shift+arrowdown", repeats=True),
        },
    ),
    KeyGroup(
        _("Compare with the original"),
        {
            "blink": DeskAction(_("Original"), _("Show the original while the key is held"), "c", "eye", held=True),
            "slider": DeskAction(_("Slider"), _("The original on one side of a line, the image on the other"), "t"),
            "ghost": DeskAction(_("Ghost"), _("The original half transparent over the image"), "o"),
            "difference": DeskAction(_("Difference"), _("What differs from the original, amplified"), "d"),
        },
    ),
    KeyGroup(
        _("Aids (their use is noted with the decision)"),
        {
            "mask": DeskAction(_("Outline"), _("The outline of the mask"), "m"),
            "heat_map": DeskAction(_("Heat map"), _("How far the model strayed inside the product"), "h"),
            "findings": DeskAction(_("Findings"), _("Where the guardian found something"), "f"),
        },
    ),
    KeyGroup(
        _("The desk"),
        {
            "guidelines": DeskAction(_("Guidelines"), _("What is asked, with good and bad examples"), "g", "book-open"),
            "panels": DeskAction(_("Panels"), _("Fold everything away but the images"), "y", "panel-right"),
            "help": DeskAction(_("Keys"), _("This sheet"), "?", "keyboard"),
        },
    ),
)  # fmt: skip
"""Besides these, 1 to 9 name a defect and Escape closes what is open: both are fixed."""

ACTIONS: Mapping[str, DeskAction] = {name: action for group in GROUPS for name, action in group.actions.items()}

AIDS = ("mask", "heat_map", "findings")
"""Actions whose use before a decision is stored with it."""

FIXED_KEYS = frozenset({*"123456789", "escape", "tab"})
"""Keys that no action may take."""


@dataclass(frozen=True)
class Preset:
    """`keys` holds what differs from the actions' own keys."""

    label: str
    keys: Mapping[str, str] = field(default_factory=dict)


PRESETS: Mapping[str, Preset] = {
    "canvas": Preset(_("Canvas Review")),
    "lightroom": Preset(
        _("Lightroom"),
        {"approve": "p", "reject": "x", "undo": "u", "mark": "r", "unsuitable": "z"},
    ),
}


def keys_of(preset: str, changed: Mapping[str, str]) -> dict[str, str]:
    """The key of every action for a preset and a person's own changes; "" where an action has none."""
    own = {name: action.key for name, action in ACTIONS.items()}
    return own | dict(PRESETS[preset].keys) | {name: key for name, key in changed.items() if name in ACTIONS}


NAMED_KEYS = frozenset(
    {" ", "enter", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"}
    | {"arrowleft", "arrowright", "arrowup", "arrowdown"}
    | {f"f{number}" for number in range(1, 13)}
)
"""Keys of more than one letter, and Space, that an action may take. Every single printable sign may be taken too."""

_SHIFT = "shift+"


class KeyRefused(ValueError):
    """`name` is the action, `reason` says for people what is wrong with its key (to be translated), `other` the action
    that has the key already, or ""."""

    def __init__(self, name: str, reason: str, other: str = "") -> None:
        super().__init__(reason)
        self.name, self.reason, self.other = name, reason, other


def own_keys(preset: str, wanted: Mapping[str, str]) -> dict[str, str]:
    """What of `wanted` (action -> key) differs from the preset, checked together with the rest of the table.

    Raises KeyRefused for an action that is not there, a key that cannot be taken, and a key taken twice.
    """
    for name, key in wanted.items():
        _check_key(name, key)
    usual = keys_of(preset, {})
    _check_once(keys_of(preset, wanted), usual)
    return {name: key for name, key in wanted.items() if key != usual[name]}


def _check_key(name: str, key: str) -> None:
    if name not in ACTIONS:
        raise KeyRefused(name, _("There is no such action."))
    bare = key.removeprefix(_SHIFT)
    if key == "":
        return
    if bare in FIXED_KEYS:
        raise KeyRefused(name, _("1 to 9, Escape and Tab always mean the same and cannot be changed."))
    is_sign = len(key) == 1 and key.isprintable() and key == key.lower()
    if not is_sign and bare not in NAMED_KEYS:
        raise KeyRefused(name, _("This is no key that can be used: take a letter, a sign or a named key."))


def _check_once(keys: Mapping[str, str], usual: Mapping[str, str]) -> None:
    """The one that was changed is named; the other one is who has the key."""
    holder: dict[str, str] = {}
    for name in sorted(keys, key=lambda name: keys[name] != usual[name]):
        key = keys[name]
        if key and key in holder:
            raise KeyRefused(name, _("This key is taken already."), holder[key])
        holder[key] = name
