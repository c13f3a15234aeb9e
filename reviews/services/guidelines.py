"""What a team asks of its reviewers: published as versions, each whole, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from generation.models import Candidate, Picture
from generation.services.wording import clean_line
from generation.variants import VARIANTS
from reviews.models import GuidelineExample, GuidelineVersion

LONGEST_TEXT = 20_000
LONGEST_LINE = 200
MOST_EXAMPLES = 24


class GuidelineRefused(Exception):
    """`code` is stable, `field` names what is wrong, the message is for people and translated. Nothing has changed."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


@dataclass(frozen=True)
class ExampleInput:
    """A picture of the team and what it shows. `code` is a defect of the variant, "" where it shows none or several;
    `candidate` where the picture is one's."""

    picture: Picture
    is_good: bool
    caption: str
    code: str = ""
    candidate: Candidate | None = None


def in_force(team: Team, variant: str) -> GuidelineVersion | None:
    """The newest version; None where the team has not published any."""
    return GuidelineVersion.objects.newest(team, variant)


def of_number(team: Team, variant: str, number: int | None) -> GuidelineVersion | None:
    """The version that a screen showed under this number; None where there is none."""
    if number is None:
        return None
    return GuidelineVersion.objects.of_team(team).filter(variant=variant, number=number).first()


def publish_guideline(
    team: Team,
    user: User | None,
    variant: str,
    *,
    text: str,
    change_note: str = "",
    examples: Sequence[ExampleInput] | None = None,
    based_on: int | None = None,
) -> GuidelineVersion:
    """Put a new version in force; `user` is None where nobody wrote it. Without `examples` those of the version before
    are copied.

    `based_on` is the number that whoever wrote this had before them (0: none yet): where another one is in force
    meanwhile, their work would undo somebody's, so it is refused. None does not ask. Raises GuidelineRefused.
    """
    if variant not in VARIANTS:
        raise GuidelineRefused("variant", "variant", _("There is no such variant."))
    text, note = _text(text), _line(change_note, "change_note")
    checked = None if examples is None else [_checked(team, variant, example) for example in _at_most(examples)]
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)  # two at once must not take one number
        before = in_force(team, variant)
        number = before.number if before else 0
        if based_on is not None and based_on != number:
            raise GuidelineRefused(
                "stale", "text", _("Somebody has published another version meanwhile. Look at it, then publish again.")
            )
        version = GuidelineVersion.objects.create(
            team=team, variant=variant, number=number + 1, text=text, change_note=note, created_by=user
        )
        _store_examples(version, examples_of(before) if checked is None else checked)
    return version


def examples_of(version: GuidelineVersion | None) -> list[ExampleInput]:
    """A version's examples as they would be published again, in their order."""
    if version is None:
        return []
    rows = version.examples.select_related("picture", "candidate")
    return [ExampleInput(row.picture, row.is_good, row.caption, row.code, row.candidate) for row in rows]


def _store_examples(version: GuidelineVersion, examples: Sequence[ExampleInput]) -> None:
    GuidelineExample.objects.bulk_create(
        GuidelineExample(version=version, position=position, **vars(example))
        for position, example in enumerate(examples)
    )


def _checked(team: Team, variant: str, example: ExampleInput) -> ExampleInput:
    if example.picture.team_id != team.pk:
        raise GuidelineRefused("picture", "examples", _("There is no such picture."))
    if example.code and example.is_good:
        raise GuidelineRefused("codes", "examples", _("A good example shows no defect."))
    if example.code and example.code not in VARIANTS[variant].defect_codes:
        raise GuidelineRefused("codes", "examples", _("This variant has no such defect: %(code)s") % {
            "code": example.code[:40]
        })  # fmt: skip
    caption = _line(example.caption, "examples")
    if not caption:
        raise GuidelineRefused("caption", "examples", _("Say under each example what it shows."))
    return ExampleInput(example.picture, example.is_good, caption, example.code, example.candidate)


def _at_most(examples: Sequence[ExampleInput]) -> Sequence[ExampleInput]:
    if len(examples) > MOST_EXAMPLES:
        raise GuidelineRefused(
            "examples", "examples", _("At most %(count)d examples: more are not looked at.") % {"count": MOST_EXAMPLES}
        )
    return examples


def _text(text: str) -> str:
    lines = (line.rstrip() for line in text.replace("\0", "").splitlines())
    cleaned = "\n".join(lines).strip()
    try:
        cleaned.encode()
    except UnicodeEncodeError:
        raise GuidelineRefused("text", "text", _("The text holds characters that are no text.")) from None
    if not cleaned:
        raise GuidelineRefused("text", "text", _("Write what is asked of the reviewers."))
    if len(cleaned) > LONGEST_TEXT:
        raise GuidelineRefused("text", "text", _("This text is too long."))
    return cleaned


def _line(text: str, field: str) -> str:
    cleaned = clean_line(text)
    if len(cleaned) > LONGEST_LINE:
        raise GuidelineRefused("too_long", field, _("This text is too long."))
    return cleaned
