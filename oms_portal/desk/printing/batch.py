"""Many labels at once: numbers in, one file out. What is known not to be printable is listed with
the reason first; what turns out so is left out, takes no place on a sheet and changes no other
label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from oms_portal.customers.access import person_of
from oms_portal.desk.policies import PRINTING
from oms_portal.desk.station.settings import station_of
from oms_portal.orders.typed import key as key_of
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.models import PrintJob
from oms_portal.returns.receipts.printing import prints

from .forms import MOST, BatchForm, usual
from .handing import handed
from .numbers import Picked, pick, typed
from .preview import preview_of


if TYPE_CHECKING:
    _BatchView = FormView[BatchForm]
else:
    # Django's own class takes no parameter.
    _BatchView = FormView


class LabelBatch(PermissionCheckedMixin, WagtailAdminTemplateMixin, _BatchView):
    """``?numbers=``, ``?returns=`` (keys of returns) or ``?verdicts=`` (keys of verdicts) fill it
    in. POST prints where nothing is skipped; else it says what is, and "others" prints the rest.
    "look" prints nothing and shows the first label."""

    model = Return
    any_permission_required = PRINTING
    http_method_names = ["get", "head", "post"]
    template_name = "oms_portal/desk/printing/batch.html"
    form_class = BatchForm
    header_icon = "tag"
    page_title = gettext_lazy("Print labels")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("oms_returns:index"), "label": _("Returns")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    @cached_property
    def initial_data(self) -> dict[str, Any]:
        asked = self.request.GET
        numbers = typed(asked.get("numbers", "")) or _numbers_of(asked.get("returns", ""))
        told = {"numbers": "\n".join(numbers), "verdicts": asked.get("verdicts", "")}
        if told["verdicts"]:
            told["template"] = "putaway"
        return usual(station_of(self.request)) | told

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **self.initial_data}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form: BatchForm = context["form"]
        picked: Picked | None = context.get("picked")
        if not form.is_bound and (self.initial_data["numbers"] or self.initial_data["verdicts"]):
            tried = BatchForm(self.initial_data)
            if tried.is_valid():
                form, picked = tried, _picked(tried)
        told: dict[str, Any] = {"picked": picked, "count": picked.count if picked else 0}
        if picked and picked.count and form.is_valid():
            told["preview"] = preview_of(picked, form.paper)
        return {**context, **told}

    def form_valid(self, form: BatchForm) -> HttpResponse:
        asked, key = self.request.POST, form.cleaned_data["key"]
        if key and PrintJob.objects.filter(key=key).exists():
            return redirect("oms_returns:print_job", key)
        picked = _picked(form)
        if "look" in asked:
            return self.shown(form, picked, 200)
        if picked.count and ("others" in asked or not picked.skipped):
            return self.printed(form, picked)  # type: ignore[return-value]  # it streams
        return self.shown(form, picked, 422)

    def form_invalid(self, form: BatchForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def shown(self, form: BatchForm, picked: Picked, status: int) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form, picked=picked), status=status
        )

    def printed(self, form: BatchForm, picked: Picked) -> HttpResponseBase:
        key = form.cleaned_data["key"] or uuid4()
        order = form.order(picked, station_of(self.request))
        who = person_of(self.request)
        job, is_new = prints.begin(order, who, key=key, now=timezone.now())
        if not is_new:
            return redirect("oms_returns:print_job", job.key)
        if response := handed(self.request, job):
            return response
        return self.shown(form, Picked(skipped=[*picked.skipped, *map(tuple, job.skipped)]), 422)


def _picked(form: BatchForm) -> Picked:
    data = form.cleaned_data
    return pick(data["numbers"], form.paper, data["reason"], data["verdicts"])


def _numbers_of(keys: str) -> list[str]:
    pks = [pk for key in typed(keys)[:MOST] if (pk := key_of(key)) is not None]
    sent = Return.objects.exclude(state__in=PRIVATE)
    numbers = dict(sent.filter(pk__in=pks).values_list("pk", "number"))
    return [numbers[pk] for pk in pks if pk in numbers]


def answer_of(view: LabelBatch, request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    """What the form says where it is filled in like this."""
    form = BatchForm(told)
    return view.form_valid(form) if form.is_valid() else view.form_invalid(form)
