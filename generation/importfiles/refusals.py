"""Why a row, or a whole source, is not taken. Sentences are translated where they are shown."""


class RowRefused(Exception):
    """`code` is stable, `field` names the column or "", `params` fills the sentence's named % fields."""

    def __init__(self, code: str, message: str, *, field: str = "", **params: object) -> None:
        self.code = code
        self.message = message
        self.field = field
        self.params = params
        super().__init__(message % params)


class SourceRefused(Exception):
    """Nothing of the source is taken. `code` is stable, `message` a translatable sentence."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)
