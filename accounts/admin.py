"""The back office of people, and what the back offices of all apps share."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, IdempotencyKey, Membership, Team, User

_SHOWN_EVENTS = 200
_EVENT_FIELDS = frozenset({"pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context"})


@dataclass(frozen=True)
class Step:
    """One change of an object: when, by whom ("" where nobody was signed in), and what differs from before."""

    at: datetime
    label: str
    who: str
    changes: list[tuple[str, object, object]]


def steps_of(model: type[models.Model], key: str) -> list[Step]:
    """What the database's triggers have kept of an object, the newest first."""
    try:
        events = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    except LookupError:
        return []
    rows = list(
        events._default_manager.filter(pgh_obj_id=key).select_related("pgh_context").order_by("-pgh_id")[:_SHOWN_EVENTS]
    )
    people = {row.pgh_context.metadata.get("user") for row in rows if row.pgh_context}
    names = dict(User.objects.filter(pk__in=people - {None}).values_list("pk", "username"))
    return list(_steps(rows, names))


def _steps(rows: list[Any], names: dict[int, str]) -> Iterator[Step]:
    for place, row in enumerate(rows):
        before = rows[place + 1] if place + 1 < len(rows) else None
        fields = [field for field in row._meta.concrete_fields if field.name not in _EVENT_FIELDS]
        changes = [
            (str(field.name), getattr(before, field.attname, None), getattr(row, field.attname))
            for field in fields
            if before is None or getattr(before, field.attname) != getattr(row, field.attname)
        ]
        said = row.pgh_context.metadata if row.pgh_context else {}
        yield Step(row.pgh_created_at, row.pgh_label, names.get(said.get("user", 0), ""), changes)


class HouseAdmin(admin.ModelAdmin[Any]):
    """Its history is what the database's triggers kept: complete, whoever changed the object and wherever."""

    object_history_template = "admin/object_steps.html"
    show_full_result_count = False
    list_per_page = 50

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        steps = steps_of(self.model, object_id)
        return super().history_view(request, object_id, {"steps": steps, **(extra_context or {})})


class ReadOnlyAdmin(HouseAdmin):
    """History is not edited by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MembershipInline(admin.StackedInline[Membership, User]):
    model = Membership
    autocomplete_fields = ("team",)


@admin.register(User)
class PersonAdmin(HouseAdmin, UserAdmin[User]):
    inlines = (MembershipInline,)
    list_display = ("username", "email", "team_name", "role_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "membership__role", "membership__team")
    list_select_related = ("membership__team",)
    search_fields = ("username", "email", "first_name", "last_name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Somebody of a team is switched off on the team's page: what they hold at the desk is given back there."""
        return ("is_active",) if obj is not None and obj.team is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what they decided names them

    @admin.display(description=_("team"), ordering="membership__team__name")
    def team_name(self, person: User) -> str:
        return person.membership.team.name if hasattr(person, "membership") else ""

    @admin.display(description=_("role"), ordering="membership__role")
    def role_name(self, person: User) -> str:
        return person.membership.get_role_display() if hasattr(person, "membership") else ""


@admin.register(Team)
class TeamAdmin(HouseAdmin):
    list_display = ("name", "slug", "time_zone", "shows_agreement")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ("prefix", "name", "user", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("prefix", "name", "user__username")
    exclude = ("digest",)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    list_display = ("route", "key", "user", "object_id", "created_at")
    list_select_related = ("user",)
    search_fields = ("key", "user__username")
    exclude = ("fingerprint",)


# Rights come from roles (accounts.rules); groups of Django would only look as if they gave some.
if admin.site.is_registered(Group):
    admin.site.unregister(Group)
