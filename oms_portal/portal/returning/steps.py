"""The steps from goods to a return that is sent, and where a draft stands among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from oms_portal.returns.models import Return


# Each step's page (the name of its URL) and its word.
STEPS: tuple[tuple[str, str | Lazy], ...] = (
    ("return_items", _("Items")),
    ("return_reasons", _("Reasons")),
    ("return_method", _("Way back")),
    ("return_check", _("Check")),
)


@dataclass(frozen=True)
class Stage:
    """A step as the page shows it; ``state`` is done, now or todo, ``url`` "" where it can't be
    gone to yet."""

    word: str | Lazy
    state: str
    url: str = ""


def stages(here: str, rma: Return | None, reached: str) -> list[Stage]:
    """``here`` is the page that is shown, ``reached`` the first step that lacks something."""
    return list(_stages(here, rma, reached))


def _stages(here: str, rma: Return | None, reached: str) -> Iterator[Stage]:
    names = [name for name, _word in STEPS]
    last = names.index(reached)
    for at, (name, word) in enumerate(STEPS):
        url = reverse(f"oms_portal:{name}", args=[rma.number]) if rma and at <= last else ""
        if name == here:
            yield Stage(word, "now")
        else:
            yield Stage(word, "done" if at < last else "todo", url)


def url_of(rma: Return, step: str) -> str:
    return reverse(f"oms_portal:{step}", args=[rma.number])
