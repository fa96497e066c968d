"""Drafts: what a return asks for so far, all answers kept, nothing reserved; its author's alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from re import fullmatch
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError
from django.db.models import F

from oms_portal.customers.access import Actor
from oms_portal.erp.inbox import writing
from oms_portal.orders.models import Order, OrderLine, Shipment

from . import evidence, history, numbers, quantities
from .holding import Held, hold, hold_orders, of
from .ledger import open_lines
from .models import Return, ReturnableLine, ReturnLine
from .moving import By, record, require, say
from .reading import Read, read_wish
from .refusals import KeyReused, Refused
from .rights import known_event, require_author
from .wishes import Wish, WishLine


Place = tuple[str, str, str]
# What a line of a draft keeps as it was entered.
_ANSWERS = ("claim", "condition", "text", "lot", "outcome", "exchange_sku")


def save_draft(
    user: AbstractBaseUser,
    actor: Actor,
    wish: Wish,
    *,
    draft: Return | None,
    form_key: str,
    now: datetime,
) -> Return:
    """Keep the wish as a draft of this person, a new one or ``draft`` with all of its answers
    replaced. The same ``form_key`` again gives what it gave before, or KeyReused."""
    check_key(form_key)
    if actor.user_id is None or actor.user_id != user.pk:
        raise Refused("not_allowed")
    if draft is None and (known := _made_before(user, form_key, wish)):
        return known
    read = read_wish(wish, actor, now)
    if draft is not None:
        return _rewrite(draft, user, read, By("customer", user, key=form_key), now)
    try:
        with writing():
            return _begin(user, read, form_key, now)
    except IntegrityError:
        if known := _made_before(user, form_key, wish):
            return known
        raise


def discard(draft: Return, user: AbstractBaseUser) -> None:
    """Forget a draft; one that is no more is forgotten."""
    with writing():
        try:
            held = hold(draft)
        except Refused:
            return
        require_author(held.rma, user)
        require(held.rma, "discard")
        say(held.rma)
        evidence.forget(held.rma)
        held.rma.delete()


def check_key(key: str) -> None:
    if not fullmatch(r"[\x21-\x7e]{8,64}", key):
        raise Refused("invalid")


def _made_before(user: AbstractBaseUser, form_key: str, wish: Wish) -> Return | None:
    """The draft that this form began, whatever became of it since."""
    known = Return.objects.filter(requested_by=user.pk, form_key=form_key).first()
    if known is None:
        return None
    begun = known.events.filter(verb="begin").first()
    if begun is None or begun.sets["rma"].get("form_digest") != wish.digest:
        raise KeyReused
    return known


def _begin(user: AbstractBaseUser, read: Read, form_key: str, now: datetime) -> Return:
    orders = hold_orders(order.pk for order in read.orders.values())
    places = _open(orders, read)
    rma = Return(requested_by_id=user.pk, form_key=form_key, created_at=now, **read.columns)
    numbers.insert(rma)
    held = Held(rma, orders)
    _write_lines(held, read, places)
    tell_begun(held, By("customer", user, key=form_key), now)
    return rma


def tell_begun(held: Held, by: By, now: datetime) -> None:
    """The first event of a return: all of its columns."""
    rma = held.rma
    lines = list(rma.lines.all())
    whole = history.row_of(rma, lines)
    record(rma, "begin", by, now, whole["rma"], whole["lines"])
    say(rma)


def _rewrite(draft: Return, user: AbstractBaseUser, read: Read, by: By, now: datetime) -> Return:
    with writing():
        orders = hold_orders({order.pk for order in read.orders.values()} | _known(draft))
        rma = Return.objects.select_for_update(of=("self",), no_key=True).get(pk=draft.pk)
        held = of(rma, orders)
        require_author(rma, user)
        if known_event(rma, "save", by, str(read.columns["form_digest"])):
            return rma
        require(rma, "save")
        before = history.row_of(rma, held.lines)
        columns = dict(read.columns)
        Return.objects.filter(pk=rma.pk).update(version=F("version") + 1, **columns)
        for name, value in columns.items():
            setattr(rma, name, value)
        rma.version += 1
        held.orders |= orders
        _write_lines(held, read, _open(orders, read))
        after = history.row_of(rma, rma.lines.all())
        gone: dict[str, Any] = dict.fromkeys(before["lines"].keys() - after["lines"].keys())
        digest = str(columns["form_digest"])
        record(rma, "save", by, now, after["rma"], {**gone, **after["lines"]}, digest)
        say(rma)
        return rma


def _known(draft: Return) -> set[int]:
    rows = ReturnLine.objects.filter(rma=draft.pk)
    return set(rows.values_list("returnable__order_id", flat=True))


def _open(orders: Mapping[int, Order], read: Read) -> dict[Place, ReturnableLine]:
    """The ledger's rows of the wish's lines, by their places."""
    found: dict[Place, ReturnableLine] = {}
    for order in orders.values():
        wanted = [(line.line_ref, line.thread) for line in read.lines if line.order == order.slug]
        if wanted:
            rows = open_lines(order, wanted)
            found |= {(order.slug, ref, thread): row for (ref, thread), row in rows.items()}
    return found


def _write_lines(held: Held, read: Read, places: Mapping[Place, ReturnableLine]) -> None:
    """The lines as they are now: those that stay keep their names and photos."""
    goods, deliveries = _goods(held.orders.values()), _deliveries(held.orders.values())
    counts = _counted(read, places, goods)
    kept = {line.returnable_id: line for line in held.lines}
    wanted = {places[line.place].pk for line in read.lines}
    for pk, line in kept.items():
        if pk not in wanted:
            evidence.forget(line)
            line.delete()
    last = max((int(line.ref) for line in held.lines), default=0)
    for wish in read.lines:
        place = places[wish.place]
        row = kept.get(place.pk)
        if row is None:
            last += 1
            row = ReturnLine(rma=held.rma, returnable=place, ref=str(last))
        told = goods[place.order_id, place.line_ref]
        row.sku, row.description, row.unit = told.sku, told.description, told.unit
        row.delivery = deliveries.get((place.order_id, place.thread), "")
        row.requested = counts[wish.place]
        _answer(row, wish, read)
        row.save()


def _answer(row: ReturnLine, wish: WishLine, read: Read) -> None:
    told = asdict(wish)
    for name in _ANSWERS:
        setattr(row, name, told[name])
    row.serials = list(wish.serials)
    row.reason = read.reasons.get(wish.reason)
    row.claim = wish.claim or (row.reason.claim if row.reason else "")


def _counted(
    read: Read,
    places: Mapping[Place, ReturnableLine],
    goods: Mapping[tuple[int, str], OrderLine],
) -> dict[Place, Decimal]:
    """How many of each; Refused by the line's place in the wish."""
    slugs = {order.slug: order.pk for order in read.orders.values()}
    counts: dict[Place, Decimal] = {}
    faults: dict[str, str] = {}
    for at, wish in enumerate(read.lines):
        line, place = goods.get((slugs[wish.order], wish.line_ref)), places.get(wish.place)
        try:
            counts[wish.place] = _count(wish, line, place)
        except Refused as refused:
            faults[str(at)] = refused.code
    if faults:
        raise Refused(next(iter(faults.values())), lines=faults)
    return counts


def _count(wish: WishLine, line: OrderLine | None, place: ReturnableLine | None) -> Decimal:
    if line is None:
        raise Refused("unknown_line")
    if line.kind != OrderLine.Kind.PRODUCT:
        raise Refused("not_goods")
    if place is None:
        raise Refused("unknown_delivery")
    count = quantities.read(wish.quantity, line.unit, place.cap)
    if count > place.cap:
        raise Refused("short")
    return count


def _goods(orders: Iterable[Order]) -> dict[tuple[int, str], OrderLine]:
    rows = OrderLine.objects.filter(order__in=[order.pk for order in orders])
    columns = ("order_id", "ref", "kind", "sku", "description", "unit")
    return {(line.order_id, line.ref): line for line in rows.only(*columns)}


def _deliveries(orders: Iterable[Order]) -> dict[tuple[int, str], str]:
    """What each delivery is called, by its order and thread."""
    rows = Shipment.objects.filter(order__in=[order.pk for order in orders])
    return {
        (order, thread): number
        for order, thread, number in rows.values_list("order_id", "thread", "number")
    }
