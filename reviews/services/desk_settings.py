"""How a reviewer likes the desk."""

from accounts.models import User
from reviews.models import DeskSettings


def settings_of(reviewer: User) -> DeskSettings:
    """The reviewer's settings; unsaved defaults where they never changed any."""
    return DeskSettings.objects.filter(reviewer=reviewer).first() or DeskSettings(reviewer=reviewer)
