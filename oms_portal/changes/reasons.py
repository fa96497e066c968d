"""Why something can't be changed, was not carried out, or is looked at first: codes and words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from .cutoffs import Limit


Words = Mapping[str, str | Lazy]
NOT_OFFERED = "not_offered"

# Why a delivery, or all of an order, can't be changed any more.
CLOSED: Words = {
    "picking": _("It is already being picked."),
    "packed": _("It has already been packed."),
    "dispatched": _("It has left our warehouse."),
    "delivered": _("It has been delivered."),
    "ready_for_pickup": _("It is ready for you to collect."),
    "collected": _("It has been collected."),
    "returned_to_sender": _("It came back to us."),
    "cancelled": _("It was cancelled."),
    "unknown": _("It is already being worked on."),
    "past": _("The time for changes is over."),
    "closed": _("It can no longer be changed here."),
    "order_cancelled": _("This order was cancelled."),
    "order_delivered": _("Everything in this order has been delivered."),
    "order_closed": _("This order is completed."),
    "order_archived": _("This order is no longer kept."),
    NOT_OFFERED: _("This can’t be changed online."),
}
# Why a wish, or a verb on a request, was not carried out.
REFUSED: Words = {
    "nothing": _("You have not changed anything."),
    "not_allowed": _("You may not change this."),
    "new_address": _("You may only choose an address from the book."),
    "approved_only": _("Your company only has goods sent to addresses from its book."),
    "address": _("Please check the address."),
    "unknown_address": _("This address is no longer in the book."),
    "unknown_delivery": _("This delivery no longer exists."),
    "unknown_line": _("One of these items is no longer in the order."),
    "unknown_place": _("This pick-up place is no longer available."),
    "quantity": _("You can’t cancel more than is left."),
    "unchosen": _("Please say which address you mean."),
    "invalid": _("This could not be read. Please open the form again."),
    "date_unreal": _("Please enter a date."),
    "date_far": _("This date is too far away."),
    "date_order": _("The last day can’t be before the first."),
    "date_past": _("Please choose a day that is still to come."),
    "expired": _("The time for this change ran out before it was carried out."),
    "illegal": _("This is no longer possible: the request has moved on."),
    "stale": _("Somebody was faster: the order has changed since you opened this page."),
    "key_reused": _("This form was already sent with something else in it. Please open it again."),
    "too_late_to_withdraw": _("It is already on its way to be carried out."),
    "under_way": _("It is just being passed on. Please look again in a minute."),
    "empty_offer": _("Nothing is offered here, or some of it could not be read."),
    "declined": _("You did not want the other offer."),
    "unclear_offer": _("We are looking at what else is possible."),
    "uncertain": _("We do not know yet whether it was carried out. We are finding out."),
    "given_up": _("We could not pass it on. The order stays as it was."),
    "given_up_unsure": _("We could not find out whether it was carried out. Please call us."),
    "dead": _("We could not pass it on."),
    "undelivered": _("We could not pass it on in time."),
}
# Why a person looks at a request before it is passed on; said to staff.
RISKS: Words = {
    "new_country": _("Goes to another country"),
    "po_box": _("Goes to a PO box"),
    "value_above": _("High order value"),
    "contact_and_address": _("Contact and address change together"),
    "new_address": _("Goes to an address that is not in the book"),
}
_WHATEVER = _("This is not possible.")


def words(code: str) -> str | Lazy:
    """The plain words for a code, whichever it is; a general sentence for one nobody knows."""
    return CLOSED.get(code) or REFUSED.get(code) or _WHATEVER


def why(limit: Limit) -> str | Lazy:
    """Why something is closed: staff's own words where their rule has some."""
    return limit.words or words(limit.reason)


def risk(code: str) -> str | Lazy:
    return RISKS.get(code, code)
