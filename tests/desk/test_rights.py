"""Every address of the desk, as anonymous, customer, marketer, reader and administrator."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import URLPattern, reverse

from oms_portal.changes.models import ChangeRequest, CutoffRule, PickupPlace, RiskPolicy
from oms_portal.customers.actions import Terms, issue
from oms_portal.customers.models import Company, Invitation, Membership
from oms_portal.desk.group import desk
from oms_portal.erp import keys
from oms_portal.erp.models import ApiKey, InboundEvent, Source, SourceSecret
from oms_portal.erp.outbox.models import Command
from oms_portal.notifications.models import Alert
from oms_portal.orders.models import Document, Order, Shipment
from oms_portal.returns.models import Evidence, Return
from oms_portal.returns.parcels import Label, ReturnParcel
from oms_portal.returns.receipts.models import (
    Finding,
    PrintJob,
    Receipt,
    StrayParcel,
    StrayPhoto,
    Verdict,
)
from oms_portal.returns.receipts.rules import Checklist, DispositionRule, Grade
from oms_portal.returns.rules import Article, ReturnPlace, ReturnPolicy, ReturnReason
from oms_portal.words.models import Kind, StatusWord, UnknownCode
from tests import factories, wire
from tests.returns import parcels


pytestmark = pytest.mark.django_db

# Names of addresses that change something.
WRITES = {
    "add", "edit", "delete", "copy", "reorder", "replay", "replay_many", "invite", "choose",
    "revoke", "resend", "create_secret", "rotate_secret", "revoke_secret", "create_key",
    "rotate_key", "revoke_key", "send_again", "send_again_many", "give_up", "take", "finish",
    "start", "approve", "counter", "reject", "retry", "override", "decline", "ask", "close",
    "label_again", "bulk", "judge", "judge_send", "judge_back", "judge_second", "usual",
}  # fmt: skip
# Of these, what is opened before it is done.
OPENED = {"add", "edit", "copy", "delete", "invite", "choose", "label_again", "judge"}
MODELS = {
    "oms_orders": Order,
    "oms_shipments": Shipment,
    "oms_customers": Company,
    "oms_people": Membership,
    "oms_invitations": Invitation,
    "oms_inbox": InboundEvent,
    "oms_changes": ChangeRequest,
    "oms_commands": Command,
    "oms_alerts": Alert,
    "oms_sources": Source,
    "oms_words": StatusWord,
    "oms_unknown_codes": UnknownCode,
    "oms_cutoffs": CutoffRule,
    "oms_review_rules": RiskPolicy,
    "oms_pickup_places": PickupPlace,
    "oms_returns": Return,
    "oms_return_policies": ReturnPolicy,
    "oms_return_reasons": ReturnReason,
    "oms_return_places": ReturnPlace,
    "oms_articles": Article,
    "oms_grades": Grade,
    "oms_checklists": Checklist,
    "oms_disposition_rules": DispositionRule,
    "company": Company,
    "paper": Document,
    "parcel": ReturnParcel,
    "verdict": Verdict,
    "stray": StrayParcel,
    "label": Label,
    "oms_figures": Return,
}


def ways() -> list[tuple[str, URLPattern]]:
    return [
        (each.name, pattern) for each in desk.registerables for pattern in each.get_urlpatterns()
    ]


WAYS = ways()


def named(way: tuple[str, URLPattern]) -> str:
    return f"{way[0]}:{way[1].name}"


@pytest.fixture
def world(site: Any) -> None:
    company = factories.company("C1")
    paper = {"ref": "P", "kind": "other", "number": "RE-1", "issued_on": "2026-11-20",
             "media_type": "text/plain", "content_base64": "UlQtMQ=="}  # fmt: skip
    factories.order(shipments=[wire.shipment()], documents=[paper])
    factories.person("x@c1.example", company)
    issue(company, "invited@c1.example", Terms())
    source = factories.source()
    keys.create(source)
    Command.objects.create(
        source=source, kind="change", order_ref="SO-1001", customer_ref="C1", state="dead"
    )
    Alert.objects.create(kind="command_dead", about="command:1", order_ref="SO-1001")
    StatusWord.objects.create(kind=Kind.ORDER, code="ZF1", word="Being checked")
    UnknownCode.objects.create(kind=Kind.ORDER, code="ZF2", source=source, example="SO-1001")
    ChangeRequest.objects.create(
        order=Order.objects.get(), state="in_review", requested={"phone": "1"}, form_key="k"
    )
    CutoffRule.objects.create(name="Never", closes="already")
    RiskPolicy.objects.create()
    PickupPlace.objects.create(ref="W1", name="Branch")
    ReturnPolicy.objects.create(name="Everything")
    ReturnReason.objects.create(code="broken", texts={"en": "Broken"})
    ReturnPlace.objects.create(ref="W1", kind="warehouse", name="Bremen")
    Article.objects.create(name="Bearings", skus=["AX-*"])
    rma = parcels.approved_of(Order.objects.get())
    parcels.printable(rma)
    grade = Grade.objects.create(code="a", texts={"en": "As new"})
    Checklist.objects.create(name="All")
    DispositionRule.objects.create(name="All", disposition="restock")
    counted = Finding.objects.create(
        receipt=Receipt.objects.create(rma=rma), line=rma.lines.get(), counted=2, judged=1
    )
    Verdict.objects.create(
        finding=counted, quantity=1, grade=grade, accepted=True, disposition="restock", form_key="k"
    )
    photo = {"file": parcels.stored_photo(), "sha256": "0" * 64, "width": 8, "height": 8, "size": 1}
    Evidence.objects.create(rma=rma, **photo)
    stray = StrayParcel.objects.create(number="U0000000001", form_key="stray")
    StrayPhoto.objects.create(stray=stray, **photo)
    PrintJob.objects.create(
        template="return", medium="4x6", labels=[Label.objects.get().key], total=1, state="done"
    )


def url_of(way: tuple[str, URLPattern]) -> str:
    namespace, pattern = way
    arguments = [
        part.split(":")[-1] for part in str(pattern.pattern).replace(">", "<").split("<")[1::2]
    ]
    photo = StrayPhoto if pattern.name == "stray_photo" else Evidence
    texts = {
        "thread": Shipment.objects.latest("pk").thread,
        "key": photo._default_manager.get().key,
        "job": str(PrintJob.objects.get().key),
        "kind": "label",
    }
    named = {
        name: texts[name]
        if name in texts
        else str(MODELS.get(name, MODELS[namespace])._default_manager.latest("pk").pk)
        for name in arguments
    }
    return reverse(f"{namespace}:{pattern.name}", kwargs=named)


def rows() -> list[Any]:
    counted = (
        Alert, Command, Invitation, ApiKey, SourceSecret, Source, StatusWord, UnknownCode,
        CutoffRule, RiskPolicy, PickupPlace, ChangeRequest,
        ReturnPolicy, ReturnReason, ReturnPlace, Article, Return, ReturnParcel, Label,
        Grade, Checklist, DispositionRule, Receipt, Finding, Verdict,
    )  # fmt: skip
    return [list(model._default_manager.order_by("pk").values()) for model in counted]


def is_refused(answer: Any) -> bool:
    """Sent to sign in, or back to the admin's first page with a word that it is not allowed."""
    return answer.status_code == 403 or (
        answer.status_code == 302
        and answer["Location"].split("?")[0] in ("/admin/", "/admin/login/")
    )


