"""What keeps one item of a rework from being done or put back, while the others go on."""


class PassedOver(Exception):
    """`why` is a key of reviews.rework.WHY. Nothing of this item was changed."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
