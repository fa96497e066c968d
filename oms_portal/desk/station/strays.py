"""Parcels that came and that nobody knows: written down with photos, matched with a return, or
closed with a word about what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from oms_portal.desk.logs import note
from oms_portal.desk.policies import may
from oms_portal.desk.return_refusals import sentence
from oms_portal.fragments.photos import photo
from oms_portal.returns.models import Return
from oms_portal.returns.receipts import strays
from oms_portal.returns.receipts.kinds import StrayState
from oms_portal.returns.receipts.models import StrayParcel, StrayPhoto
from oms_portal.returns.refusals import Refused

from .settings import station_of
from .stray_forms import CloseForm, MatchForm, StrayForm
from .views import Screen


ON_A_PAGE = 50


class Strays(Screen):
    """Those that are open, the oldest first; ?state= for others, the newest first."""

    permission_required = "view"
    template_name = "oms_portal/desk/station/strays.html"
    header_icon = "warning"
    page_title = gettext_lazy("Unknown parcels")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("state")
        state = StrayState(asked) if asked in StrayState.values else StrayState.OPEN
        order = "found_at" if state == StrayState.OPEN else "-ended_at"
        rows = StrayParcel.objects.filter(state=state).select_related("rma", "found_by")
        page = Paginator(rows.order_by(order, "pk"), ON_A_PAGE)
        return {
            **super().get_context_data(**kwargs),
            "rows": page.get_page(self.request.GET.get("p")),
            "state": state,
            "states": StrayState.choices,
            "receives": may(self.request.user, "receive", Return),
        }


class StrayNew(Screen):
    http_method_names = ["get", "head", "post"]
    template_name = "oms_portal/desk/station/stray_new.html"
    header_icon = "warning"
    page_title = gettext_lazy("Write an unknown parcel down")

    def above(self) -> list[tuple[str, str]]:
        return [_list()]

    def get(self, request: HttpRequest) -> HttpResponse:
        code = request.GET.get("code", "")[:250]
        return self._shown(StrayForm(initial={"key": uuid4().hex, "code": code}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = StrayForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._shown(form, status=422)
        told = {**form.cleaned_data, "station": station_of(request).name}
        uploads = told.pop("photo")
        user: Any = request.user
        try:
            stray = strays.write_down(user, now=timezone.now(), **told)
        except Refused as refused:
            field = next((name for name in refused.fields if name in form.fields), None)
            form.add_error(field, sentence(refused))
            return self._shown(form, status=422)
        messages.success(
            request, _("Written down. Put %(number)s on it.") % {"number": stray.number}
        )
        _photograph(request, stray, uploads)
        return redirect("oms_returns:stray", stray.pk)

    def _shown(self, form: StrayForm, status: int = 200) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)


class Stray(Screen):
    """POST with ``verb`` "match", "close" or "photo"."""

    permission_required = "view"
    http_method_names = ["get", "head", "post"]
    template_name = "oms_portal/desk/station/stray.html"
    header_icon = "warning"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk = kwargs["stray"]

    @cached_property
    def stray(self) -> StrayParcel:
        rows = StrayParcel.objects.select_related("rma", "found_by", "ended_by")
        found: StrayParcel = get_object_or_404(rows, pk=self.pk)
        return found

    def get_page_title(self) -> str:
        return _("Unknown parcel %(number)s") % {"number": self.stray.number}

    def above(self) -> list[tuple[str, str]]:
        return [_list()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_open = self.stray.state == StrayState.OPEN
        return {
            **super().get_context_data(**kwargs),
            "stray": self.stray,
            "photos": list(self.stray.photos.all()),
            "match": kwargs.get("match") or MatchForm(),
            "close": kwargs.get("close") or CloseForm(),
            "asked": kwargs.get("asked"),
            "acts": is_open and may(self.request.user, "receive", Return),
        }

    def get(self, request: HttpRequest, stray: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, stray: int) -> HttpResponse:
        if not may(request.user, "receive", Return):
            raise Http404
        verb = {"match": self._match, "close": self._close}.get(request.POST.get("verb", ""))
        try:
            if verb is not None:
                return verb(request)
            _photograph(request, self.stray, request.FILES.getlist("photo"))
        except Refused as refused:
            messages.warning(request, sentence(refused))
        return redirect("oms_returns:stray", self.stray.pk)

    def _match(self, request: HttpRequest) -> HttpResponse:
        form = MatchForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(match=form), status=422)
        rma: Return = form.cleaned_data["number"]
        user: Any = request.user
        sure = request.POST.get("sure") == rma.number
        try:
            strays.match(self.stray, rma, user, timezone.now(), sure=sure)
        except Refused as refused:
            if refused.code != "ended":
                raise
            return self._asked(form, rma, sentence(refused))
        note(self.stray, "match_stray", user, number=self.stray.number, rma=rma.number)
        messages.success(
            request, _("It belongs to return %(number)s now.") % {"number": rma.number}
        )
        return redirect("oms_returns:receive", rma.pk)

    def _asked(self, form: MatchForm, rma: Return, words: str) -> HttpResponse:
        """Whether they mean a return that is over: by its number, so that no other is meant."""
        form.add_error("number", words)
        told = self.get_context_data(match=form, asked=rma)
        return self.render_to_response(told, status=422)

    def _close(self, request: HttpRequest) -> HttpResponse:
        form = CloseForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(close=form), status=422)
        why = form.cleaned_data["why"]
        user: Any = request.user
        strays.close(self.stray, why, user, timezone.now())
        note(self.stray, "close_stray", user, number=self.stray.number, reason=why)
        messages.success(request, _("It was closed."))
        return redirect("oms_returns:strays")


class StrayPhotoView(Screen):
    """A photo of an unknown parcel, as it was kept."""

    permission_required = "view"

    def get(self, request: HttpRequest, stray: int, key: str) -> HttpResponse:
        found = get_object_or_404(StrayPhoto, key=key, stray__pk=stray)
        try:
            answer = photo(request, found)
        except FileNotFoundError as error:
            raise Http404 from error
        answer["Cache-Control"] = "private, no-store"
        return answer


def _photograph(request: HttpRequest, stray: StrayParcel, uploads: Iterable[Any]) -> None:
    """What can't be kept is said; the parcel is written down all the same."""
    user: Any = request.user
    for upload in uploads:
        try:
            strays.photograph(upload, stray, user)
        except Refused as refused:
            messages.warning(request, sentence(refused))


def _list() -> tuple[str, str]:
    return reverse("oms_returns:strays"), _("Unknown parcels")
