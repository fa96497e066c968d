"""What a request asks for, beside what is so: values, deliveries with their limits, and doubts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oms_portal.changes.models import ChangeRequest
from oms_portal.changes.reasons import NOT_OFFERED, risk, why
from oms_portal.changes.scope import aspects_in, concerned, included, values_of
from oms_portal.changes.standing import Limit, Part, Standing
from oms_portal.changes.wording import fee
from oms_portal.fragments.changing_states import aspect_word
from oms_portal.fragments.formats import moment
from oms_portal.orders.models import ShipmentStatus
from oms_portal.orders.moments import zone_of

from .change_values import Compared, cancelled, compare
from .change_words import answer_words
from .inspecting import Fact, Section, rows
from .listings import Text, Word
from .texts import plain


# A member's value is shown up to here; forms take no more.
LONGEST = 1_500


class Side(Text):
    """One side of a comparison, its lines as they are; what differs from the ERP's is marked."""

    cell_template_name = "oms_portal/desk/cells/side.html"

    def __init__(self, *args: Any, wanted: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted

    def get_value(self, instance: Any) -> Any:
        lines = str(getattr(instance, self.name)).split("\n")
        return [plain(line, LONGEST) for line in lines]

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        differs = self.wanted and instance.differs and bool(getattr(instance, self.name))
        return {**context, "differs": differs}


def contact_now(asked: ChangeRequest, standing: Standing) -> str:
    """Whom to call: the contact until now with their phone; "" where the ERP told of none."""
    told = values_of(standing, asked)
    return ", ".join(plain(told[name]) for name in ("contact", "phone") if told.get(name))


def risks(asked: ChangeRequest, standing: Standing) -> Section:
    values = values_of(standing, asked)
    facts = [Fact(_("Risk"), str(risk(code))) for code in asked.risks]
    facts += [
        Fact(_("Contact until now"), values.get("contact") or _("none told")),
        Fact(_("Their phone"), values.get("phone") or _("none told")),
    ]
    note = _("Call the contact until now before you approve, not the new one.")
    return Section("risks", _("Why somebody should look"), facts, note=note, icon="warning")


def values(asked: ChangeRequest, standing: Standing, zone: tzinfo) -> Section:
    """The comparison; only sides that say something have a column."""
    columns = [
        Text("label", label=_("What")),
        Side("now", label=_("In the ERP now") if asked.is_open else _("In the ERP before")),
        Side("asked", label=pgettext("what is wished for", "Asked for"), wanted=not asked.approved),
    ]
    if asked.counter:
        columns.append(Side("offered", label=_("Offered instead")))
    if asked.approved:
        columns.append(Side("approved", label=_("Approved"), wanted=True))
    as_asked = asked.risks and asked.command_id and not asked.approved
    return Section(
        "values",
        _("What is asked"),
        facts=_told_beside(asked),
        table=rows(columns, list(_compared(asked, standing, zone))),
        note=_("Approved as asked for.") if as_asked else "",
        icon="list-ul",
    )


def _told_beside(asked: ChangeRequest) -> list[Fact]:
    offer = asked.counter or {}
    return [
        Fact(_("Offered, in words"), str(offer.get("text") or "")),
        Fact(_("Offered for a fee"), fee(offer)),
        Fact(_("Answer"), answer_words(asked)),
    ]


def _compared(asked: ChangeRequest, standing: Standing, zone: tzinfo) -> Iterator[Compared]:
    if lines := asked.requested.get("cancel"):
        names = {
            line.ref: f"{line.number} · {plain(line.description, 80)}"
            for line in asked.order.lines.filter(ref__in=[told["line_ref"] for told in lines])
        }
        yield from cancelled(lines, asked.before.get("cancel") or (), names)
    now = values_of(standing, asked)
    # What is over is compared with what was so when it was asked for.
    told = {**asked.before, **now} if asked.is_open else {**now, **asked.before}
    yield from compare(told, asked.requested, asked.approved, asked.counter, zone)


def deliveries(asked: ChangeRequest, standing: Standing) -> Section:
    kept = {part.thread for part in included(standing, asked)}

    def is_kept(part: Part) -> bool:
        return part.thread in kept

    columns = [
        Text(
            "number",
            label=_("Delivery"),
            accessor=lambda part: part.number or _("In no delivery yet"),
        ),
        Text("status", label=_("State"), accessor=_status),
        Text("lines", label=_("Lines"), accessor=lambda part: ", ".join(part.lines)),
        Word(
            "kept",
            label=_("With this change"),
            accessor=lambda part: _("changed") if is_kept(part) else _("left out"),
            tone=lambda part: "ok" if is_kept(part) else "warn",
        ),
        Text("limits", label=_("Limits now"), accessor=lambda part: _limits(asked, part, standing)),
    ]
    return Section(
        "scope",
        _("What it is about: %(scope)s") % {"scope": asked.get_scope_display()},
        table=rows(columns, list(concerned(standing, asked))),
        empty=_("This delivery no longer exists."),
        icon="site",
    )


def _status(part: Part) -> str:
    return str(ShipmentStatus(part.status).label) if part.thread else ""


def _limits(asked: ChangeRequest, part: Part, standing: Standing) -> str:
    zone = zone_of(part.zone or standing.zone)
    shut = Limit(open=False, reason=NOT_OFFERED)
    told = {
        aspect: part.limits[aspect] if aspect in standing.aspects else shut
        for aspect in sorted(aspects_in(asked.requested))
    }
    return " · ".join(f"{aspect_word(aspect)}: {_limit(told[aspect], zone)}" for aspect in told)


def _limit(limit: Limit, zone: tzinfo) -> str:
    if not limit.open:
        return str(why(limit))
    if limit.until is None:
        return _("until it is picked")
    return _("until %(time)s") % {"time": moment(limit.until, zone)}
