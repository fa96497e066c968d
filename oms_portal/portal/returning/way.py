"""The third step: how the goods come back, where they are handed over, in how many parcels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _

from oms_portal.fragments.places import address_lines
from oms_portal.orders import typed
from oms_portal.orders.detail import Place
from oms_portal.orders.locales import listed
from oms_portal.orders.moments import day_of, zone_of
from oms_portal.returns.carriers.contract import Point
from oms_portal.returns.kinds import Method
from oms_portal.returns.models import Return
from oms_portal.returns.refusals import KeyReused, Refused

from ..changing_kept import keep, kept
from ..changing_page import SeeOther, fresh_key, key_of
from ..rights import needs
from .drafts import on_draft, save, wish_of
from .judging import judge
from .page import FORM, TWICE, draw_step, moved, too_many
from .points import branches, keep_shop, shops_near, with_chosen
from .steps import url_of
from .way_form import HINTS, PARTS, SHOPS, WayForm


_LONGEST = 20


@dataclass(frozen=True)
class Way:
    """A way that the goods may go; ``chosen`` is the one that is taken now."""

    value: str
    id: str
    label: str | Lazy
    hint: str | Lazy
    chosen: bool


@dataclass(frozen=True)
class Part:
    """Fields that some of the ways ask for."""

    name: str
    title: str
    fields: Sequence[forms.BoundField]
    sender: bool = False
    note: str = ""


@dataclass(frozen=True)
class Shop:
    ref: str
    id: str
    name: str
    address: str
    hours: str
    chosen: bool


@needs("return", Return, methods=FORM, anywhere=True, signed_out=keep)
@on_draft
def return_method(request: HttpRequest, rma: Return) -> HttpResponse:
    """``do``: next, save (to go on later) or shops (look for parcel shops near ``near``)."""
    return Ways(request, rma).answer()


class Ways:
    def __init__(self, request: HttpRequest, rma: Return) -> None:
        self.request, self.rma = request, rma
        self.do = request.POST.get("do", "next")
        self.back = kept(request) if request.method != "POST" else QueryDict()
        self.typed = request.POST if request.method == "POST" else self.back or None
        self.judgement = judge(rma, timezone.now())

    @cached_property
    def near(self) -> str:
        """The postal code that shops are looked for by: the sender's, unless another is typed."""
        told = str(self.rma.sender.get("postal_code") or "")
        return typed.words(self.typed.get("near", told) if self.typed else told, _LONGEST)

    @cached_property
    def shops(self) -> list[Point] | None:
        """None where they can't be looked up now."""
        offered = [way for way in SHOPS if way in self.judgement.methods]
        if not offered:
            return []
        country = str(self.rma.sender.get("country") or "")
        found = shops_near(offered[0], country, self.near)
        return None if found is None else with_chosen(found, self.rma)

    def form(self) -> WayForm:
        today = day_of(timezone.now(), zone_of(self.rma.company.time_zone))
        ways = self.judgement.methods
        return WayForm(self.rma, ways, branches(), today, self.typed)

    def answer(self) -> HttpResponse:
        form = self.form()
        if self.request.method != "POST":
            return self.draw(form, key_of(self.back), back=bool(self.back))
        key = key_of(self.request.POST)
        if self.do == "shops":
            return self.draw(form, key, looking=True)
        if too_many(self.request):
            return self.draw(form, key, status=429, judged=True)
        if (rows := moved(self.request, self.rma)) is not None:
            return self.draw(form, key, status=412, conflict=rows)
        return self._save(form, key)

    def _save(self, form: WayForm, key: str) -> HttpResponse:
        if not form.is_valid():
            return self.draw(form, key, status=422, judged=True)
        if form.chosen in SHOPS and form.shop_now:
            keep_shop(self.shops or (), form.shop_now)
        try:
            self.rma = save(self.request, form.wish(wish_of(self.rma)), self.rma, key)
        except KeyReused:
            form.add_error(None, str(TWICE))
            return self.draw(form, fresh_key(), status=422, judged=True)
        except Refused as refused:
            form.refuse(refused)
            return self.draw(form, key, status=422, judged=True)
        if self.do == "save":
            return SeeOther(reverse("oms_portal:returns"))
        self.judgement = judge(self.rma, timezone.now())
        for member, why in self.judgement.way_faults.items():
            form.demand(member, why)
        if form.errors:
            return self.draw(form, fresh_key(), status=422, judged=True)
        return SeeOther(url_of(self.rma, self.judgement.step))

    def draw(
        self,
        form: WayForm,
        key: str,
        status: int = 200,
        *,
        judged: bool = False,
        **context: Any,
    ) -> HttpResponse:
        if not judged:
            form.errors.clear()
        context |= {
            "form": form,
            "choices": [self._way(form, way) for way in self.judgement.methods],
            "near": self.near,
            "parts": list(self._parts(form)),
            "asks_shops": any(way in SHOPS for way in self.judgement.methods),
            "shops": self._shops(form),
            "unreached": self.shops is None,
            "sender": _lines(self.rma.sender),
            "troubles": form.troubles() if judged else (),
        }
        return draw_step(
            self.request, "way", self.rma, key, status=status, here="return_method", **context
        )

    def _way(self, form: WayForm, way: str) -> Way:
        bound = form["method"]
        return Way(
            value=way,
            id=f"{bound.auto_id}_{self.judgement.methods.index(way)}",
            label=Method(way).label,
            hint=HINTS[way],
            chosen=form.chosen == way,
        )

    def _parts(self, form: WayForm) -> Iterator[Part]:
        """In the order in which they are gone through; the page's style shows those of a way once
        it is chosen."""
        titles = {
            "pickup": _("When can it be picked up?"),
            "branch": _("Which branch do you bring it to?"),
            "own": _("With whom do you send it?"),
            "parcels": _("How is it packed?"),
        }
        notes = {
            "pickup": _("Hours are optional."),
            "own": _("You can also tell us once it is on its way."),
        }
        for name, title in titles.items():
            if any(way in PARTS[name].ways for way in self.judgement.methods):
                fields = [form[each] for each in PARTS[name].fields]
                yield Part(name, title, fields, name == "pickup", notes.get(name, ""))

    def _shops(self, form: WayForm) -> list[Shop]:
        return [
            Shop(
                shop.ref,
                f"oms-shop_{at}",
                shop.name,
                # Its name stands above.
                listed(line for line in _lines(shop.address) if line != shop.name),
                shop.hours,
                form.shop_now == shop.ref,
            )
            for at, shop in enumerate(self.shops or ())
        ]


def _lines(address: Mapping[str, Any]) -> list[str]:
    place = Place.of(address)
    return address_lines(place) if place else []
