"""By what the queues of the returns desk are narrowed; the queue itself is one of these."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from oms_portal.desk.people import CompanyFilter
from oms_portal.returns.kinds import PRIVATE, Kind, Method, ReturnState
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.waiting.queues import QUEUES
from oms_portal.returns.rules import ReturnPlace


SHOWN_STATES = [pair for pair in ReturnState.choices if pair[0] not in PRIVATE]
# Older than so many days.
AGES = (("1", gettext_lazy("a day")), ("3", gettext_lazy("3 days")), ("7", gettext_lazy("a week")))
# The figure whose returns a list is of (``figures.narrowing``).
FIGURE = ("figure", "from", "to", "article", "reason", "customer")
# What an address of a list says besides the page one is on.
_KEPT = ("queue", "state", "kind", "company", "method", "place", "older", "q", "ordering", *FIGURE)
_LONGEST = 1000


class ReturnFilters(WagtailFilterSet):
    queue = django_filters.ChoiceFilter(
        label=gettext_lazy("Queue"),
        choices=[(queue.code, queue.label) for queue in QUEUES.values()],
        method="as_it_is",
        empty_label=gettext_lazy("All that are open"),
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=SHOWN_STATES,
        empty_label=gettext_lazy("All that are open"),
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=Kind.choices, empty_label=gettext_lazy("All")
    )
    company = CompanyFilter(field_name="company")
    method = django_filters.ChoiceFilter(
        label=gettext_lazy("Way back"), choices=Method.choices, empty_label=gettext_lazy("All")
    )
    place = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Goes to"),
        queryset=ReturnPlace.objects.order_by("name"),
        empty_label=gettext_lazy("Anywhere"),
    )
    older = django_filters.ChoiceFilter(
        label=gettext_lazy("Older than"),
        choices=AGES,
        method="by_age",
        empty_label=gettext_lazy("Any age"),
    )

    class Meta:
        model = Return
        fields: list[str] = []

    def as_it_is(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The list begins with the queue's own rows, so that their index leads."""
        return found

    def by_age(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(submitted_at__lt=timezone.now() - timedelta(days=int(value)))


def kept(asked: QueryDict, **changed: str | None) -> str:
    """What of a list's address is worth keeping under a name, with these members changed, or left
    out where they are None; "" where it is longer than anybody's."""
    told = QueryDict(mutable=True)
    for name in _KEPT:
        value = changed.get(name, asked.get(name))
        # Behind a figure are also articles without a number.
        if value or (value == "" and name == "article"):
            told[name] = value
    query = told.urlencode()
    return query if len(query) <= _LONGEST else ""
