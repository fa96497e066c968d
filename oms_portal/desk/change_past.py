"""What the customer knew of a request before it was sent."""

from __future__ import annotations

from django.utils.translation import gettext as _

from oms_portal.changes.models import ChangeRequest
from oms_portal.fragments.changing_impact import impacts

from .inspecting import Fact, Section


def told(asked: ChangeRequest) -> Section:
    return Section(
        "impact",
        _("What the customer was told before sending"),
        facts=[Fact(_("Told"), one.words) for one in impacts(asked)],
        empty=_("Nothing but that it is done as asked."),
        icon="info-circle",
    )
