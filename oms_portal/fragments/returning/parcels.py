"""The parcels of a return and their labels: what to print, what to show, until when it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.orders.locales import isolated
from oms_portal.orders.moments import zone_of
from oms_portal.returns import papers, proving
from oms_portal.returns.kinds import LabelState, Method, ParcelState
from oms_portal.returns.labels.sizes import SIZES
from oms_portal.returns.life import is_alive
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import Label, ReturnParcel

from ..formats import NOTHING, day_stamp, stamp
from ..marking import marked
from ..shown import Chip
from . import shown
from .chips import label_chip, outward_chip, parcel_chip
from .codes import code_of
from .data import Dossier


# The sizes that a label is offered in beside the usual one, and that of label printers.
_SIZES, _ROLL = ("4x6", "100x150", "a6", "a4", "letter"), "4x6"
_GONE = (ParcelState.HANDED_OVER, ParcelState.IN_TRANSIT, ParcelState.DELIVERED, ParcelState.LOST)
# What to do with a label that no longer holds.
_ENDED: Mapping[str, str | Lazy] = {
    LabelState.USED: gettext_lazy("This label was scanned. It can’t be used again."),
    LabelState.VOIDED: gettext_lazy(
        "This label is void. Please throw it away if you have printed it."
    ),
    LabelState.EXPIRED: gettext_lazy(
        "This label is too old to be used. Please ask us for a new one."
    ),
    LabelState.SUPERSEDED: gettext_lazy("There is a newer label. Please use that one only."),
}


_PAPERS: Mapping[str, str | Lazy] = {
    "slip": gettext_lazy("Packing slip (PDF)"),
    "cn22": gettext_lazy("Customs form CN22 (PDF)"),
    "cn23": gettext_lazy("Customs form CN23 (PDF)"),
}


def show_parcels(dossier: Dossier, now: datetime) -> list[shown.Parcel]:
    """None where nothing is sent."""
    if not dossier.rma.is_goods_back:
        return []
    of = len(dossier.parcels)
    return [
        _parcel(dossier.rma, parcel, dossier.labels.get(parcel.pk), now, of=of)
        for parcel in dossier.parcels
    ]


def _parcel(
    rma: Return, parcel: ReturnParcel, label: Label | None, now: datetime, *, of: int
) -> shown.Parcel:
    usable = label is not None and is_alive(label, now)
    qr = _code(parcel, label) if label and usable else None
    return shown.Parcel(
        title=_title(parcel, of),
        code=parcel.code,
        tracking=parcel.tracking_number if parcel.tracking_number != parcel.code else "",
        chip=_chip(parcel, label),
        note="" if usable else _note(parcel, label),
        until=_until(rma, label) if label and usable else NOTHING,
        main=_main(rma, parcel, label) if label and usable else None,
        others=list(_others(rma, parcel, label)) if label and usable else [],
        papers=list(_papers(rma, parcel, label)) if label and usable else [],
        qr=qr,
        qr_open=rma.method == Method.QR,
        arrived=_arrived(rma, parcel),
    )


def _arrived(rma: Return, parcel: ReturnParcel) -> SafeString:
    """When our desk scanned it, and that it was damaged."""
    if parcel.arrived_at is None:
        return NOTHING
    words = _("It reached us on %(when)s.")
    if parcel.damaged:
        words = _("It reached us on %(when)s, damaged.")
    return marked(words, when=stamp(parcel.arrived_at, zone_of(rma.company.time_zone)))


def show_outward(dossier: Dossier) -> list[shown.Outward]:
    """Parcels with goods that we send back."""
    sent = [parcel for parcel in dossier.outward if parcel.state != ParcelState.VOIDED]
    return [
        shown.Outward(
            title=_outward_title(n, len(sent)),
            tracking=parcel.tracking_number,
            chip=outward_chip(parcel.state),
        )
        for n, parcel in enumerate(sent, 1)
    ]


def _outward_title(n: int, of: int) -> str:
    if of == 1:
        return _("Parcel to you")
    return _("Parcel %(n)s of %(total)s to you") % {"n": n, "total": of}


def _title(parcel: ReturnParcel, of: int) -> str:
    if of == 1:
        return _("Your parcel")
    return _("Parcel %(n)s of %(total)s") % {"n": parcel.sequence, "total": of}


def _chip(parcel: ReturnParcel, label: Label | None) -> Chip:
    """The label's state until the parcel leaves, then the parcel's; it arrived when our desk says
    so."""
    if parcel.arrived_at:
        return parcel_chip(ParcelState.DELIVERED)
    if label is None or parcel.state in _GONE or parcel.state == ParcelState.FAILED:
        return parcel_chip(parcel.state)
    return label_chip(label.state)


def _note(parcel: ReturnParcel, label: Label | None) -> str:
    """Why there is no label to be had, and what to do."""
    if parcel.state in _GONE or parcel.arrived_at:
        return ""
    if parcel.state == ParcelState.FAILED:
        return _("The label could not be made. We are looking into it and put it here.")
    if parcel.state == ParcelState.VOIDED:
        return str(_ENDED[LabelState.VOIDED])
    if label is None:
        return _("The label is being made and appears here by itself.")
    if label.state == LabelState.READY:
        return _("The label is being checked and appears here by itself.")
    # Proven, and yet not alive: its last day is over.
    return str(_ENDED.get(label.state, _ENDED[LabelState.EXPIRED]))


def _until(rma: Return, label: Label) -> SafeString:
    if label.valid_until is None:
        return NOTHING
    zone = zone_of(rma.company.time_zone)
    return marked(_("Valid until %(date)s."), date=day_stamp(label.valid_until, zone))


def _url(rma: Return, parcel: ReturnParcel, template: str, media: str, **query: Any) -> str:
    args = [rma.number, parcel.sequence, template, media]
    return reverse("oms_portal:label", args=args, query=query or None)


def _usual(rma: Return, template: str) -> str:
    """The paper that an office printer where it is sent from takes."""
    return papers.usual_size(template, str(rma.sender.get("country", "")))


def _main(rma: Return, parcel: ReturnParcel, label: Label) -> shown.Way:
    """The one file that most people want."""
    if label.media_type:
        ending = papers.FORMATS.get(label.media_type, papers.PDF)
        return shown.Way(_("Download the label"), _url(rma, parcel, "return", ending))
    template = "qr" if rma.method == Method.QR else "return"
    words = _("Download the code (PDF)") if template == "qr" else _("Download the label (PDF)")
    return shown.Way(words, _url(rma, parcel, template, "pdf", size=_usual(rma, template)))


def _others(rma: Return, parcel: ReturnParcel, label: Label) -> Iterator[shown.Way]:
    """The same label in other sizes, and for label printers; of a carrier's own there is one."""
    if label.media_type:
        return
    usual = "" if rma.method == Method.QR else _usual(rma, "return")
    for size in _SIZES:
        if size != usual:
            words = _("Label, %(size)s (PDF)") % {"size": isolated(str(SIZES[size].name))}
            yield shown.Way(words, _url(rma, parcel, "return", "pdf", size=size))
    yield shown.Way(_("Label as a picture (PNG)"), _url(rma, parcel, "return", "png", size=_ROLL))
    for dpi in papers.DPIS:
        words = _("Label for a label printer (ZPL, %(dpi)s dpi)") % {"dpi": dpi}
        yield shown.Way(words, _url(rma, parcel, "return", "zpl", size=_ROLL, dpi=dpi))


def _papers(rma: Return, parcel: ReturnParcel, label: Label) -> Iterator[shown.Way]:
    """What goes into the parcel, and onto it where it crosses a border."""
    forms = proving.customs_forms(label)
    for template, words in _PAPERS.items():
        if template in forms or template not in papers.CUSTOMS:
            size = _usual(rma, template)
            yield shown.Way(str(words), _url(rma, parcel, template, "pdf", size=size))


def _code(parcel: ReturnParcel, label: Label) -> shown.Code | None:
    """What the label's own QR code says; the parcel's number where it has none."""
    told = (code.get("text") for code in label.codes if code.get("symbology") == "QRCode")
    text = next(filter(None, told), "") or parcel.code
    try:
        return code_of(text)
    except ValueError:
        return None
