"""What a reviewer sends of one item: verdicts, or one of the four other things that can be said of it."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from reviews.desk_actions import AIDS
from reviews.models.decisions import DecisionKind
from reviews.services.refusals import DecisionRefused
from reviews.services.verdicts import MaskReport, VerdictInput, check_text

Reference = uuid.UUID | int
"""A candidate: its handle, or its primary key."""


@dataclass(frozen=True)
class SourceReport:
    """Why the photo itself is of no use."""

    comment: str = ""


@dataclass(frozen=True)
class Question:
    """What an admin is asked about the item."""

    question: str


@dataclass(frozen=True)
class Bundle:
    """Exactly one of verdicts, `cannot_judge`, `mask_wrong`, `unsuitable_source` and `escalate`."""

    verdicts: Sequence[VerdictInput] = ()
    best: Reference | None = None
    cannot_judge: bool = False
    mask_wrong: MaskReport | None = None
    unsuitable_source: SourceReport | None = None
    escalate: Question | None = None

    def kind(self) -> DecisionKind:
        """Raises DecisionRefused where more than one thing is said."""
        said = [kind for kind in _SAID if getattr(self, _SAID[kind])]
        if len(said) > 1 or (said and (self.verdicts or self.best is not None)):
            raise DecisionRefused(_SAID[said[-1]], _("Say one thing of an item: judge its images, or say why not."))
        return said[0] if said else DecisionKind.JUDGED

    def fingerprint(self, token: uuid.UUID | None = None) -> str:
        """SHA-256 of what was decided, whatever the order of the verdicts. Display order and time are not the decision.

        With `token` as it was made before late answers: then the lease was part of it.
        """
        content: dict[str, Any] = {
            "verdicts": sorted((asdict(verdict) for verdict in self.verdicts), key=lambda row: str(row["candidate"])),
            "best": str(self.best),
            "cannot_judge": self.cannot_judge,
        }
        if token is not None:
            content["token"] = str(token)
        for name in ("mask_wrong", "unsuitable_source", "escalate"):
            said = getattr(self, name)
            if said is not None:  # only then: what was sent before it could be said keeps its fingerprint
                content[name] = asdict(said)
        return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()


_SAID = {
    DecisionKind.CANNOT_JUDGE: "cannot_judge",
    DecisionKind.MASK_WRONG: "mask_wrong",
    DecisionKind.UNSUITABLE_SOURCE: "unsuitable_source",
    DecisionKind.ESCALATED: "escalate",
}
"""The field that says each kind; what was said in none of them is a judgement."""


def check_question(asked: Question) -> str:
    """The question as it is stored. Raises DecisionRefused."""
    question = check_text("escalate", asked.question.strip())
    if not question:
        raise DecisionRefused("escalate", _("Say what you want to know."))
    return question


def check_aids(aids: Sequence[str]) -> list[str]:
    """The aids that were looked at, each once. Raises DecisionRefused for one that the desk does not have."""
    unknown = [aid for aid in aids if aid not in AIDS]
    if unknown:
        raise DecisionRefused("aids", _("The desk has no such aid: %(name)s") % {"name": unknown[0][:40]})
    return list(dict.fromkeys(aids))
