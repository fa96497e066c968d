"""What customers do about their orders: ask for a change, confirm it, take it back, answer an offer.

Each verb is one transaction under the order's row, so that an ERP event and two people queue up;
it writes the request, its event and its command together. Every refusal is one of ``refusals``.
``key`` is the form's own: the same form again does nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from re import fullmatch

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError

from oms_portal.customers.access import Actor, actor_for, can
from oms_portal.erp.inbox import writing
from oms_portal.erp.outbox import actions as outbox
from oms_portal.orders.models import Order

from . import offers
from .deciding import approve, counter_by_staff, reject, retry
from .expiry import expire
from .models import PRIVATE, ChangeRequest, RequestState
from .moving import By, again, hold, is_done, move, require
from .reading import digest_of, read_wish
from .refusals import KeyReused, Refused, Stale
from .scope import open_parts, verb_for
from .standing import standing_of
from .submitting import choose, dispatch, in_time, pass_on, start
from .wishes import Wish


__all__ = [
    "accept",
    "approve",
    "begin",
    "counter_by_staff",
    "decline",
    "expire",
    "reject",
    "retry",
    "submit",
    "withdraw",
]


APPROVED_ONLY = "approved_only"


def begin(
    user: AbstractBaseUser,
    actor: Actor,
    order: Order,
    wish: Wish,
    *,
    form_key: str,
    basis: str,
    now: datetime,
    check_first: bool = False,
) -> ChangeRequest:
    """Ask for a change. It goes on at once, unless there is something to confirm or ``check_first``:
    then it waits for ``submit``, with what it means in ``impact``.

    ``basis`` is that of the standing the form showed; another one is Stale. The same ``form_key``
    of the same person gives the request it made before, or KeyReused.
    """
    if not fullmatch(r"[\x21-\x7e]{8,64}", form_key):
        raise Refused("invalid")
    require_rights(user, actor, order, wish)
    digest = digest_of(order, wish)
    if known := _known(user, form_key, digest):
        return known
    asked = read_wish(wish, actor, order, now)
    try:
        with writing():
            held = hold(order.pk)
            if known := _known(user, form_key, digest):
                return known
            standing = standing_of(held, now)
            request = ChangeRequest(
                order=held,
                requested_by_id=user.pk,
                form_key=form_key,
                form_digest=digest,
                created_at=now,
            )
            by = By("customer", user, key=form_key)
            return start(request, asked, standing, basis, by, check_first=check_first)
    except IntegrityError:
        if known := _known(user, form_key, digest):
            return known
        raise


def submit(
    request: ChangeRequest,
    user: AbstractBaseUser,
    *,
    now: datetime,
    choices: Mapping[str, str] | None = None,
    key: str = "",
) -> ChangeRequest:
    """Send what its author has looked at. ``choices`` says what becomes of suggestions:
    {"address": the id of the one that is taken, or "keep"}. Stale where the order moved since."""

    def send(held: ChangeRequest, by: By) -> None:
        require(held, "submit")
        choose(held, choices or {})
        standing = standing_of(held.order, now)
        open_parts(standing, held)
        if standing.basis != held.basis:
            raise Stale(standing)
        told = {"requested": held.requested, "impact": held.impact}
        pass_on(held, standing, by, "submit", **told)

    return _once(request, user, "submit", key, require_author, send)


def withdraw(
    request: ChangeRequest, user: AbstractBaseUser, *, now: datetime, key: str = ""
) -> ChangeRequest:
    """Take it back, while the ERP can't have it; else Refused("too_late_to_withdraw")."""

    def take_back(held: ChangeRequest, by: By) -> None:
        under_way = held.state in (RequestState.SUBMITTED, RequestState.SENT)
        move(held, "withdraw", RequestState.WITHDRAWN, by, now)
        # Its follower finds the request withdrawn already.
        if under_way and not (held.command_id and outbox.supersede(held.command_id)):
            raise Refused("too_late_to_withdraw")

    return _once(request, user, "withdraw", key, require_author_or_right, take_back)


def accept(
    request: ChangeRequest,
    user: AbstractBaseUser,
    *,
    now: datetime,
    key: str = "",
    version: int | None = None,
) -> ChangeRequest:
    """Take the other offer: what was asked for with the offer's values goes to the ERP anew.
    ``version`` is that of the request the form showed: another offer since then is Stale."""

    def take(held: ChangeRequest, by: By) -> None:
        require(held, "accept")
        standing = standing_of(held.order, now)
        if version not in (None, held.version):
            raise Stale(standing)
        offer = held.counter or {}
        # What the ERP itself offers it can do, whatever our rules say.
        if offer.get("by") != "erp":
            open_parts(standing, held)
        held.approved = offers.merged(held.wanted, offer)
        columns = {"approved": held.approved}
        terms = offers.terms(offer)
        dispatch(held, standing, by, "accept", terms=terms, only=in_time(now), **columns)

    return _once(request, user, "accept", key, require_author_or_right, take)


def decline(
    request: ChangeRequest, user: AbstractBaseUser, *, now: datetime, key: str = ""
) -> ChangeRequest:
    """Say no to the other offer: the request is over, and the order stays as it is."""

    def refuse(held: ChangeRequest, by: By) -> None:
        move(held, "decline", RequestState.WITHDRAWN, by, now, answer_code="declined")

    return _once(request, user, "decline", key, require_author_or_right, refuse)


def _once(
    request: ChangeRequest,
    user: AbstractBaseUser,
    verb: str,
    key: str,
    entitled: Callable[[ChangeRequest, AbstractBaseUser], None],
    does: Callable[[ChangeRequest, By], None],
) -> ChangeRequest:
    """One verb of a customer, under the order's row; done already with this key, nothing more."""
    by = By("customer", user, key=key)
    with writing():
        held = again(request)
        if not is_done(held, verb, by):
            entitled(held, user)
            does(held, by)
    return held


def require_author(request: ChangeRequest, user: AbstractBaseUser) -> None:
    if user.pk is None or request.requested_by_id != user.pk:
        raise Refused("not_allowed")
    require_author_or_right(request, user)


def require_author_or_right(request: ChangeRequest, user: AbstractBaseUser) -> None:
    """Rights are looked up anew: they may have been withdrawn since the page was drawn."""
    private = request.state in PRIVATE
    if private and (user.pk is None or request.requested_by_id != user.pk):
        raise Refused("not_allowed")
    if not can(actor_for(user), verb_for(request.requested), request.order):
        raise Refused("not_allowed")


def require_rights(user: AbstractBaseUser, actor: Actor, order: Order, wish: Wish) -> None:
    """Whether these people may ask for this at all; places of the book are looked up later."""
    verb = verb_for(wish.requested)
    if actor.user_id is None or actor.user_id != user.pk or not can(actor, verb, order):
        raise Refused("not_allowed")
    if "address" not in wish.requested:
        return
    if order.company.delivery_rules.get("ship_to") == APPROVED_ONLY:
        raise Refused("approved_only")
    if not can(actor, "new_address", order):
        raise Refused("new_address")


def _known(user: AbstractBaseUser, form_key: str, digest: str) -> ChangeRequest | None:
    """The request that this form made before."""
    rows = ChangeRequest.objects.select_related("order__company", "command")
    known = rows.filter(requested_by=user.pk, form_key=form_key).first()
    if known is not None and known.form_digest != digest:
        raise KeyReused
    return known
