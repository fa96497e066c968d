"""Return policies tried out: on a real order, and on the newest returns. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from oms_portal.fragments.formats import quantity
from oms_portal.orders.models import Order
from oms_portal.returns import barriers
from oms_portal.returns.comparing import Asked, compare
from oms_portal.returns.eligible import Returnable, offer, policies_now
from oms_portal.returns.kinds import Condition, Kind
from oms_portal.returns.models import Return
from oms_portal.returns.policy import terms_of
from oms_portal.returns.reason_tree import reasons_for
from oms_portal.returns.rules import ReturnPolicy, ReturnReason

from .policies import may
from .return_policy_fields import reason_choices
from .return_policy_words import differences, say_end, say_terms
from .texts import plain


# Orders of one number, lines of one order and changed lines that are shown at once.
ORDERS, LINES, CHANGED = 3, 50, 40


class Question(forms.Form):
    """What the policies are asked: an order, and what is said of all of its goods. Every field is
    beside the policy's own in one form of the page."""

    order = forms.CharField(
        label=gettext_lazy("Number of an order"), max_length=100, required=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices, required=False)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=lambda: [("", _("Not known yet")), *reason_choices()],
        required=False,
    )
    condition = forms.ChoiceField(
        label=gettext_lazy("Condition of the goods"),
        choices=[("", gettext_lazy("Not known yet")), *Condition.choices],
        required=False,
    )

    prefix = "try"

    def __init__(self, data: Any = None, *, form_id: str = "") -> None:
        super().__init__(data)
        if form_id:
            for field in self.fields.values():
                field.widget.attrs["form"] = form_id

    @property
    def number(self) -> str:
        return str(self.cleaned_data.get("order", "")).replace("\0", "") if self.is_valid() else ""


@dataclass(frozen=True)
class Verdict:
    """``said`` is until when, or why not; ``terms`` all else; ``rule`` the policy that decided."""

    name: str
    facts: str
    open: bool
    said: str
    terms: str
    rule: str


@dataclass(frozen=True)
class Trial:
    """One order; ``more`` lines are not shown."""

    name: str
    url: str
    verdicts: Sequence[Verdict]
    more: int


@dataclass(frozen=True)
class Change:
    """A line of a return that would get another answer."""

    number: str
    item: str
    differences: Sequence[tuple[str, str]]
    rule: str


@dataclass(frozen=True)
class Past:
    """Of so many returns and lines these would get another answer; ``more`` are not shown."""

    returns: int
    lines: int
    lost: int
    changes: Sequence[Change]
    more: int


def try_out(question: Question, policies: Sequence[ReturnPolicy]) -> list[Trial]:
    """The orders of a number, judged by these policies, each line of goods by itself."""
    number = question.number
    names = Q(number=number) | Q(number=number.upper()) | Q(slug=number)
    orders = Order.objects.filter(names).select_related("company").order_by("-placed_at")
    told = question.cleaned_data
    kind = told["kind"] or Kind.RETURN.value
    reason = reasons_for(kind).get(told["reason"]) or _reason(told["reason"])
    return [
        _trial(order, kind, reason, told["condition"] or None, policies)
        for order in orders[:ORDERS]
    ]


def look_back(saved: Sequence[ReturnPolicy], typed: Sequence[ReturnPolicy]) -> Past:
    """What the newest returns would have been told otherwise."""
    found = compare(saved, typed)
    changed = [change for asked in found.asked if (change := _change(asked))]
    return Past(
        returns=found.returns,
        lines=len(found.asked),
        lost=found.lost,
        changes=changed[:CHANGED],
        more=max(0, len(changed) - CHANGED),
    )


def with_unsaved(policy: ReturnPolicy) -> list[ReturnPolicy]:
    """The saved policies with this one as it was typed: in its own place, or as the last."""
    saved = list(ReturnPolicy.objects.select_related("destination"))
    if policy.pk is None:
        return [*saved, policy]
    return [policy if one.pk == policy.pk else one for one in saved]


