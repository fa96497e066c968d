"""Inspect what came: one article after the other, a grade and what follows of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from oms_portal.customers.access import person_of
from oms_portal.desk.logs import note
from oms_portal.desk.policies import may
from oms_portal.desk.return_words import state_word
from oms_portal.desk.station.views import Screen
from oms_portal.desk.texts import plain
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.judgement import outward, verdicts
from oms_portal.returns.receipts.judgement.verdicts import VerdictWish
from oms_portal.returns.receipts.models import Receipt, Verdict
from oms_portal.returns.receipts.rules import Grade
from oms_portal.returns.refusals import Refused

from .answers import Told, told_of
from .forms import STRANGE, VerdictForm
from .given import given_of
from .goods import Goods, goods_of
from .words import suggested, why


@dataclass(frozen=True)
class Offer:
    """A choice of the form, by its number: a grade, or what to do with strange goods."""

    number: int
    code: str
    words: str
    example: str
    follows: str
    is_chosen: bool


class Judge(Screen):
    """``?goods`` is the finding that is judged, else the first that is open. POST judges it, or with
    "all" whatever is whole of all that is left; then the next is shown."""

    permission_required = "inspect"
    http_method_names = ["get", "head", "post"]
    template_name = "oms_portal/desk/judging/page.html"
    header_icon = "clipboard-list"
    page_title = gettext_lazy("Inspect")
    # As it was filled in, where it had faults.
    filled_in: VerdictForm | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk = kwargs["pk"]

    def get_page_subtitle(self) -> str:
        return f"{self.rma.number} · {plain(self.rma.company.name, 80)}"

    def above(self) -> list[tuple[str, str]]:
        return [(reverse("oms_returns:inspect", args=[self.pk]), self.rma.number)]

    @cached_property
    def rma(self) -> Return:
        rows = Return.objects.select_related("company").exclude(state__in=PRIVATE)
        found: Return = get_object_or_404(rows, pk=self.pk)
        return found

    @cached_property
    def receipt(self) -> Receipt | None:
        return Receipt.objects.select_related("command").filter(rma=self.pk).first()

    @cached_property
    def goods(self) -> list[Goods]:
        return goods_of(self.rma)

    @cached_property
    def grades(self) -> list[Grade]:
        return list(Grade.objects.filter(active=True))

    @cached_property
    def current(self) -> Goods | None:
        """Those asked for while some of them are left; else the first that are open."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        still = [one for one in self.goods if one.left]
        named = (one for one in still if str(one.finding.pk) == sent.get("goods"))
        return next(named, still[0] if still else None)

    def form_for(self, goods: Goods, data: Any = None) -> VerdictForm:
        lead = may(self.request.user, "lead", Return)
        return VerdictForm(data, goods=goods, grades=self.grades, lead=lead)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        goods, form = self.current, self.filled_in
        if goods is not None and form is None:
            form = self.form_for(goods)
        given = [verdict for one in self.goods for verdict in one.verdicts]
        told: Told = told_of(self.rma, self.receipt, self.goods)
        return {
            **context,
            "rma": self.rma,
            "state": state_word(self.rma),
            "goods": self.goods,
            "current": goods,
            "form": form,
            "offers": list(self._offers(goods, form)) if goods and form else [],
            "told": told,
            "shown": given_of(self.goods, self.request.user, self.rma.currency),
            "keys": ",".join(str(verdict.pk) for verdict in given),
            "parcels": outward.parcels_of(self.rma),
            "receives": may(self.request.user, "receive", Return),
        }

    def _offers(self, goods: Goods, form: VerdictForm) -> Iterator[Offer]:
        chosen = form["grade"].value()
        if not goods.is_announced:
            for number, (code, (words, _yes, _what)) in enumerate(STRANGE.items(), start=1):
                yield Offer(number, code, str(words), "", "", code == chosen)
            return
        for number, grade in enumerate(self.grades, start=1):
            found = goods.ground.suggestion(grade)
            fee = goods.ground.fee(goods.next, found)
            follows = suggested(found, fee, self.rma.currency)
            if found.why:
                follows += " · " + _("rule “%(name)s”") % {"name": plain(found.why, 60)}
            yield Offer(
                number, grade.code, grade.words, grade.example, follows, grade.code == chosen
            )

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._answer(200)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        goods = self.current
        if goods is None or str(goods.finding.pk) != request.POST.get("goods"):
            # Whoever was faster has judged them; or this very form was sent before.
            messages.info(request, _("These were judged already."))
            return redirect("oms_returns:judge", self.pk)
        form = self.form_for(goods, request.POST)
        if not form.is_valid():
            return self._again(form)
        if "all" in request.POST:
            return self._take_all(form)
        try:
            self._judge(goods, form.wish(), form.cleaned_data["key"])
        except Refused as refused:
            field = next((name for name in refused.fields if name in form.fields), None)
            form.add_error(field, why(refused))
            return self._again(form)
        return redirect("oms_returns:judge", self.pk)

    def _take_all(self, form: VerdictForm) -> HttpResponse:
        """What the rules suggest, for all that is whole, by the grade that is marked; damaged goods
        want somebody's eyes, each article by itself."""
        grade = form.cleaned_data.get("grade") if form.own.is_announced else ""
        grade = grade or next((each.code for each in self.grades), "")
        done, key = 0, form.cleaned_data["key"]
        for goods in self.goods:
            count = goods.left if goods is form.own and not form.own.sound else goods.sound
            if not count or (goods is form.own and goods.is_damaged and not form.data.get("grade")):
                continue
            own = goods.free if count == goods.left and len(goods.free) <= count else ()
            wish = VerdictWish(f"{count:f}", grade=grade if goods.is_announced else "", serials=own)
            try:
                self._judge(goods, wish, f"{key}.{goods.finding.pk}")
                done += 1
            except Refused as refused:
                messages.warning(self.request, f"{goods.title}: {why(refused)}")
        if done:
            words = ngettext(
                "%(count)s article was judged.", "%(count)s articles were judged.", done
            )
            messages.success(self.request, words % {"count": done})
        return redirect("oms_returns:judge", self.pk)

    def _judge(self, goods: Goods, wish: VerdictWish, key: str) -> Verdict:
        user = person_of(self.request)
        verdict = verdicts.judge(goods.finding, user, wish, key=key, now=timezone.now())
        note(
            self.rma,
            "judge_goods",
            user,
            number=self.rma.number,
            item=goods.title,
            quantity=f"{verdict.quantity.normalize():f}",
            what=verdict.get_disposition_display(),
            reason=verdict.note or verdict.reason or verdict.waiver_reason or "–",
        )
        return verdict

    def _again(self, form: VerdictForm) -> HttpResponse:
        self.filled_in = form
        return self._answer(422)

    def _answer(self, status: int) -> HttpResponse:
        answer = self.render_to_response(self.get_context_data(), status=status)
        answer["Cache-Control"] = "private, no-store"
        return answer
