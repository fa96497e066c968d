"""The first step: what comes back, of which deliveries, and how many of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone

from oms_portal.customers.access import Actor, actor_of
from oms_portal.customers.current import company_id_of
from oms_portal.fragments.returning.listing import entitled
from oms_portal.orders import typed
from oms_portal.orders.models import Order
from oms_portal.returns import eligible
from oms_portal.returns.kinds import Kind
from oms_portal.returns.models import Return
from oms_portal.returns.refusals import KeyReused, Refused

from ..changing_kept import keep, kept
from ..changing_page import SeeOther, fresh_key, key_of
from ..rights import needs
from .drafts import lines_of, on_draft, save, wish_of
from .judging import judge
from .kind_choice import kinds
from .looking import PAGES, Anchor, Looking, Page, named, page_of
from .names import Place
from .offering import SHOWN, Chosen, Group, groups, place_of, unshown
from .page import FORM, TWICE, draw_step, moved, too_many
from .picking import Picked, own_of
from .steps import url_of


# Buttons that only draw the page anew, with what they are about behind them.
_KIND, _ORDER, _PAGE, _ALL, _FIND = "kind:", "order:", "page:", "all:", "find"


@needs("return", Return, methods=FORM, anywhere=True, signed_out=keep)
def return_new(request: HttpRequest) -> HttpResponse:
    """``?order=`` is the slug of the order to begin with, ``?kind=`` return, exchange or claim."""
    return Items(request, None).answer()


@needs("return", Return, methods=FORM, anywhere=True, signed_out=keep)
@on_draft
def return_items(request: HttpRequest, rma: Return) -> HttpResponse:
    return Items(request, rma).answer()


class Items:
    """The page for one request: what is looked for, what was picked, what can come back."""

    def __init__(self, request: HttpRequest, rma: Return | None) -> None:
        self.request, self.rma = request, rma
        self.back = kept(request) if request.method != "POST" else QueryDict()
        self.form = request.POST if request.method == "POST" else self.back or request.GET
        self.do = request.POST.get("do", "next")
        self.looking = self._looking()
        self.own = own_of(rma)
        drafted = rma is not None and request.method != "POST" and not self.back
        lines = lines_of(rma) if rma and drafted else []
        self.picked = Picked.drafted(lines) if drafted else Picked.read(self.form)

    def _looking(self) -> Looking:
        looking = Looking.read(self.form, self.rma.kind if self.rma else Kind.RETURN)
        name, _colon, about = self.do.partition(":")
        if f"{name}:" == _KIND and about in Kind.values:
            return replace(looking, kind=about, page=1)
        if f"{name}:" == _ORDER and "\0" not in about:
            return replace(looking, order=about, find="", page=1)
        if f"{name}:" == _PAGE:
            return replace(looking, page=typed.count(about, 1, 1, PAGES))
        return replace(looking, page=1) if self.do == _FIND else looking

    @cached_property
    def actor(self) -> Actor:
        """Through their grants at the company that they look at, where no order names another."""
        actor = entitled(actor_of(self.request))
        company = company_id_of(self.request)
        if self.rma or self.looking.order or self.picked.typed or company is None:
            return actor
        return actor.at(company)

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            if self.looking.order and not self.page.orders:
                raise Http404
            if self.rma and not self.back:
                self.picked.part(judge(self.rma, timezone.now()).troubles)
            return self.draw(key_of(self.back), back=bool(self.back))
        key = key_of(self.form)
        if self.do.startswith(_ALL):
            slug = self.do.removeprefix(_ALL)
            rows = [row for row in self.offered.values() if row.order.slug == slug]
            self.picked.take_all(rows, self.own)
            return self.draw(key)
        if self.do == _FIND or self.do.startswith((_KIND, _ORDER, _PAGE)):
            return self.draw(key)
        return self._save(key)

    def _save(self, key: str) -> HttpResponse:
        if too_many(self.request):
            return self.draw(key, status=429)
        if self.rma and (rows := moved(self.request, self.rma)) is not None:
            return self.draw(key, status=412, conflict=rows)
        if not self.picked.judge(self.offered, self.own):
            return self.draw(key, status=422)
        wish = self.picked.wish(self.looking.kind, wish_of(self.rma) if self.rma else None)
        try:
            made = save(self.request, wish, self.rma, key)
        except KeyReused:
            self.picked.whole.append(str(TWICE))
            return self.draw(key_of(QueryDict()), status=422)
        except Refused as refused:
            self.picked.refuse(refused)
            return self.draw(key, status=422)
        if self.do == "save":
            return SeeOther(reverse("oms_portal:returns"))
        self.rma, judgement = made, judge(made, timezone.now())
        if judgement.step == "return_items":
            self.picked.part(judgement.troubles)
            return self.draw(fresh_key(), status=422)
        return SeeOther(url_of(made, judgement.step))

    @cached_property
    def page(self) -> Page:
        return page_of(self.actor, self.looking, self.anchor)

    @cached_property
    def chosen(self) -> list[Order]:
        """The orders that something was picked of."""
        return named(self.actor, self.picked.slugs) if self.picked.slugs else []

    @cached_property
    def anchor(self) -> Anchor | None:
        if self.chosen:
            return Anchor.of(self.chosen[0])
        return Anchor.of_draft(self.rma, ()) if self.rma and self.rma.currency else None

    @cached_property
    def offered(self) -> dict[Place, eligible.Returnable]:
        orders = {order.pk: order for order in (*self.page.orders, *self.chosen)}
        rows = eligible.offer(
            list(orders.values()), self.looking.kind, timezone.now(), actor=self.actor
        )
        return {place_of(row): row for row in rows}

    def draw(self, key: str, status: int = 200, **context: Any) -> HttpResponse:
        chosen = Chosen(self.picked.typed, self.picked.faults, self.own)
        looking = self.looking
        shown = groups(self.page, self.offered.values(), chosen, looking.find, looking.page)
        context |= {
            "looking": looking,
            "kinds": kinds(looking.kind),
            "one": self.page.one,
            "groups": shown,
            "unshown": list(unshown(shown, self.picked.typed)),
            "anchor": self.chosen[0] if self.chosen else None,
            "older": looking.page + 1 if self._has_more(shown) else 0,
            "newer": looking.page - 1,
            "empty": not any(group.open for group in shown),
            "troubles": self.picked.troubles(self.offered),
        }
        return draw_step(
            self.request, "items", self.rma, key, status=status, here="return_items", **context
        )

    def _has_more(self, shown: list[Group]) -> bool:
        if not self.page.one:
            return self.page.more
        return any(group.total > self.looking.page * SHOWN for group in shown[:1])
