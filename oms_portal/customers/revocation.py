"""Whatever changes what somebody may see grows the topic ``rights``, in the same transaction.

Signals, because rights also end outside our own verbs: a host's admin, a cascade, a sign-out.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_out
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.utils import timezone

from oms_portal import live

from .invitations import usable
from .models import Membership


# Fields of the host's user model whose change ends sessions or rights.
_WATCHED = ("is_active", "password")


def connect() -> None:
    """Listen; called once, when all apps are ready."""
    user_model = get_user_model()
    for signal in (post_save, post_delete):
        signal.connect(_rights_moved, sender=Membership, dispatch_uid="oms_portal.membership")
    m2m_changed.connect(
        _rights_moved, sender=Membership.ship_tos.through, dispatch_uid="oms_portal.ship_tos"
    )
    user_logged_out.connect(_rights_moved, dispatch_uid="oms_portal.logout")
    pre_save.connect(_user_saved, sender=user_model, dispatch_uid="oms_portal.user")
    pre_delete.connect(_user_deleted, sender=user_model, dispatch_uid="oms_portal.user")
    _watch_sessions()


def _watch_sessions() -> None:
    """Sessions that a person ends from the list of allauth, where a host installed that."""
    from django.apps import apps

    if apps.is_installed("allauth.usersessions"):
        session_model = apps.get_model("usersessions", "UserSession")
        post_delete.connect(_rights_moved, sender=session_model, dispatch_uid="oms_portal.session")


def _rights_moved(**kwargs: Any) -> None:
    live.changed(live.RIGHTS)


def _user_saved(
    *, sender: type[Model], instance: Model, update_fields: Any = None, raw: bool, **kwargs: Any
) -> None:
    watched = [name for name in _WATCHED if update_fields is None or name in update_fields]
    if raw or instance._state.adding or not watched:
        return
    before = sender._default_manager.filter(pk=instance.pk).values(*watched).first()
    if before and any(before[name] != getattr(instance, name) for name in watched):
        live.changed(live.RIGHTS)


def _user_deleted(*, instance: Model, **kwargs: Any) -> None:
    """Invitations outlive their inviter's row as nobody's; better they end with it."""
    usable().filter(invited_by=instance.pk).update(revoked_at=timezone.now())
    live.changed(live.RIGHTS)
