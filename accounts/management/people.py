"""How teams and their members are named on the command line."""

from django.core.management.base import CommandError

from accounts.models import Role, Team, User


def find_team(slug: str) -> Team:
    """Return the team with that slug; without one, the only team there is. Raises CommandError."""
    teams = list(Team.objects.filter(slug=slug) if slug else Team.objects.order_by("pk")[:2])
    if len(teams) != 1:
        raise CommandError(f"There is no team {slug}." if slug else "Say which team with --team.")
    return teams[0]


def find_user(team: Team, username: str) -> User:
    """Return the team's member of that name; without one, its first ML engineer or admin. Raises CommandError."""
    members = User.objects.filter(membership__team=team).order_by("pk")
    if username:
        found = members.filter(username=username).first()
    else:
        found = members.filter(membership__role__in=[Role.ML_ENGINEER, Role.ADMIN]).first()
    if found is None:
        who = f"no member {username}" if username else "neither ML engineer nor admin"
        raise CommandError(f"The team {team} has {who}.")
    return found
