"""Decisions of staff about what customers ask for: each moves it once, whoever else is at it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from oms_portal.changes.addresses import clean_text

from .inspecting import Inspection
from .texts import plain


LONGEST_REASON, LONGEST_TEXT = 500, 1000


def box(
    label: Any, help_text: Any, *, longest: int = LONGEST_REASON, rows: int = 2, **options: Any
) -> forms.CharField:
    """Where staff say something in their own words."""
    area = forms.Textarea({"rows": rows})
    return forms.CharField(
        label=label, help_text=help_text, max_length=longest, widget=area, **options
    )


def note_box() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("For your colleagues; the customer does not read it."),
        max_length=LONGEST_REASON,
        required=False,
    )


def refusal_box() -> forms.CharField:
    label = gettext_lazy("Why is it not possible?")
    return box(label, gettext_lazy("The customer reads this, word for word."), rows=3)


class Decision(forms.Form):
    """``version`` is that of ``row`` as it was shown, ``key`` the form's own."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.RegexField(r"[0-9a-f]{32}", widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: Any, verb: str) -> None:
        super().__init__(data, prefix=verb)
        self.row = row
        self.initial = {"version": row.version, "key": uuid4().hex}

    @abstractmethod
    def carry_out(self, user: Any, now: datetime) -> str | None:
        """Raises what the feature's actions raise; the verb of what was done, where that is not
        the form's own."""

    def clean_reason(self) -> str:
        return self.cleaned("reason", LONGEST_REASON)

    def cleaned(self, name: str, longest: int) -> str:
        try:
            return clean_text(self.cleaned_data.get(name) or "", longest)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


@dataclass(frozen=True)
class Choice:
    """Something that can be decided: its form behind its heading; open where it has faults."""

    verb: str
    heading: Any
    notes: Sequence[Any]
    button: Any
    url: str
    form: Decision
    is_faulty: bool


class Deciding(Inspection):
    """The row's page as the answer where a form has faults, else back to it.

    ``outdone_by`` are raised where somebody was faster, ``refused_by`` where it can't be.
    """

    any_permission_required = ["decide"]
    http_method_names = ["post"]
    # The name of the row's page, where it leads back to.
    page = ""
    verb = ""
    done: Mapping[str, Any] = {}
    outdone_by: tuple[type[Exception], ...] = ()
    refused_by: tuple[type[Exception], ...] = ()
    # Forms as they were filled in, by verb, where they had faults.
    filled_in: Mapping[str, Decision] = {}

    @abstractmethod
    def form_of(self, data: Any) -> Decision: ...

    @abstractmethod
    def why(self, refused: Any) -> Iterable[str]:
        """The sentences for what was refused."""

    @abstractmethod
    def outdone_words(self) -> str: ...

    @abstractmethod
    def write_down(self, form: Decision) -> None:
        """In Wagtail's log."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_of(request.POST)
        if not form.is_valid():
            return self._again(form)
        data = form.cleaned_data
        own = self.object.events.filter(actor=request.user, key=data["key"])
        if sent := own.filter(verb__in=self.done).first():
            self.verb = sent.verb
        else:
            if data["version"] != self.object.version:
                return self._outdone()
            try:
                self.verb = form.carry_out(request.user, timezone.now()) or self.verb
            except self.outdone_by:
                return self._outdone()
            except self.refused_by as refused:
                for sentence in self.why(refused):
                    form.add_error(None, sentence)
                return self._again(form)
            self.write_down(form)
        messages.success(request, self.done[self.verb])
        return redirect(self.page, self.object.pk)

    def _again(self, form: Decision) -> HttpResponse:
        self.filled_in = {self.verb: form}
        return self.render_to_response(self.get_context_data(), status=422)

    def _outdone(self) -> HttpResponse:
        """Nothing was done; who was faster, and with what."""
        messages.warning(self.request, self.outdone_words())
        return redirect(self.page, self.object.pk)


def moved_on(who: str, what: str) -> str:
    """That somebody did something before; ``who`` "" where nobody knows."""
    if not who:
        return _("Nothing was done: it has moved on meanwhile.")
    said = {"who": plain(who), "what": what}
    return _("Nothing was done: it has moved on meanwhile. %(who)s: %(what)s.") % said
