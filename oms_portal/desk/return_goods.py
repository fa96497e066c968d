"""What is on a return: its lines with what came of each, photos, and parcels with their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.orders.locales import number
from oms_portal.returns.delivered import strange_serials
from oms_portal.returns.evidence import alike
from oms_portal.returns.kinds import ParcelState
from oms_portal.returns.life import ALIVE
from oms_portal.returns.models import Evidence, Return, ReturnLine
from oms_portal.returns.parcels import Label, ReturnParcel

from .change_asked import Side
from .inspecting import Section, rows
from .listings import Text, Title, Word
from .texts import plain


@dataclass(frozen=True)
class Told:
    """A line as staff read it: each member one or more lines of text."""

    item: str
    why: str
    wanted: str
    counts: str
    stands: str
    over: str

    differs = False


def lines(found: Sequence[ReturnLine]) -> Section:
    strange = strange_serials(found)
    told = [_told(line, strange.get(line.pk, ())) for line in found]
    columns = [
        Side("item", label=_("Item")),
        Side("why", label=_("Why")),
        Side("wanted", label=_("Wanted")),
        Side("counts", label=_("Quantity")),
        Side("stands", label=_("State")),
    ]
    if any(row.over for row in told):
        columns.append(
            Word("over", label=_("Too much"), tone=lambda row: "bad" if row.over else "")
        )
    return Section("lines", _("Items"), table=rows(columns, told), icon="list-ul")


def _told(line: ReturnLine, strange: Sequence[str]) -> Told:
    place = line.returnable
    over = place.over_by
    return Told(
        item=_stacked(
            line.sku,
            plain(line.description, 120),
            _("Order %(order)s") % {"order": place.order.number},
            _("Delivery %(number)s") % {"number": line.delivery} if line.delivery else "",
        ),
        why=_why(line, strange),
        wanted=_stacked(line.get_outcome_display(), line.exchange_sku),
        counts=_counts(line),
        stands=_stacked(
            line.get_reception_display(), line.get_acceptance_display(), line.disposition
        ),
        over=_("%(count)s more than was delivered") % {"count": number(over)} if over else "",
    )


def _why(line: ReturnLine, strange: Sequence[str]) -> str:
    numbers, unknown = ", ".join(line.serials), ", ".join(strange)
    return _stacked(
        line.reason.words if line.reason else "",
        line.get_claim_display() if line.claim else "",
        line.get_condition_display() if line.condition else "",
        plain(line.text, 1000),
        _("Serial numbers: %(numbers)s") % {"numbers": numbers} if numbers else "",
        _("Not told with the delivery: %(numbers)s") % {"numbers": unknown} if unknown else "",
        _("Lot: %(lot)s") % {"lot": line.lot} if line.lot else "",
    )


def _counts(line: ReturnLine) -> str:
    """Those counters that say something."""
    told = [
        (_("asked for"), line.requested),
        (_("approved"), line.approved),
        (_("received"), line.received),
        (_("accepted"), line.accepted),
        (_("not accepted"), line.rejected),
    ]
    return "\n".join(f"{number(count)} {word}" for word, count in told if count)


def _stacked(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def photos(rma: Return) -> Section:
    found = list(rma.evidence.select_related("line"))
    return Section(
        "photos",
        _("Photos"),
        html=format_html_join(
            "\n",
            '<figure class="omsdesk-photo"><a href="{0}"><img src="{0}" alt="{1}" width="{2}"'
            ' height="{3}" loading="lazy"></a><figcaption>{1}{4}</figcaption></figure>',
            ((_url(rma, one), _caption(one), *_fitted(one), _known(one)) for one in found),
        ),
        empty=_("No photos were sent."),
        icon="image",
    )


def _url(rma: Return, photo: Evidence) -> str:
    return reverse("oms_returns:photo", args=[rma.pk, photo.key])


def _caption(photo: Evidence) -> str:
    item = photo.line.sku or photo.line.description if photo.line else ""
    return " · ".join(plain(text, 80) for text in (item, photo.name) if text) or _("Photo")


def _fitted(photo: Evidence, longest: int = 240) -> tuple[int, int]:
    shrunk = min(1.0, longest / max(photo.width, photo.height, 1))
    return max(1, round(photo.width * shrunk)), max(1, round(photo.height * shrunk))


def _known(photo: Evidence) -> Any:
    """The same picture was sent before: worth a look."""
    numbers = sorted(set(alike(photo).values_list("rma__number", flat=True)))
    if not numbers:
        return ""
    words = ngettext(
        "The same photo is on return %(numbers)s.",
        "The same photo is on returns %(numbers)s.",
        len(numbers),
    )
    return format_html("<br><strong>{}</strong>", words % {"numbers": ", ".join(numbers)})


def parcels(rma: Return, *, decides: bool, prints: bool) -> Section:
    """``decides``: whether who looks at it may have a label made anew; ``prints``: print it."""
    columns = [
        Text("code", label=_("Parcel")),
        Word("state", label=_("State"), accessor=lambda parcel: parcel.get_state_display()),
        Text("label", label=_("Label"), accessor=_label),
        Text("until", label=_("Valid until"), accessor=_until),
        Text("tracking_number", label=_("Tracking number")),
        Text("trouble", label=_("Trouble"), accessor=_trouble),
        Text("prints", label=_("Downloaded"), accessor=_prints),
    ]
    if decides:
        told = _("If it is no good")
        columns.append(Title("again", label=told, accessor=_again, get_url=_again_url))
    printed = reverse("oms_returns:labels", query={"numbers": rma.number})
    found = list(rma.parcels.prefetch_related("labels__prints"))
    if any(parcel.outward for parcel in found):
        columns.insert(1, Text("way", label=_("Way"), accessor=_way))
    return Section(
        "parcels",
        _("Parcels and labels"),
        table=rows(columns, found),
        empty=_("No parcel is on its way and no label was made."),
        more=(printed, _("Print the labels")) if prints else None,
        icon="tag",
    )


def _way(parcel: ReturnParcel) -> str:
    return _("back to the customer") if parcel.outward else _("to us")


def _newest(parcel: ReturnParcel) -> Label | None:
    labels = sorted(parcel.labels.all(), key=lambda label: label.version)
    return labels[-1] if labels else None


def _label(parcel: ReturnParcel) -> str:
    label = _newest(parcel)
    if label is None:
        return ""
    return _("%(state)s (version %(number)s)") % {
        "state": label.get_state_display(),
        "number": label.version,
    }


def _can_again(parcel: ReturnParcel) -> bool:
    label = _newest(parcel)
    return parcel.state == ParcelState.FAILED or (label is not None and label.state in ALIVE)


def _again(parcel: ReturnParcel) -> str:
    return _("Make it anew") if _can_again(parcel) else ""


def _again_url(parcel: ReturnParcel) -> str | None:
    return reverse("oms_returns:label_again", args=[parcel.pk]) if _can_again(parcel) else None


def _until(parcel: ReturnParcel) -> Any:
    label = _newest(parcel)
    return label.valid_until if label else None


def _trouble(parcel: ReturnParcel) -> str:
    label = _newest(parcel)
    return parcel.trouble or (label.trouble if label else "")


def _prints(parcel: ReturnParcel) -> str:
    count = sum(len(label.prints.all()) for label in parcel.labels.all())
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": count}
