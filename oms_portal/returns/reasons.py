"""Why something can't be returned, was refused or ended: codes and plain words for customers."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _


Words = Mapping[str, str | Lazy]

# Why a wish, or a verb on a return, was not carried out.
REFUSED: Words = {
    "nothing": _("Please choose at least one item."),
    "not_allowed": _("You may not return this."),
    "not_offered": _("This can’t be returned online. Please ask us."),
    "invalid": _("This could not be read. Please open the form again."),
    "unknown_order": _("One of these orders can’t be found."),
    "unknown_line": _("One of these items is no longer in the order."),
    "unknown_delivery": _("One of these deliveries no longer exists."),
    "unknown_reason": _("Please choose a reason."),
    "unknown_place": _("This place is no longer available. Please choose another."),
    "unknown_address": _("This address is no longer in the book."),
    "not_goods": _("Charges and notes can’t be returned."),
    "twice": _("One item is listed twice."),
    "companies": _("Orders of different companies can’t go into one return."),
    "ship_tos": _("Goods from different addresses can’t go into one return."),
    "currencies": _("Orders in different currencies can’t go into one return."),
    "destinations": _("These goods go to different places. Please make a return for each of them."),
    "sources": _("These orders can’t go into one return."),
    "too_many": _("These are too many items for one return."),
    "quantity": _("Please enter how many you return: more than none."),
    "whole": _("Please enter a whole number."),
    "too_fine": _("Please enter fewer decimals."),
    "short": _("Fewer of these can still be returned than you entered."),
    "reason": _("Please choose a reason."),
    "condition": _("Please say what condition it is in."),
    "outcome": _("Please choose what you would like to happen."),
    "exchange": _("Please say which item you would like instead."),
    "text": _("Please describe what is wrong."),
    "serials": _("Please give the serial numbers."),
    "lot": _("Please give the lot number."),
    "photos": _("Please add the photos we ask for."),
    "photo_empty": _("This file is empty. Please choose the photo again."),
    "photo_large": _("This photo is too large: at most 10 MB fit."),
    "photo_kind": _("This is no photo that we can read. Please send a JPEG, PNG or WEBP file."),
    "photo_mixed": _("This file holds something besides a photo. Please take the photo again."),
    "photo_pixels": _("This photo has too many pixels: at most 40 megapixels fit."),
    "photo_unreadable": _("This photo is damaged or incomplete. Please choose it again."),
    "photo_many": _("No more than 6 photos fit into one return."),
    "claim": _("Please say what is wrong."),
    "method": _("Please choose how you send it back."),
    "place": _("Please choose where you bring it."),
    "pickup": _("Please say when it can be picked up."),
    "pickup_day": _("Please choose a day that is still to come."),
    "pickup_time": _("Please enter the hours as a start and a later end."),
    "tracking_number": _("Please enter the tracking number."),
    "carrier": _("Please enter the name of the carrier."),
    "illegal": _("This is no longer possible: the return has moved on."),
    "gone": _("This return no longer exists."),
    "stale": _("This return has changed since you opened the page."),
    "key_reused": _("This form was already sent with something else in it. Please open it again."),
    "being_edited": _("A colleague of yours is changing this return right now."),
    "reply": _("Please write an answer."),
    "question": _("Please write the question."),
    "decline_reason": _("Please say why."),
    "nothing_came": _("Nothing of this return was scanned or counted yet."),
    "stray_over": _("Somebody has seen to this parcel already."),
    "ended": _(
        "This return was over before its goods came. Put them aside, or let them in: then they are"
        " counted, and the ERP is told."
    ),
    "stray_why": _("Please say what became of the parcel."),
    "own": _("You decided this yourself. Somebody else must confirm it."),
    "override_reason": _("Our rules do not allow this. Please say why you allow it."),
}
# Why a return came to its end.
ENDED: Words = {
    "withdrawn": _("You withdrew it."),
    "replaced": _("You changed it: a new return takes its place."),
    "too_late": _("The goods were not handed over in time."),
    "closed_short": _("Some of the goods never arrived."),
}
# Why a line can't be returned, where no policy has words of its own.
BLOCKED: Words = {
    "no_policy": _("This can’t be returned online. Please ask us."),
    "not_delivered": _("This has not been delivered yet."),
    "window": _("The time for returning this is over."),
    "none_left": _("All of this is already on returns."),
    "final_sale": _("This was sold without the right to return it."),
    "refused": _("This can’t be returned."),
    "no_outcome": _("We don’t offer this for these goods. Please ask us."),
    "no_way": _("These goods may not be sent as a parcel. Please ask us."),
    "archived": _("This order is no longer kept."),
}
_WHATEVER = _("This is not possible.")


def words(code: str) -> str | Lazy:
    """The plain words for a code, whichever it is; a general sentence for one nobody knows, as
    the ERP's are."""
    return REFUSED.get(code) or ENDED.get(code) or BLOCKED.get(code) or _WHATEVER


def is_ours(code: str) -> bool:
    return code in REFUSED or code in ENDED or code in BLOCKED
