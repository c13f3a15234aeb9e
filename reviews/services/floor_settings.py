"""How a team runs its review floor."""

from accounts.models import Team, User
from accounts.services.people import in_the_name_of
from reviews.models import FloorSettings


def change_floor(team: Team, by: User, **said: int | bool) -> FloorSettings:
    """`said` are fields of FloorSettings; the others stay. It holds from now on; what is locked or held already is
    looked at anew. Raises ValidationError."""
    FloorSettings(team=team, **said).clean_fields(exclude=["team"])
    with in_the_name_of(by):
        return FloorSettings.objects.update_or_create(team=team, defaults=said)[0]
