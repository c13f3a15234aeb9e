"""What people are told: the text of each kind of notice, how much it matters, and whether it is mailed unasked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


@dataclass(frozen=True)
class Kind:
    """`text` takes the notice's values; `label` names the kind where somebody chooses what they want by e-mail.

    `level` is info, good or warn: how the notice looks. `for_admins` kinds are told to the admins of a team only.
    """

    label: str
    text: str
    level: str = "info"
    mailed: bool = False
    for_admins: bool = False


KINDS: dict[str, Kind] = {
    "quota.reached": Kind(
        gettext_noop("My quota is reached"),
        gettext_noop("You have reached your quota of %(limit)s images. More can be judged when a new day begins."),
    ),
    "quota.reached_by": Kind(
        gettext_noop("A reviewer has reached their quota"),
        gettext_noop("%(name)s has reached the quota of %(limit)s images."),
        for_admins=True,
    ),
    "queue.empty": Kind(
        gettext_noop("A queue is empty"), gettext_noop("Nothing waits any more in the queue “%(queue)s”."),
        for_admins=True,
    ),
    "queue.backlog": Kind(
        gettext_noop("A backlog is over its limit"),
        gettext_noop("About %(waiting)s items wait in the queue “%(queue)s”; its limit is %(limit)s."),
        "warn", mailed=True, for_admins=True,
    ),
    "queue.drift": Kind(
        gettext_noop("The approval rate of a queue has changed"),
        gettext_noop(
            "In the queue “%(queue)s” %(recent)s of 100 images were approved in the last 7 days, after %(before)s of "
            "100 in the 28 days before. That is more than chance explains."
        ),
        "warn", mailed=True, for_admins=True,
    ),
    "reward.drift": Kind(
        gettext_noop("The scores of a reward model have changed"),
        gettext_noop(
            "%(version)s scored new images %(recent)s of 100 on average in the last 7 days, after %(before)s of 100 in "
            "the 28 days before (%(variant)s). That is more than chance explains."
        ),
        "warn", mailed=True, for_admins=True,
    ),
    "gold.below": Kind(
        gettext_noop("A reviewer misjudges known images"),
        gettext_noop(
            "%(name)s judged %(right)s of the last %(of)s known images right; the team wants %(floor)s of 100. That is "
            "more than chance explains."
        ),
        "warn", mailed=True, for_admins=True,
    ),
    "import.finished": Kind(
        gettext_noop("My import has finished"), gettext_noop("The import “%(name)s” has finished."), "good"
    ),
    "import.failed": Kind(
        gettext_noop("My import has failed"), gettext_noop("The import “%(name)s” has failed."), "warn", mailed=True
    ),
    "export.finished": Kind(
        gettext_noop("My export is ready"), gettext_noop("The export “%(name)s” is ready."), "good"
    ),
    "export.failed": Kind(
        gettext_noop("My export has failed"), gettext_noop("The export “%(name)s” has failed."), "warn", mailed=True
    ),
    "training.finished": Kind(
        gettext_noop("My training has finished"),
        gettext_noop("The training “%(name)s” has finished. It proposes a model version."),
        "good", mailed=True,
    ),
    "training.failed": Kind(
        gettext_noop("My training has failed"), gettext_noop("The training “%(name)s” has failed."), "warn", mailed=True
    ),
    "webhook.switched_off": Kind(
        gettext_noop("A webhook was switched off"),
        gettext_noop("The webhook to %(url)s was switched off: for days nothing has reached it."),
        "warn", mailed=True, for_admins=True,
    ),
}  # fmt: skip


class _Values(dict[str, Any]):
    """A notice from an older program may lack a value that the text of today asks for."""

    def __missing__(self, key: str) -> str:
        return "–"


def text_of(kind: str, values: Mapping[str, Any]) -> str:
    """The notice in the reader's language; the bare kind where this program does not know it."""
    known = KINDS.get(kind)
    return _(known.text) % _Values(values) if known else kind


def level_of(kind: str) -> str:
    known = KINDS.get(kind)
    return known.level if known else "info"
