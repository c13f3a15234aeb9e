"""How every list of the API is walked and narrowed. The views load it as they load."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

M = TypeVar("M", bound=Model)


class CanvasCursorPagination(CursorPagination):
    """Newest first; a cursor stays right while rows are added, and page 10^9 costs what page 1 costs."""

    page_size = 50
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = "-pk"

    def get_page_size(self, request: Request) -> int:
        asked = str(request.query_params.get(self.page_size_query_param, self.page_size))
        if not (asked.isascii() and asked.isdecimal()) or len(asked) > 9 or int(asked) == 0:
            raise exceptions.ValidationError({self.page_size_query_param: [_("Give a whole number from 1 to 100.")]})
        return min(int(asked), self.max_page_size)

    def decode_cursor(self, request: Request) -> Any:
        cursor = super().decode_cursor(request)
        position: Any = cursor.position if cursor else None
        # The library hands a forged position to the database as it is.
        if position is not None and not (position.isascii() and position.isdecimal() and len(position) < 20):
            raise exceptions.NotFound(self.invalid_cursor_message)
        return cursor


class OfferedFilters(DjangoFilterBackend):
    """The filters a list offers and nothing else: a misspelt one must not answer with everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet[M], view: Any) -> QuerySet[M]:
        if view.action != "list":
            return queryset
        offered = [*view.filterset_fields, CanvasCursorPagination.cursor_query_param, "page_size"]
        unknown = sorted(set(request.query_params) - set(offered))
        if unknown:
            told = _("There is no such parameter. This list takes %(names)s.") % {"names": ", ".join(offered)}
            raise exceptions.ValidationError({name[:80]: [told] for name in unknown[:10]}, code="unknown_parameter")
        filtered: QuerySet[M] = super().filter_queryset(request, queryset, view)
        return filtered