def _reason(code: str) -> ReturnReason | None:
    """A heading stands for what is below it; what this kind does not offer is asked all the same."""
    return ReturnReason.objects.select_related("parent").filter(code=code).first()


def _trial(
    order: Order,
    kind: str,
    reason: ReturnReason | None,
    condition: str | None,
    policies: Sequence[ReturnPolicy],
) -> Trial:
    now = timezone.now()
    lines = offer([order], kind, now, policies=policies)
    verdicts = []
    for line in lines[:LINES]:
        count = line.available or line.shipped
        terms = terms_of(line.facts, reason, condition, count, policies, now)
        beside = "" if line.why in ("", *barriers.OF_POLICY) else line.why
        said = barriers.say(beside) or say_end(terms)
        verdicts.append(
            Verdict(
                name=f"{plain(line.line.sku)} {plain(line.line.description, 80)}".strip(),
                facts=" · ".join(filter(None, _facts(line))),
                open=terms.allowed and not beside,
                said=said,
                terms="; ".join(say_terms(terms, order.currency)) if terms.allowed else "",
                rule=terms.policy[0] or _("No policy"),
            )
        )
    return Trial(
        name=f"{plain(order.number)} · {plain(order.company.name)}",
        url=reverse("oms_orders:inspect", args=[order.pk]),
        verdicts=verdicts,
        more=max(0, len(lines) - LINES),
    )


def _facts(line: Returnable) -> list[str]:
    article = line.facts.article
    return [
        _("Delivery %(number)s") % {"number": plain(line.delivery)} if line.delivery else "",
        quantity(line.shipped, line.unit),
        article.name if article else _("in no article group"),
    ]


def _change(asked: Asked) -> Change | None:
    said = differences(asked.now, asked.then, asked.rma.currency)
    if not said:
        return None
    line = asked.line
    return Change(
        number=asked.rma.number,
        item=f"{plain(line.sku)} {plain(line.description, 80)}".strip(),
        differences=said,
        rule=asked.then.policy[0] or _("No policy"),
    )


class Trying(WagtailAdminTemplateMixin):
    """For the views of a policy's form: buttons that judge by what was typed."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "try" not in request.POST and "look_back" not in request.POST:
            return super().post(request, *args, **kwargs)
        self.object = self.get_object() if "pk" in kwargs else None
        self.form = self.get_form()
        return self.render_to_response(self.get_context_data(tried=True))

    def get_context_data(self, tried: bool = False, **kwargs: Any) -> dict[str, Any]:
        form = {"form": self.form} if tried else {}
        context: dict[str, Any] = super().get_context_data(**form, **kwargs)
        user = self.request.user
        question = Question(self.request.POST if tried else None, form_id="w-editor-form")
        faulty = tried and not (self.form.is_valid() and question.is_valid())
        found = {} if faulty or not tried else self._judged(question)
        return {
            **context,
            "may_try": may(user, "view", Order),
            "may_look_back": may(user, "view", Return),
            "question": question,
            "faulty": faulty,
            "has_unsaved_changes": tried or context.get("has_unsaved_changes"),
            **found,
        }

    def _judged(self, question: Question) -> dict[str, Any]:
        user, typed = self.request.user, with_unsaved(self.form.instance)
        if "look_back" in self.request.POST:
            return {"past": look_back(policies_now(), typed)} if may(user, "view", Return) else {}
        return {"trials": try_out(question, typed)} if may(user, "view", Order) else {}


class TrialPage(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """An order judged by the policies as they are."""

    model = ReturnPolicy
    any_permission_required = ["view", "add", "change", "delete"]
    template_name = "oms_portal/desk/return_policy_trial.html"
    page_title = gettext_lazy("Try the policies out")
    header_icon = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may(request.user, "view", Order):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("oms_return_policies:index"), "label": _("Return policies")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = Question(self.request.GET if "try-order" in self.request.GET else None)
        trials = try_out(question, policies_now()) if question.number else None
        return {**super().get_context_data(**kwargs), "question": question, "trials": trials}
