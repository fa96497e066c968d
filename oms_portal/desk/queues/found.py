"""What the desk found of a return, and all that was scanned for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oms_portal.desk.inspecting import Fact, Section, rows
from oms_portal.desk.listings import Moment, Text, Word
from oms_portal.desk.texts import plain
from oms_portal.desk.traces import person
from oms_portal.orders.locales import number
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.kinds import COUNTING, OPENING, Found, ScanResult
from oms_portal.returns.receipts.models import DeskScan, Finding, Receipt


# So many scans stand on the page, the newest first.
SHOWN = 50


def found(rma: Return) -> Section:
    receipt = Receipt.objects.filter(rma=rma.pk).first()
    columns = [
        Text("item", label=_("Item"), accessor=_item),
        Word("found", label=_("What came"), accessor=_came, tone=_came_tone),
        Text("counted", label=_("Counted"), accessor=lambda one: number(one.counted)),
        Text("damaged", label=pgettext("how many", "Damaged"), accessor=_damaged),
        Text("becomes", label=_("What becomes of it"), accessor=_becomes),
    ]
    findings = Finding.objects.filter(receipt=receipt) if receipt else Finding.objects.none()
    told = findings.select_related("line").prefetch_related("verdicts__grade")
    return Section(
        "found",
        _("What the desk found"),
        facts=list(_facts(receipt)) if receipt else (),
        table=rows(columns, list(told)),
        empty=_("Nobody has received it here yet."),
        icon="tasks",
    )


def scans(rma: Return) -> Section:
    columns = [
        Moment("at", label=_("When")),
        Text("who", label=_("Who"), accessor=lambda scan: person(scan.actor)),
        Text("station", label=_("Station")),
        Text("text", label=_("Scanned"), accessor=_scanned),
        Word("result", label=_("Result"), accessor="get_result_display", tone=_tone),
        Text("delta", label=_("Count"), accessor=_delta),
    ]
    newest = list(rma.desk_scans.select_related("actor")[: SHOWN + 1])
    note = _("Only the last %(count)s are shown.") % {"count": SHOWN} if len(newest) > SHOWN else ""
    return Section(
        "scans",
        _("What was scanned"),
        table=rows(columns, newest[:SHOWN]),
        empty=_("Nothing was scanned for it."),
        note=note,
        icon="history",
    )


def _facts(receipt: Receipt) -> Iterable[Fact]:
    told = (
        Fact(_("First parcel in"), receipt.arrived_at),
        Fact(_("Count told to the ERP"), receipt.counted_at),
        Fact(_("Decision told to the ERP"), receipt.decided_at),
        Fact(_("Answer of the ERP"), _("refused") if receipt.refused else ""),
        Fact(_("Note"), plain(receipt.note, 1000)),
    )
    return [fact for fact in told if fact.value]


def _item(finding: Finding) -> str:
    line = finding.line if finding.found == Found.EXPECTED else None
    about: Any = line or finding
    return " · ".join(filter(None, (plain(about.sku, 80), plain(about.description, 80))))


def _came(finding: Finding) -> str:
    return str(finding.get_found_display())


def _came_tone(finding: Finding) -> str:
    return "" if finding.found == Found.EXPECTED else "warn"


def _damaged(finding: Finding) -> str:
    return number(finding.damaged) if finding.damaged else ""


def _becomes(finding: Finding) -> str:
    told = [
        f"{number(verdict.quantity)} {verdict.get_disposition_display()}"
        + (f" ({verdict.grade.words})" if verdict.grade else "")
        for verdict in finding.verdicts.all()
    ]
    return ", ".join(told)


def _scanned(scan: DeskScan) -> str:
    return scan.text or str(scan.get_kind_display())


def _delta(scan: DeskScan) -> str:
    return f"{'+' if scan.delta > 0 else '−'}{number(abs(scan.delta))}" if scan.delta else ""


def _tone(scan: DeskScan) -> str:
    good = scan.result in (*OPENING, *COUNTING)
    loud = scan.result in (ScanResult.OVER, ScanResult.DAMAGED, ScanResult.WRONG)
    return ("warn" if loud else "ok") if good else "bad"
