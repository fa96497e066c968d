"""What a step had shown of a draft, for its form to carry; and what of it is no longer so."""

from __future__ import annotations

from django.core import signing

from oms_portal.fragments.shown_changes import Wanted
from oms_portal.returns.models import Return

from .summary import told


_SALT = "oms_portal.returns.seen"


def seal(rma: Return) -> str:
    """Signed, so that only what we wrote comes back."""
    return signing.dumps(told(rma), salt=_SALT, compress=True)


def moved_since(sealed: str, rma: Return) -> list[Wanted]:
    """Each thing that is another now, as it was and as it is."""
    now = told(rma)
    try:
        then = dict(signing.loads(sealed, salt=_SALT))
    except (signing.BadSignature, TypeError, ValueError):
        then = {}
    labels = dict.fromkeys([*then, *now])
    return [
        Wanted(label, then.get(label, []), now.get(label, []))
        for label in labels
        if then.get(label) != now.get(label)
    ]
