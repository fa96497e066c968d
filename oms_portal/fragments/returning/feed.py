"""What the feed over all orders and the timeline of each say of a return: a sentence that leads
to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from oms_portal.orders.feed import Entry
from oms_portal.returns.kinds import ParcelState
from oms_portal.returns.news import ARRIVED

from ..formats import stamp
from ..marking import marked
from ..shown import Chip
from ..shown_order import Happened
from .chips import parcel_chip, return_chip
from .history import ours, words_of
from .sums import credited
from .words import announced, named_with, parcels_here, title_of


@dataclass(frozen=True)
class SaidOfReturn:
    """``part`` is the newest of what is told at once, as ``returns.news`` wrote it."""

    part: Mapping[str, Any]

    @property
    def title(self) -> str:
        return title_of(self.part["kind"], self.part["return"])

    @property
    def words(self) -> str:
        if self.part["step"] == ARRIVED:
            return parcels_here(self.part["here"], self.part["of"])
        return words_of(self.part["verb"], self.part["step"])

    @property
    def text(self) -> str:
        return announced(self.title, self.words)

    @property
    def link(self) -> SafeString:
        url = reverse("oms_portal:return", args=[self.part["return"]])
        title = format_html('<a class="oms-link" href="{}">{}</a>', url, self.title)
        return marked(_("%(title)s: %(words)s"), title=title, words=self.words)

    @property
    def more(self) -> str:
        """What was asked for, or what came of it; "" of other steps."""
        if item := self.part.get("item"):
            return named_with(item, self.part["lines"] - 1)
        note = self.part.get("credit_note")
        values = {"title": _("Credit note"), "words": credited(note) if note else ""}
        return _("%(title)s: %(words)s") % values if note else ""

    @property
    def source(self) -> str:
        """Whose step it was, as far as it was ours."""
        return _("Our returns desk") if self.part["step"] == ARRIVED else ours(self.part["source"])

    @property
    def look(self) -> Chip:
        if self.part["step"] == ARRIVED:
            return parcel_chip(ParcelState.DELIVERED)
        return return_chip(self.part["step"])


def happened(entry: Entry, zone: tzinfo) -> Happened:
    said = SaidOfReturn(entry.parts[0])
    return Happened(stamp(entry.at, zone), said.link, said.source)