@pytest.mark.parametrize("who", ["anonymous", "buyer", "marketer"])
def test_nobody_without_a_right_gets_anywhere(world, request, client, who):
    visitor = client if who == "anonymous" else request.getfixturevalue(who)
    before = rows()
    for way in WAYS:
        url = url_of(way)
        for answer in (visitor.get(url), visitor.post(url)):
            # A page that has no such method says so to everybody who works here.
            assert is_refused(answer) or answer.status_code == 405, f"{named(way)} {answer}"
            assert b"SO-1001" not in answer.content
    assert rows() == before


def test_a_marketer_sees_no_menu_and_no_panel(world, marketer):
    page = marketer.get("/admin/").content.decode()

    assert "/admin/oms/" not in page
    assert "Order portal" not in page


def test_a_reader_sees_every_list_and_page_and_changes_nothing(world, reader):
    before = rows()
    for way in WAYS:
        url, (namespace, pattern) = url_of(way), way
        if namespace == "oms_returns":
            # Five verbs of their own: tests/desk/test_return_rights.py.
            continue
        answer = reader.get(url)
        if pattern.name in WRITES or "history" in pattern.name or pattern.name == "usage":
            assert is_refused(answer) or answer.status_code == 405, named(way)
            assert is_refused(reader.post(url)), named(way)
        else:
            assert answer.status_code == 200, named(way)
    assert rows() == before


def test_a_reader_is_offered_no_button_that_would_be_refused(world, reader):
    source = Source.objects.get()
    for url in ("/admin/oms/sources/", f"/admin/oms/sources/inspect/{source.pk}/",
                "/admin/oms/invitations/", "/admin/oms/inbox/", "/admin/oms/commands/",
                f"/admin/oms/commands/inspect/{Command.objects.get().pk}/",
                f"/admin/oms/alerts/inspect/{Alert.objects.get().pk}/",
                f"/admin/oms/changes/inspect/{ChangeRequest.objects.get().pk}/"):  # fmt: skip
        page = reader.get(url).content.decode()
        main = page[page.index("<main") :]
        assert not any(f"/{name}/" in main for name in WRITES), url


def test_an_administrator_gets_everywhere(world, admin):
    for way in WAYS:
        _, pattern = way
        expected = 405 if pattern.name in WRITES - OPENED else 200
        assert admin.get(url_of(way)).status_code == expected, named(way)


@pytest.mark.parametrize("page", ["customers", "people", "orders", "deliveries", "inbox"])
@pytest.mark.parametrize("verb", ["new/", "edit/1/", "delete/1/", "copy/1/"])
def test_what_the_erp_tells_can_be_changed_by_nobody(world, admin, page, verb):
    url = f"/admin/oms/{page}/{verb}"

    assert admin.get(url).status_code == 404
    assert admin.post(url).status_code == 404


def test_the_group_editor_offers_the_rights_of_the_desk_and_no_others(world, admin):
    page = admin.get("/admin/groups/new/").content.decode()

    assert "Can replay events" in page
    assert "Can hand out and revoke secrets and keys" in page
    for codename in ("view_order", "view_company", "add_invitation", "change_source"):
        assert f'data-codename="{codename}"' in page or _offers(page, codename), codename
    for codename in ("add_order", "delete_order", "change_company", "delete_source"):
        assert not _offers(page, codename), codename


def _offers(page: str, codename: str) -> bool:
    from django.contrib.auth.models import Permission

    pk = Permission.objects.get(content_type__app_label="oms_portal", codename=codename).pk
    return f'value="{pk}"' in page


def test_the_menu_leads_a_reader_to_each_list(world, reader):
    page = reader.get("/admin/").content.decode()

    assert page.count("Order portal") >= 1
    for name in (
        "orders",
        "changes",
        "deliveries",
        "customers",
        "people",
        "invitations",
        "alerts",
        "commands",
        "inbox",
        "sources",
        "health",
    ):
        assert f"/admin/oms/{name}/" in page
