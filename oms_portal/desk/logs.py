"""What staff did here, as it stands in Wagtail's own history. Nothing secret ever goes into it."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter, log

from .texts import plain


# Label and sentence of each action; the sentence is filled from the entry's data.
ACTIONS: dict[str, tuple[Any, Any]] = {
    "replay": (
        gettext_lazy("Replay an event"),
        gettext_lazy("Replayed; it came out as: %(state)s"),
    ),
    "invite": (gettext_lazy("Invite"), gettext_lazy("Invited %(email)s as %(role)s")),
    "revoke_invitation": (
        gettext_lazy("Take an invitation back"),
        gettext_lazy("Took the invitation of %(email)s back"),
    ),
    "resend_invitation": (
        gettext_lazy("Send an invitation again"),
        gettext_lazy("Sent %(email)s a new invitation"),
    ),
    "send_again": (
        gettext_lazy("Send a wish to the ERP again"),
        gettext_lazy("Sent the wish for order %(order)s again"),
    ),
    "give_up": (
        gettext_lazy("Give a wish up"),
        gettext_lazy("Gave the wish for order %(order)s up: %(reason)s"),
    ),
    "take_alert": (gettext_lazy("Take an alert up"), gettext_lazy("Took it up")),
    "take_over_alert": (
        gettext_lazy("Take an alert over"),
        gettext_lazy("Took it over from %(owner)s"),
    ),
    "finish_alert": (gettext_lazy("Finish an alert"), gettext_lazy("Finished it: %(note)s")),
    "move_rule": (gettext_lazy("Move a rule"), gettext_lazy("Moved to place %(place)s")),
    "approve_change": (
        gettext_lazy("Approve a change request"),
        gettext_lazy("Approved what %(customer)s asked for order %(order)s: %(reason)s"),
    ),
    "counter_change": (
        gettext_lazy("Answer a change request with an offer"),
        gettext_lazy("Offered %(customer)s something else for order %(order)s: %(reason)s"),
    ),
    "reject_change": (
        gettext_lazy("Reject a change request"),
        gettext_lazy("Rejected what %(customer)s asked for order %(order)s: %(reason)s"),
    ),
    "retry_change": (
        gettext_lazy("Pass a change request on again"),
        gettext_lazy("Passed on again what %(customer)s asked for order %(order)s"),
    ),
    "approve_return": (
        gettext_lazy("Approve a return"),
        gettext_lazy("Approved return %(number)s of %(customer)s: %(reason)s"),
    ),
    "vouch_return": (
        gettext_lazy("Ask a second person to allow a return"),
        gettext_lazy(
            "Asked a second person to allow return %(number)s of %(customer)s: %(reason)s"
        ),
    ),
    "override_return": (
        gettext_lazy("Allow a return against the rules"),
        gettext_lazy("Allowed return %(number)s of %(customer)s all the same: %(reason)s"),
    ),
    "decline_return": (
        gettext_lazy("Decline a return"),
        gettext_lazy("Declined return %(number)s of %(customer)s: %(reason)s"),
    ),
    "ask_return": (
        gettext_lazy("Ask about a return"),
        gettext_lazy("Asked about return %(number)s of %(customer)s: %(reason)s"),
    ),
    "close_return": (
        gettext_lazy("Close a return"),
        gettext_lazy("Closed return %(number)s of %(customer)s: %(reason)s"),
    ),
    "judge_goods": (
        gettext_lazy("Judge goods that came back"),
        gettext_lazy("Judged %(quantity)s of %(item)s on return %(number)s: %(what)s: %(reason)s"),
    ),
    "unjudge_goods": (
        gettext_lazy("Take a verdict back"),
        gettext_lazy("Took a verdict on %(item)s of return %(number)s back: %(reason)s"),
    ),
    "second_goods": (
        gettext_lazy("Confirm a verdict"),
        gettext_lazy("Confirmed the verdict on %(item)s of return %(number)s"),
    ),
    "send_decision": (
        gettext_lazy("Send to the ERP again what was decided"),
        gettext_lazy("Sent to the ERP again what was decided about return %(number)s"),
    ),
    "reissue_label": (
        gettext_lazy("Make a return label anew"),
        gettext_lazy("Had label %(parcel)s of return %(number)s made anew: %(reason)s"),
    ),
    "create_secret": (gettext_lazy("Create a secret"), gettext_lazy("Created secret %(id)s")),
    "rotate_secret": (
        gettext_lazy("Rotate secrets"),
        gettext_lazy("Created secret %(id)s; the older ones end within %(hours)s hours"),
    ),
    "revoke_secret": (gettext_lazy("Revoke a secret"), gettext_lazy("Revoked secret %(id)s")),
    "create_key": (gettext_lazy("Create a key"), gettext_lazy("Created key %(prefix)s")),
    "rotate_key": (
        gettext_lazy("Rotate a key"),
        gettext_lazy("Created key %(prefix)s; %(old)s ends within %(hours)s hours"),
    ),
    "revoke_key": (gettext_lazy("Revoke a key"), gettext_lazy("Revoked key %(prefix)s")),
    "count_return": (
        gettext_lazy("Finish counting a return"),
        gettext_lazy("Said that return %(number)s is counted"),
    ),
    "match_stray": (
        gettext_lazy("Match an unknown parcel"),
        gettext_lazy("Said that %(number)s belongs to return %(rma)s"),
    ),
    "close_stray": (
        gettext_lazy("Close an unknown parcel"),
        gettext_lazy("Closed %(number)s: %(reason)s"),
    ),
}


class Sentence(LogFormatter):
    said: Any = ""

    def format_message(self, log_entry: Any) -> str:
        try:
            told = {key: plain(value) for key, value in log_entry.data.items()}
            return str(self.said) % told
        except (KeyError, TypeError, AttributeError):
            return _("Done")


def register(actions: Any) -> None:
    for name, (label, said) in ACTIONS.items():
        kind = type(f"{name}_sentence", (Sentence,), {"label": label, "said": said})
        actions.register_action(f"oms_portal.{name}")(kind)


def note(row: Model, action: str, user: Any, **data: Any) -> None:
    """Write down that ``user`` did one of ACTIONS to ``row``."""
    log(instance=row, action=f"oms_portal.{action}", user=user, data=data, title=plain(row))
