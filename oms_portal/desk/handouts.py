"""Secrets and keys of a source: made, replaced and ended. A new one is shown in the answer to the
press of the button, and nowhere ever after: not in a page, a log, a session or an address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from oms_portal.erp import keys, secrets
from oms_portal.erp.models import ApiKey, Source
from oms_portal.orders import typed

from .logs import note
from .source_forms import KeyForm, OverlapForm
from .texts import plain


class _Press(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    model = Source
    permission_required = "handout"
    http_method_names = ["post"]
    template_name = "oms_portal/desk/shown_once.html"
    header_icon = "key"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.source = get_object_or_404(Source, pk=pk)
        try:
            return self.press()
        except (ValueError, forms.ValidationError) as refused:
            messages.error(request, " ".join(getattr(refused, "messages", [str(refused)])))
            return self.back()

    def press(self) -> HttpResponse:
        """Do it. ValueError or ValidationError with words for whoever pressed."""
        return self.back()

    def back(self) -> HttpResponse:
        return redirect("oms_sources:inspect", self.source.pk)

    def asked(self, form: forms.Form) -> dict[str, Any]:
        if not form.is_valid():
            raise forms.ValidationError([text for texts in form.errors.values() for text in texts])
        return form.cleaned_data

    def number(self, name: str) -> int:
        number = typed.key(self.request.POST.get(name, ""))
        if number is None:
            raise Http404
        return number

    def show(self, title: str, secret: str) -> HttpResponse:
        """The only time that the secret leaves this server."""
        name = plain(self.source)
        self.page_title = title
        context = self.get_context_data(secret=secret, source=self.source, source_name=name)
        answer = self.render_to_response(context)
        answer["Cache-Control"] = "no-store"
        answer["Referrer-Policy"] = "no-referrer"
        return answer

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("oms_sources:index"), "label": _("Sources and keys")}
        url = reverse("oms_sources:inspect", args=[self.source.pk])
        return [
            *self.breadcrumbs_items,
            above,
            {"url": url, "label": plain(self.source)},
            {"url": "", "label": self.page_title},
        ]

    def _newest_secret(self) -> int:
        newest = self.source.secrets.order_by("-pk").values_list("pk", flat=True).first()
        return newest or 0


class CreateSecret(_Press):
    def press(self) -> HttpResponse:
        secret = secrets.create(self.source)
        note(self.source, "create_secret", self.request.user, id=self._newest_secret())
        return self.show(_("A new secret"), secret)


class RotateSecret(_Press):
    def press(self) -> HttpResponse:
        hours = self.asked(OverlapForm(self.request.POST))["hours"]
        secret = secrets.rotate(self.source, hours)
        said = {"id": self._newest_secret(), "hours": hours}
        note(self.source, "rotate_secret", self.request.user, **said)
        return self.show(_("A new secret"), secret)


class RevokeSecret(_Press):
    def press(self) -> HttpResponse:
        pk = self.number("id")
        if secrets.revoke(self.source, pk):
            note(self.source, "revoke_secret", self.request.user, id=pk)
            messages.success(self.request, _("The secret was revoked."))
        return self.back()


class CreateKey(_Press):
    def press(self) -> HttpResponse:
        asked = self.asked(KeyForm(self.request.POST, prefix="key"))
        ends = timezone.now() + timedelta(days=asked["days"]) if asked["days"] else None
        key = keys.create(self.source, asked["scopes"], ends)
        note(self.source, "create_key", self.request.user, prefix=_prefix(key))
        return self.show(_("A new key"), key)


class RotateKey(_Press):
    def press(self) -> HttpResponse:
        hours = self.asked(OverlapForm(self.request.POST))["hours"]
        old = get_object_or_404(ApiKey, source=self.source, pk=self.number("id"))
        key = keys.rotate(old, hours)
        said = {"prefix": _prefix(key), "old": old.prefix, "hours": hours}
        note(self.source, "rotate_key", self.request.user, **said)
        return self.show(_("A new key"), key)


class RevokeKey(_Press):
    def press(self) -> HttpResponse:
        old = get_object_or_404(ApiKey, source=self.source, pk=self.number("id"))
        if keys.revoke(self.source, old.prefix):
            note(self.source, "revoke_key", self.request.user, prefix=old.prefix)
            messages.success(self.request, _("The key was revoked."))
        return self.back()


def _prefix(key: str) -> str:
    return key.split("_")[1]


HANDOUTS: tuple[tuple[str, type[_Press]], ...] = (
    ("create_secret", CreateSecret),
    ("rotate_secret", RotateSecret),
    ("revoke_secret", RevokeSecret),
    ("create_key", CreateKey),
    ("rotate_key", RotateKey),
    ("revoke_key", RevokeKey),
)
