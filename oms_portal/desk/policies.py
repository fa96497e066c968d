"""Who of the staff may do what: rules that Wagtail's admin asks and its group editor shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from oms_portal.changes.models import ChangeRequest, RiskPolicy
from oms_portal.customers.models import Company, Invitation, Membership
from oms_portal.erp.models import InboundEvent, Source
from oms_portal.erp.outbox.models import Command
from oms_portal.notifications.models import Alert
from oms_portal.orders.models import Order, Shipment
from oms_portal.returns.models import Return
from oms_portal.words.models import UnknownCode


class ReadModelPolicy(ModelPermissionPolicy):
    """Rows are looked at by those who may "view" them; besides, only the ``verbs`` named here
    exist: whoever is not in the list is nobody's right, a superuser's neither."""

    def __init__(self, model: type[Model], *verbs: str) -> None:
        super().__init__(model)
        self.verbs = frozenset({"view", *verbs})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.verbs and super().user_has_permission(user, action)

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        return super().users_with_any_permission(self.verbs & set(actions))

    def permissions(self) -> QuerySet[Permission]:
        """What the group editor offers for the model."""
        return Permission.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            codename__in=self._get_permission_codenames(self.verbs),
        )


POLICIES: dict[type[Model], ReadModelPolicy] = {
    model: ReadModelPolicy(model, *verbs)
    for model, verbs in {
        Company: (),
        Membership: (),
        Order: (),
        Shipment: (),
        # "add" invites, "change" takes back and sends again.
        Invitation: ("add", "change"),
        InboundEvent: ("replay",),
        # Whoever holds a secret or a key is the source, so "change" is not enough to make one.
        Source: ("add", "change", "handout"),
        UnknownCode: (),
        RiskPolicy: ("change",),
        ChangeRequest: ("decide",),
        # "lead" stands above the rules: it allows what they refuse, and confirms as a second person.
        Return: ("decide", "receive", "inspect", "lead"),
        # "replay" also gives up: both decide what becomes of a customer's wish.
        Command: ("replay",),
        # "change" takes up and finishes.
        Alert: ("change",),
    }.items()
}

# Whoever only looks at returns prints nothing: each print stays in the log.
PRINTING = ("receive", "inspect", "decide")


def register() -> None:
    """Before anything else asks Wagtail for the policy of one of these models."""
    for model, policy in POLICIES.items():
        register_permission_policy(model, policy)


def may_print(user: Any) -> bool:
    return any(may(user, verb, Return) for verb in PRINTING)


def may(user: Any, verb: str, model: type[Model]) -> bool:
    """Whether this person may come into the admin at all, and do ``verb`` to rows of ``model``."""
    return bool(user.has_perm("wagtailadmin.access_admin")) and POLICIES[model].user_has_permission(
        user, verb
    )
