"""A stored image and its previews. Files are named by a keyed hash of their bytes: the same bytes, the same file."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.models import Team


class PictureQuerySet(models.QuerySet["Picture"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def without_full_preview(self) -> Self:
        """Photos and candidates stored before there were previews at full size. Masks (PNG) have none."""
        return self.filter(full_name="", media_type="image/webp")

    def with_preview(self, name: str) -> Self:
        """Pictures of which `name` is a preview. Originals have no such address on purpose."""
        return self.filter(Q(thumb_name=name) | Q(fit_name=name) | Q(full_name=name))


class Picture(models.Model):
    """`name` and the previews are storage names; `sha256` is of the original file's bytes.

    `full_name` is the preview at full size, the fit itself for a picture that is no larger; empty for masks, and for
    pictures stored before there was one.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    thumb_name = models.CharField(max_length=100)
    fit_name = models.CharField(max_length=100)
    full_name = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    byte_size = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Picture"]] = PictureQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="picture_once_per_team")]
        indexes = [
            models.Index(fields=["thumb_name"]),
            models.Index(fields=["fit_name"]),
            models.Index(fields=["full_name"]),
        ]

    def __str__(self) -> str:
        return self.name
