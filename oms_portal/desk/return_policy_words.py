"""A return policy, and what it comes to for some goods, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oms_portal.orders.locales import day, listed, money, number
from oms_portal.returns import barriers
from oms_portal.returns.kinds import Condition, Kind, Method, Outcome
from oms_portal.returns.rules import ReturnPolicy
from oms_portal.returns.terms import Terms

from .return_policy_fields import reason_choices
from .texts import plain


_APPROVALS = {
    "auto": gettext_lazy("approved at once"),
    "agent": gettext_lazy("approved by us"),
    "erp": gettext_lazy("approved by the ERP"),
}
_PAYERS = {
    "supplier": gettext_lazy("we pay the way back"),
    "customer": gettext_lazy("the customer pays the way back"),
    "": gettext_lazy("whoever is liable pays the way back"),
}


def say(policy: ReturnPolicy, reasons: Mapping[str, str] | None = None) -> str:
    """ "Until 30 days after delivery; fee 15 %. For: Return; Faulty; DE." ``reasons`` are the words
    of their codes, where the caller has read them."""
    what = "; ".join(_rule(policy))
    conditions = "; ".join(_conditions(policy, reasons))
    if not conditions:
        return _("%(rule)s. For everything.") % {"rule": what}
    return _("%(rule)s. For: %(conditions)s.") % {"rule": what, "conditions": conditions}


def _rule(policy: ReturnPolicy) -> Iterator[str]:
    if not policy.allowed:
        yield _("Can’t be returned")
        return
    yield _window(policy)
    if policy.fee_percent or policy.fee_fixed:
        yield _("with a restocking fee of %(fee)s") % {"fee": _fee(policy)}
    if policy.approval != ReturnPolicy.Approval.BELOW:
        yield str(_APPROVALS[policy.approval])
    else:
        yield _("approved at once below %(value)s") % {
            "value": number(policy.approval_below or Decimal(0))
        }


def _window(policy: ReturnPolicy) -> str:
    if policy.window_days is None:
        return _("Without end")
    names = {"count": policy.window_days, "anchor": policy.get_window_from_display()}
    if not policy.window_days:
        return _("Until the end of the day of: %(anchor)s") % names
    return (
        ngettext(
            "Until %(count)s day after: %(anchor)s",
            "Until %(count)s days after: %(anchor)s",
            policy.window_days,
        )
        % names
    )


def _fee(policy: ReturnPolicy) -> str:
    parts = []
    if policy.fee_percent:
        parts.append(_("%(percent)s %%") % {"percent": number(policy.fee_percent.normalize())})
    if policy.fee_fixed:
        parts.append(number(policy.fee_fixed))
    return " + ".join(parts)


def _conditions(policy: ReturnPolicy, reasons: Mapping[str, str] | None) -> Iterator[str]:
    known: Mapping[str, str] = {}
    if policy.reasons:
        known = dict(reason_choices()) if reasons is None else reasons
    for told, words in (
        (policy.kinds, dict(Kind.choices)),
        (policy.reasons, known),
        (policy.conditions, dict(Condition.choices)),
        (policy.categories, {}),
        (policy.tags, {}),
        (policy.brands, {}),
        (policy.companies, {}),
        (policy.countries, {}),
    ):
        if told:
            yield labels(told, words)
    if policy.final_sale is not None:
        yield _("final sale") if policy.final_sale else _("no final sale")
    if policy.value_from is not None:
        yield _("net value from %(value)s") % {"value": number(policy.value_from)}
    if policy.value_below is not None:
        yield _("net value below %(value)s") % {"value": number(policy.value_below)}


def labels(told: Iterable[str], words: Mapping[str, Any]) -> str:
    return listed(str(words.get(str(one), plain(one))) for one in told)


def say_end(terms: Terms) -> str:
    """Whether it may come back and until when, or why not and until when it could."""
    if not terms.allowed:
        return barriers.say(terms.why, terms.until, terms.words)
    if terms.until is None:
        return _("Open, without end")
    return _("Until %(when)s") % {"when": day(terms.until, UTC)}


def say_terms(terms: Terms, currency: str) -> list[str]:
    """All that is said of goods that may come back."""
    return [text for read in _SAID.values() if (text := read(terms, currency))]


def differences(before: Terms, after: Terms, currency: str) -> list[tuple[str, str]]:
    """What is said otherwise: before, and after. Of goods that may come back by both, the last day
    is no matter any more."""
    if not (before.allowed and after.allowed):
        said = [(say_end(before), say_end(after))]
    else:
        said = [(read(before, currency), read(after, currency)) for read in _SAID.values()]
    return [(old or "–", new or "–") for old, new in said if old != new]


def _said_fee(terms: Terms, currency: str) -> str:
    if terms.fee:
        return _("restocking fee %(fee)s") % {"fee": money(terms.fee, currency)}
    if terms.fee is None and terms.fee_percent:
        percent = number(terms.fee_percent.normalize())
        return _("restocking fee %(percent)s %%") % {"percent": percent}
    return ""


def _said_way(terms: Terms, currency: str) -> str:
    if not terms.goods_back:
        return ""
    if not terms.shipping_fee:
        return str(_PAYERS["supplier"]) if terms.pays == "supplier" else ""
    return _("%(payer)s (%(fee)s)") % {
        "payer": _PAYERS[terms.pays],
        "fee": money(terms.shipping_fee, currency),
    }


def _said_photos(terms: Terms, currency: str) -> str:
    if not terms.photos:
        return ""
    return ngettext("%(count)s photo", "%(count)s photos", terms.photos) % {"count": terms.photos}


def _said_place(terms: Terms, currency: str) -> str:
    name = terms.destination.get("name")
    return _("goes to %(place)s") % {"place": plain(name)} if name else ""


_SAID: Mapping[str, Callable[[Terms, str], str]] = {
    # Their labels have commas of their own.
    "methods": lambda terms, _currency: " · ".join(str(Method(one).label) for one in terms.methods),
    "outcomes": lambda terms, _currency: " · ".join(
        str(Outcome(one).label) for one in terms.outcomes
    ),
    "fee": _said_fee,
    "way": _said_way,
    "photos": _said_photos,
    "approval": lambda terms, _currency: str(_APPROVALS.get(terms.approval, "")),
    "place": _said_place,
}
