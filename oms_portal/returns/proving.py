"""No label is handed out before a reader has read it: each template, size and format once, and
from then on exactly those bytes."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from . import labels_data, papers
from .labels.data import LabelData
from .labels.proof import Unreadable, prove
from .labels.templates import Unprintable, fits_cn22
from .papers import Paper
from .parcels import Label, LabelProof


__all__ = ["Proven", "Unprintable", "Unreadable", "hash_of", "proven"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Proven:
    """Bytes that may be handed out; ``codes`` as (symbology, text)."""

    content: bytes
    media_type: str
    sha256: str
    codes: tuple[tuple[str, str], ...] = ()


def proven(label: Label, paper: Paper) -> Proven:
    """Draw the label and hand it over proven. What was proven before is drawn to the same bytes;
    where it is not (the portal was upgraded), it is proven anew. A carrier's file was looked at
    when it came. Takes a while the first time: to be called outside of transactions.

    Raises Unprintable and Unreadable, both with words.
    """
    if carried := carried_as(label, paper):
        return carried
    data, dress = labels_data.read(label)
    content, codes = papers.draw(paper, data, dress)
    if paper.template == "return" and data.parcel not in {text for _kind, text in codes}:
        raise Unreadable(_("The number of the parcel is not on the label."))
    found = Proven(content, paper.media_type, hashlib.sha256(content).hexdigest(), codes)
    if found.sha256 != hash_of(label, paper):
        prove(content, paper.media_type, codes)
        _remember(label, paper, found.sha256)
    return found


def hash_of(label: Label, paper: Paper) -> str:
    """Of the bytes that were proven; "" where none were yet."""
    if carried := carried_as(label, paper):
        return carried.sha256
    rows = LabelProof.objects.filter(label=label.pk, **_named(paper))
    return rows.values_list("sha256", flat=True).first() or ""


def is_offered(label: Label, paper: Paper, *, staff: bool = False) -> bool:
    """Whether there is such a paper of this label: customs papers where goods cross a border, a
    carrier's own label as it came, some for whoever receives the goods alone."""
    if paper.template in papers.STAFF and not staff:
        return False
    if label.media_type and paper.template in ("return", "qr"):
        return carried_as(label, paper) is not None
    if paper.template in papers.CUSTOMS:
        return paper.template in customs_forms(label)
    return paper.template != "sscc" or bool(label.parcel.sscc)


def customs_forms(label: Label) -> tuple[str, ...]:
    """Those of ``papers.CUSTOMS`` that its parcel may travel with."""
    data = LabelData.read(label.data["label"])
    if not labels_data.crosses_border(data.sender, data.receiver):
        return ()
    return ("cn22", "cn23") if fits_cn22(data) else ("cn23",)


def carried_as(label: Label, paper: Paper) -> Proven | None:
    """The carrier's own file, byte for byte, where that is what is asked for."""
    if label.carried is None or paper.template != "return" or label.media_type != paper.media_type:
        return None
    content = bytes(label.carried)
    return Proven(content, label.media_type, hashlib.sha256(content).hexdigest())


def _remember(label: Label, paper: Paper, sha256: str) -> None:
    now = timezone.now()
    row = LabelProof(label=label, sha256=sha256, at=now, **_named(paper))
    LabelProof.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["label", "template", "size", "format"],
        update_fields=["sha256", "at"],
    )


def _named(paper: Paper) -> dict[str, str]:
    return {"template": paper.template, "size": paper.name, "format": paper.format}
