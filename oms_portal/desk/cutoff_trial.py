"""Rules tried out on a real order: what each of its deliveries may still change, and which rule
says so. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from oms_portal.changes.models import Aspect, CutoffRule
from oms_portal.changes.standing import Part, Standing, rules_now, standing_of
from oms_portal.changes.wording import METHODS
from oms_portal.fragments.formats import moment
from oms_portal.orders import typed
from oms_portal.orders.locales import listed
from oms_portal.orders.models import Order
from oms_portal.orders.moments import zone_of

from .cutoff_words import STATES, say_limit
from .policies import may
from .texts import plain


# Orders of one number, and deliveries of one order, that are shown at once.
ORDERS, DELIVERIES = 3, 25


@dataclass(frozen=True)
class Verdict:
    aspect: str
    said: str
    rule: str
    open: bool


@dataclass(frozen=True)
class Tried:
    """A delivery with what was asked of the rules, and what they said of each aspect."""

    name: str
    facts: str
    verdicts: Sequence[Verdict]


@dataclass(frozen=True)
class Trial:
    """One order; ``more`` deliveries are not shown, ``missing`` names what its ERP takes none of."""

    name: str
    url: str
    deliveries: Sequence[Tried]
    more: int
    missing: str


def try_out(words: str, rules: Sequence[CutoffRule] | None) -> list[Trial]:
    """The orders of a number, judged by these rules; by those that count now for None."""
    now = timezone.now()
    return [_trial(standing_of(order, now, rules)) for order in _orders(words)]


def _orders(words: str) -> Iterable[Order]:
    names = Q(number=words) | Q(number=words.upper()) | Q(slug=words)
    return Order.objects.filter(names).select_related("company").order_by("-placed_at")[:ORDERS]


def _trial(standing: Standing) -> Trial:
    order = standing.order
    missing = [str(aspect.label) for aspect in Aspect if aspect not in standing.aspects]
    return Trial(
        name=f"{plain(order.number)} · {plain(order.company.name)}",
        url=reverse("oms_orders:inspect", args=[order.pk]),
        deliveries=[_tried(part, standing) for part in standing.parts[:DELIVERIES]],
        more=max(0, len(standing.parts) - DELIVERIES),
        missing=listed(missing),
    )


def _tried(part: Part, standing: Standing) -> Tried:
    name = _("Delivery %(number)s") % {"number": plain(part.number)} if part.number else ""
    return Tried(
        name=name or _("In no delivery yet"),
        facts=" · ".join(filter(None, _facts(part, standing))),
        verdicts=[
            Verdict(
                aspect=str(aspect.label),
                said=say_limit(limit, part.zone),
                rule=limit.rule or _("No rule"),
                open=limit.open,
            )
            for aspect, limit in part.limits.items()
        ],
    )


def _facts(part: Part, standing: Standing) -> Iterable[str]:
    yield str(dict(STATES).get(part.status, part.status)) if part.number else ""
    yield str(METHODS.get(part.method, part.method))
    yield plain(part.carrier)
    yield plain(part.values["address"]["country"])
    if part.dispatch:
        when = {"when": moment(part.dispatch, zone_of(part.zone))}
        yield _("leaves %(when)s") % when
    elif part.number:
        yield _("no dispatch planned")


def with_unsaved(rule: CutoffRule) -> list[CutoffRule]:
    """The saved rules with this one as it was typed: in its own place, or as the last."""
    saved = list(CutoffRule.objects.all())
    if rule.pk is None:
        return [*saved, rule]
    return [rule if one.pk == rule.pk else one for one in saved]


class Trying(WagtailAdminTemplateMixin):
    """For the views of a rule's form: a button that judges an order by what was typed."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "try" not in request.POST:
            return super().post(request, *args, **kwargs)
        self.object = self.get_object() if "pk" in kwargs else None
        self.form = self.get_form()
        return self.render_to_response(self.get_context_data(tried=True))

    def get_context_data(self, tried: bool = False, **kwargs: Any) -> dict[str, Any]:
        form = {"form": self.form} if tried else {}
        context: dict[str, Any] = super().get_context_data(**form, **kwargs)
        words = typed.words(self.request.POST.get("order", ""), 100)
        may_try = may(self.request.user, "view", Order)
        trying = tried and may_try
        faulty = trying and not self.form.is_valid()
        return {
            **context,
            "may_try": may_try,
            "order": words,
            "faulty": faulty,
            "trials": (
                try_out(words, with_unsaved(self.form.instance)) if trying and not faulty else None
            ),
            "has_unsaved_changes": tried or context.get("has_unsaved_changes"),
        }


class TrialPage(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """An order judged by the rules as they are."""

    model = CutoffRule
    any_permission_required = ["view", "add", "change", "delete"]
    template_name = "oms_portal/desk/cutoff_trial.html"
    page_title = gettext_lazy("Try the rules out")
    header_icon = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may(request.user, "view", Order):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("oms_cutoffs:index"), "label": _("Cut-off rules")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = typed.words(self.request.GET.get("order", ""), 100)
        trials = try_out(words, rules_now()) if words else None
        return {**super().get_context_data(**kwargs), "order": words, "trials": trials}
