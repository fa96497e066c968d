"""Signed links to one version of a label, for mails and text messages: who has one needs no
password, and gets nothing else by it.

A token names the label and the person it was sent to, and is signed with the label's own key:
another key revokes all of them. It is worth what that person may see, for seven days at most.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing

from oms_portal.customers.access import actor_for, visible

from .parcels import Label


AGE = timedelta(days=7)
_SALT = "oms_portal.returns.links"
_LONGEST = 200


def token_for(label: Label, user: AbstractBaseUser) -> str:
    """A token for this label and this person, in letters that a URL bears."""
    return _signer(label).sign(f"{label.key}.{user.pk}")


def opened(token: str) -> tuple[Label, AbstractBaseUser] | None:
    """The label of a token, dead or alive, and whom it was sent to; None where it is none of ours,
    too old, revoked, or its person may no longer see the label."""
    key, _, rest = token.partition(".")
    if "\0" in token or len(token) > _LONGEST or not rest:
        return None
    rows = Label.objects.select_related("parcel__rma__company", "parcel__rma__place")
    label = rows.filter(key=key).first()
    if label is None:
        return None
    try:
        named = _signer(label).unsign(token, max_age=AGE)
    except signing.BadSignature:
        return None
    who = int(named.rpartition(".")[2])
    user = get_user_model()._default_manager.filter(pk=who, is_active=True).first()
    if user is None or not visible(actor_for(user), Label).filter(pk=label.pk).exists():
        return None
    return label, user


def _signer(label: Label) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"{_SALT}.{label.link_key}", sep=":")
