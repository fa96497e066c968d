"""The second step: of each item why it comes back, how it is, photos, and what is wished for it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone

from oms_portal.returns.models import Return
from oms_portal.returns.reason_tree import tree
from oms_portal.returns.refusals import KeyReused, Refused

from ..changing_kept import keep, kept
from ..changing_page import SeeOther, fresh_key, key_of
from ..changing_scope import Trouble
from ..rights import needs
from . import photos
from .drafts import on_draft, save, wish_of
from .judging import judge, said
from .page import FORM, TWICE, draw_step, moved, too_many
from .reasons_form import LineForm, Tree
from .steps import url_of


@needs("return", Return, methods=FORM, anywhere=True, signed_out=keep)
@on_draft
def return_reasons(request: HttpRequest, rma: Return) -> HttpResponse:
    """``do``: next, save (to go on later), add (photos) or remove:<key of a photo>. Whatever can be
    taken of a form is kept, also where something else of it can't."""
    return Reasons(request, rma).answer()


class Reasons:
    def __init__(self, request: HttpRequest, rma: Return) -> None:
        self.request, self.rma = request, rma
        self.do = request.POST.get("do", "next")
        self.whole: list[str] = []

    @cached_property
    def tree(self) -> Tree:
        return Tree.of(tree(self.rma.kind))

    def forms(self, typed: QueryDict | None, *, any_outcome: bool = False) -> list[LineForm]:
        self.judgement, kind = judge(self.rma, timezone.now()), self.rma.kind
        rows = self.judgement.lines
        return [LineForm(row, kind, self.tree, typed, any_outcome=any_outcome) for row in rows]

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            typed = kept(self.request)
            return self.draw(self.forms(typed or None), key_of(typed), back=bool(typed))
        forms, key = self.forms(self.request.POST, any_outcome=True), key_of(self.request.POST)
        if too_many(self.request):
            return self.draw(forms, key, status=429)
        if (rows := moved(self.request, self.rma)) is not None:
            return self.draw(forms, key, status=412, conflict=rows)
        try:
            self._save(forms, key)
        except KeyReused:
            self.whole.append(str(TWICE))
            return self.draw(forms, fresh_key(), status=422)
        except Refused as refused:
            self._refuse(forms, refused)
            return self.draw(forms, fresh_key(), status=422)
        return self._go_on(forms)

    def _save(self, forms: list[LineForm], key: str) -> None:
        """All that can be taken: answers first, for what is said of photos stands with them."""
        for form in forms:
            form.is_valid()
        wish = replace(wish_of(self.rma), lines=tuple(form.line() for form in forms))
        self.rma = save(self.request, wish, self.rma, key)
        if self.do.startswith(photos.REMOVE):
            photos.remove(self.rma, self.do)
        for form in forms:
            form.photo_faults += photos.take(self.request, self.rma, form.judged.line)

    def _refuse(self, forms: list[LineForm], refused: Refused) -> None:
        for at, why in refused.lines.items():
            if at.isdecimal() and int(at) < len(forms):
                forms[int(at)].add_error(None, said(why))
        if not refused.lines:
            self.whole.append(said(refused.code))

    def _go_on(self, typed: list[LineForm]) -> HttpResponse:
        """What is on the page now is the draft's own, but for what could not be taken of it."""
        wrong = any(form.errors or form.photo_faults for form in typed)
        if self.do == "save" and not wrong:
            return SeeOther(reverse("oms_portal:returns"))
        if self.do != "next" and not wrong:
            return SeeOther(url_of(self.rma, "return_reasons") + photos.anchor_of(self.do))
        forms = self.forms(self.request.POST)
        for form, before in zip(forms, typed, strict=True):
            form.photo_faults = before.photo_faults
            form.is_valid()
            if self.do == "next":
                form.demand()
        if any(form.errors or form.photo_faults for form in forms):
            return self.draw(forms, fresh_key(), status=422)
        return SeeOther(url_of(self.rma, self.judgement.step))

    def draw(
        self, forms: list[LineForm], key: str, status: int = 200, **context: Any
    ) -> HttpResponse:
        if status in (200, 412, 429):
            for form in forms:
                form.errors.clear()
        troubles = [trouble for form in forms if form.is_bound for trouble in form.troubles()]
        context |= {
            "forms": forms,
            "accept": photos.ACCEPT,
            "troubles": [*(Trouble("", "", text) for text in self.whole), *troubles],
        }
        return draw_step(
            self.request, "reasons", self.rma, key, status=status, here="return_reasons", **context
        )
