"""A label made anew by staff: one that failed is tried once more, one that is alive is replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from oms_portal.customers.access import person_of
from oms_portal.desk.logs import note
from oms_portal.returns import labelling, life
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return
from oms_portal.returns.moving import By
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.refusals import Illegal


class AgainForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=250)


if TYPE_CHECKING:
    _AgainView = FormView[AgainForm]
else:
    # Django's own class takes no parameter.
    _AgainView = FormView


class LabelAgain(PermissionCheckedMixin, WagtailAdminTemplateMixin, _AgainView):
    model = Return
    # Staff who inspect want labels for what goes back to the customer.
    any_permission_required = ["decide", "inspect"]
    http_method_names = ["get", "head", "post"]
    template_name = "oms_portal/desk/printing/label_again.html"
    form_class = AgainForm
    header_icon = "tag"
    page_title = gettext_lazy("Make the label anew")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.parcel_pk = kwargs["parcel"]

    def parcel(self) -> ReturnParcel:
        rows = ReturnParcel.objects.select_related("rma__company").exclude(rma__state__in=PRIVATE)
        found: ReturnParcel = get_object_or_404(rows, pk=self.parcel_pk)
        return found

    def get_page_subtitle(self) -> str:
        return self.parcel().code

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        rma = self.parcel().rma
        return [
            *self.breadcrumbs_items,
            {"url": reverse("oms_returns:index"), "label": _("Returns")},
            {"url": reverse("oms_returns:inspect", args=[rma.pk]), "label": rma.number},
            {"url": "", "label": self.page_title},
        ]

    def form_valid(self, form: AgainForm) -> HttpResponse:
        parcel, reason = self.parcel(), form.cleaned_data["reason"]
        user = person_of(self.request)
        try:
            if not labelling.again(parcel):
                life.reissue(parcel, reason, by=By("staff", user))
        except Illegal:
            messages.warning(
                self.request,
                _("Nothing was done: there is no label of it that could be replaced any more."),
            )
        else:
            number = parcel.rma.number
            note(
                parcel.rma, "reissue_label", user, number=number, parcel=parcel.code, reason=reason
            )
            messages.success(self.request, _("The label is being made anew. The old one is void."))
        return redirect("oms_returns:inspect", parcel.rma_id)

    def form_invalid(self, form: AgainForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
