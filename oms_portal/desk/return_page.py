"""One return in full: what comes back and why, how, what came of it, and what staff can decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.orders.locales import number
from oms_portal.returns import vouching
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.moving import STAFF, is_legal
from oms_portal.returns.receipts.waiting.presence import BEAT

from . import return_goods, return_past, steps
from .deciding import Choice, Decision
from .inspecting import Inspection, Section
from .policies import may, may_print
from .queues import doors, found, present
from .return_forms import FORMS
from .return_words import event_words, state_word, who_of
from .texts import plain
from .traces import trace


# Heading, note and button of each.
_CHOICES: Mapping[str, tuple[Any, Any, Any]] = {
    "approve": (
        gettext_lazy("Approve"),
        gettext_lazy("The customer can send it, and gets a label where the way back needs one."),
        gettext_lazy("Approve the return"),
    ),
    "override": (
        gettext_lazy("Allow it all the same"),
        gettext_lazy("Whatever the rules say: you answer for it."),
        gettext_lazy("Allow the return"),
    ),
    "decline": (
        gettext_lazy("Decline"),
        gettext_lazy("Its labels are void from then on."),
        gettext_lazy("Decline the return"),
    ),
    "ask": (
        gettext_lazy("Ask a question"),
        gettext_lazy("The return waits until the customer has answered."),
        gettext_lazy("Send the question"),
    ),
    "close": (
        gettext_lazy("Close"),
        gettext_lazy("What has not come by now is no longer expected."),
        gettext_lazy("Close the return"),
    ),
}


class ReturnInspection(Inspection):
    related = ("company", "requested_by", "on_behalf_of", "command__source", "replaces", "place")
    template_name = "oms_portal/desk/return.html"
    # Forms as they were filled in, by verb, where they had faults.
    filled_in: Mapping[str, Decision] = {}

    def get_object(self, queryset: Any = None) -> Return:
        """Not what its author did not send yet."""
        sent = self.model._default_manager.select_related(*self.related)
        found: Return = get_object_or_404(sent.exclude(state__in=PRIVATE), pk=self.pk)
        return found

    def get_page_title(self) -> str:
        rma: Return = self.object
        return f"{rma.get_kind_display()} {rma.number}"

    def get_page_subtitle(self) -> str:
        return plain(self.object.company.name)

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def lines(self) -> list[ReturnLine]:
        found = self.object.lines.select_related("returnable__order", "reason").order_by("pk")
        return list(found)

    def sections(self) -> Iterable[Section]:
        rma: Return = self.object
        yield return_goods.lines(self.lines)
        yield found.found(rma)
        yield return_goods.photos(rma)
        yield return_past.facts(rma, self.lines, self.request.user)
        yield return_past.terms(self.lines)
        yield return_goods.parcels(
            rma,
            decides=may(self.request.user, "decide", Return),
            prints=may_print(self.request.user),
        )
        yield found.scans(rma)
        yield steps.history(rma, who_of, event_words)
        yield steps.command(rma.command)
        yield trace(rma)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rma: Return = self.object
        present.say(self.request, rma)
        return {
            **super().get_context_data(**kwargs),
            "rma": rma,
            "doors": doors.doors(rma, self.request.user),
            "at_it": present.others(rma, self.request.user),
            "beat": BEAT,
            "choices": list(self._choices()),
            "warnings": list(self._warnings()),
            "state": state_word(rma),
        }

    def may_do(self, verb: str) -> bool:
        """What the rules refuse is a lead's to let come, and not by approving it."""
        if verb == "approve" and self._is_against:
            return False
        return may(self.request.user, "lead" if verb == "override" else "decide", Return)

    def _choices(self) -> Iterator[Choice]:
        for verb in filter(self.may_do, self._possible()):
            heading, note, button = _CHOICES[verb]
            faulty = self.filled_in.get(verb)
            form = faulty or FORMS[verb](rma=self.object, lines=self.lines, verb=verb)
            url = reverse(f"oms_returns:{verb}", args=[self.object.pk])
            yield Choice(verb, heading, [note], button, url, form, faulty is not None)

    def _possible(self) -> list[str]:
        """What the rules refused is not approved, it is allowed all the same, with a reason."""
        found = [verb for verb in STAFF if is_legal(self.object, verb)]
        needless = "approve" if self._is_against else "override"
        return [
            verb
            for verb in found
            if verb != needless or len({"approve", "override"} & set(found)) < 2
        ]

    @property
    def _is_against(self) -> bool:
        return any(not line.terms.get("allowed", True) for line in self.lines)

    def _warnings(self) -> Iterator[str]:
        if first := vouching.waiting(self.object):
            told = {"who": who_of(first), "reason": plain(first.reason)}
            yield (
                _(
                    "%(who)s wants to allow it all the same: “%(reason)s” "
                    "Somebody else must confirm it."
                )
                % told
            )
        for line in self.lines:
            if over := line.returnable.over_by:
                yield _(
                    "Of %(item)s, %(count)s more is on returns than was delivered: the ERP has "
                    "corrected the delivery since."
                ) % {"item": plain(line.sku or line.description, 80), "count": number(over)}
