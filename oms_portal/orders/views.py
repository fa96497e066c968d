"""What a person saves of the order list under a name of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from . import typed
from .personal import SavedView


MOST, LONGEST_NAME, LONGEST_QUERY = 30, 60, 1000


@dataclass(frozen=True)
class Owner:
    """A person at the company they look at; others neither see nor touch their views."""

    user_id: int
    company_id: int

    def filter(self, **only: object) -> dict[str, Any]:
        return {"user_id": self.user_id, "company_id": self.company_id, **only}


def save(owner: Owner, name: str, query: str) -> bool:
    """Keep a query under a name, in place of what had that name; False where the name says
    nothing, the query is too long, or there are MOST already."""
    called = typed.words(name, LONGEST_NAME)
    if not called or len(query) > LONGEST_QUERY or "\0" in query:
        return False
    with transaction.atomic():
        if SavedView.objects.filter(**owner.filter(name=called)).update(query=query):
            return True
        if SavedView.objects.filter(**owner.filter()).count() >= MOST:
            return False
        made = SavedView.objects.update_or_create(
            **owner.filter(name=called), defaults={"query": query}
        )
    return bool(made)


def rename(owner: Owner, pk: int, name: str) -> bool:
    """Another name; a view that had it gives way. False where there is no such view or name."""
    called = typed.words(name, LONGEST_NAME)
    if not called:
        return False
    with transaction.atomic():
        mine = SavedView.objects.filter(**owner.filter(pk=pk))
        if not mine.exists():
            return False
        SavedView.objects.filter(**owner.filter(name=called)).exclude(pk=pk).delete()
        mine.update(name=called)
    return True


def delete(owner: Owner, pk: int) -> bool:
    """False where this person has no such view."""
    return bool(SavedView.objects.filter(**owner.filter(pk=pk)).delete()[0])
