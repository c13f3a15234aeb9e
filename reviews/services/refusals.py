"""Why the desk says no. What is raised here has changed nothing."""


class Refusal(Exception):
    """`code` is for machines and stays as it is; the message is for people and is translated."""

    code = "refused"


class Conflict(Refusal):
    """The thing is no longer in a state in which this can be done (409)."""


class LeaseLost(Conflict):
    """The token is unknown, another reviewer's, used or expired."""

    code = "lease_lost"


class ItemWithdrawn(LeaseLost):
    """The lease ended because the item was withdrawn: somebody else has reported its mask or its photo."""

    code = "item_withdrawn"


class KeyReused(Conflict):
    """The idempotency key already stands for another decision."""

    code = "key_reused"


class AlreadyUndone(Conflict):
    code = "already_undone"


class AlreadyExported(Conflict):
    """The decision left in a snapshot; what was trained on must stay as it was."""

    code = "already_exported"


class ItemLocked(Conflict):
    """The item was accepted long enough ago to be locked: reviewers can no longer open it again."""

    code = "item_locked"


class ReportedBefore(Conflict):
    """Another visit of the same request has reported its mask or photo, and no operator has answered yet."""

    code = "reported_before"


class MaskSettled(Conflict):
    """An operator has answered the report already: it can no longer be taken back."""

    code = "mask_settled"


class QuestionClosed(Conflict):
    """The question was answered or taken back already; nothing more comes of it."""

    code = "question_closed"


class NotTheLatest(Conflict):
    """Undo goes back one by one: another decision stands after this one."""

    code = "not_the_latest"


class NoSuchDecision(Refusal):
    """There is no such decision, or it is not this reviewer's: which of the two is not told (404)."""

    code = "no_such_decision"


class DecisionRefused(Refusal):
    """What was sent is not a decision on this item (400)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
