"""Products and their immutable revisions: a photo and its mask. A better mask is a new revision."""

from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from generation.models.pictures import Picture


class ProductQuerySet(models.QuerySet["Product"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def called(self, words: str) -> Self:
        """Whose title, category or external id holds `words`."""
        return self.filter(Q(title__icontains=words) | Q(category__icontains=words) | Q(external_id__icontains=words))

    def without_mask(self) -> Self:
        """Whose newest revision is a photo that still needs one."""
        newest = ProductRevision.objects.filter(product=models.OuterRef("pk")).order_by("-number")
        return self.alias(newest_mask=models.Subquery(newest.values("mask")[:1])).filter(newest_mask=None)

    def for_list(self) -> Self:
        newest = ProductRevision.objects.select_related("photo", "mask").order_by("-number")
        return self.prefetch_related(models.Prefetch("revisions", newest)).order_by("-created_at", "-pk")


# Imports bring a hundred thousand of them: an audit of another team must not walk past all of these.
@pghistory.track(
    meta={"indexes": [models.Index(fields=["team", "-pgh_created_at"], name="product_event_of_team")]},
)
class Product(models.Model):
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="products")
    title = models.CharField(_("title"), max_length=200)
    category = models.CharField(_("category"), max_length=80, blank=True)
    external_id = models.CharField(
        _("external id"), max_length=120, blank=True, help_text=_("What the product is called in your own system.")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Product"]] = ProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "external_id"], condition=~Q(external_id=""), name="external_id_once"
            )
        ]
        indexes = [models.Index(fields=["team", "-created_at"])]

    def __str__(self) -> str:
        return self.title


class RevisionQuerySet(models.QuerySet["ProductRevision"]):
    def with_mask(self) -> Self:
        """What candidates can be made of."""
        return self.filter(mask__isnull=False)

    def newest(self, team: Team) -> Self:
        """The newest revision of each of the team's products."""
        numbered = self.filter(product__team=team).order_by("product_id", "-number").distinct("product_id")
        return self.filter(pk__in=numbered)


class ProductRevision(models.Model):
    """A photo and its mask; a photo that came without one waits for the revision that adds it."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    photo = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+")
    mask = models.ForeignKey(Picture, null=True, on_delete=models.PROTECT, related_name="+")
    mask_coverage = models.FloatField(null=True, help_text=_("Share of the photo that is product, 0..1."))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["ProductRevision"]] = RevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="revision_number_once"),
            models.CheckConstraint(
                condition=Q(mask=None, mask_coverage=None) | Q(mask__isnull=False, mask_coverage__isnull=False),
                name="mask_with_its_coverage",
            ),
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.product} r{self.number}"
