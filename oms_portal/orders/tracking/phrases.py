"""The words for details of scans, and for problems: why, and what happens next."""

from __future__ import annotations

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


Words = str | Lazy

DETAILS: dict[str, Words] = {
    "customs": _("with customs"),
    "address": _("the address could not be found"),
    "refused": _("it was refused at the door"),
    "damaged": pgettext_lazy("what happened to a delivery", "damaged"),
    "weather": _("held up by the weather"),
    "held": _("held by the carrier"),
    "redirected": _("sent on to another address"),
    "rescheduled": _("a new day was agreed"),
    "lost": _("it can’t be found"),
}
_CARRIER_GOES_ON = _("The carrier goes on by itself; you need not do anything.")
_WE_ASK = _("We ask the carrier and come back to you.")

# By detail, else by the word alone: why, and the next step with who takes it.
PROBLEMS: dict[str, tuple[Words, Words]] = {
    "attempt_failed": (
        _("The carrier could not deliver."),
        _("The carrier tries again on the next working day. Please see that somebody is there."),
    ),
    "exception": (_("The carrier reports a problem."), _WE_ASK),
    "returning": (
        _("The parcel is on its way back to us."),
        _("We get in touch about a new delivery."),
    ),
    "returned": (_("The parcel came back to us."), _("We get in touch about a new delivery.")),
    "expired": (_("The carrier no longer reports on this parcel."), _WE_ASK),
    "customs": (
        _("Customs is looking at the parcel."),
        _("The carrier clears it. We call you if papers are missing."),
    ),
    "address": (
        _("The carrier could not find the address."),
        _("Please check the delivery address and tell us what is wrong with it."),
    ),
    "refused": (
        _("The parcel was refused at the door."),
        _("Please tell us whether it should be brought again."),
    ),
    "damaged": (
        _("The parcel was damaged."),
        _("Please keep the packing and tell us what is broken."),
    ),
    "weather": (_("The weather holds the parcel up."), _CARRIER_GOES_ON),
    "held": (_("The carrier holds the parcel."), _WE_ASK),
    "redirected": (_("The parcel was sent on to another address."), _CARRIER_GOES_ON),
    "rescheduled": (_("The carrier agreed on a new day."), _CARRIER_GOES_ON),
    "lost": (_("The carrier can’t find the parcel."), _("We look into it and come back to you.")),
}
