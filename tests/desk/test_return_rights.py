"""Every address of the returns desk, as each of the groups that come along, and as a marketer."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from oms_portal.returns.models import Return
from tests import factories

from .conftest import client_of
from .test_groups import migrate
from .test_groups import then as then  # a fixture
from .test_rights import WAYS, is_refused, named, url_of
from .test_rights import world as world  # a fixture


pytestmark = pytest.mark.django_db

LOOK, COUNT, JUDGE, DECIDE, LEAD = "view", "receive", "inspect", "decide", "lead"
PRINT = f"{COUNT} {JUDGE} {DECIDE}"
# Of each address which verb lets open it, and which lets send it: one of them where there are
# several, "" where there is no such method. Whoever adds an address says it here.
NEEDS = {
    "index": (LOOK, ""),
    "index_results": (LOOK, ""),
    "inspect": (LOOK, ""),
    "photo": (LOOK, ""),
    # Queues.
    "bulk": ("", DECIDE),
    "views": (LOOK, LOOK),
    "presence": (LOOK, LOOK),
    "approve": ("", DECIDE),
    "decline": ("", DECIDE),
    "ask": ("", DECIDE),
    "close": ("", DECIDE),
    "override": ("", LEAD),
    # A station.
    "scan": (COUNT, COUNT),
    "receive": (COUNT, COUNT),
    # Who may not scan is led back to looking.
    "find": (LOOK, LOOK),
    "station": (LOOK, LOOK),
    "strays": (LOOK, ""),
    "stray_new": (COUNT, COUNT),
    "stray": (LOOK, COUNT),
    "stray_photo": (LOOK, ""),
    # Judging.
    "judge": (JUDGE, JUDGE),
    "judge_send": ("", JUDGE),
    "judge_back": ("", JUDGE),
    "judge_second": ("", LEAD),
    # Printing.
    "labels": (PRINT, PRINT),
    "label_again": (f"{DECIDE} {JUDGE}", f"{DECIDE} {JUDGE}"),
    "preview_label": (PRINT, ""),
    "preview_verdict": (PRINT, ""),
    "print": (PRINT, PRINT),
    "print_again": (PRINT, PRINT),
    "print_job": (LOOK, PRINT),
    "print_state": (LOOK, ""),
    "prints": (LOOK, ""),
    "prints_results": (LOOK, ""),
}
FIGURES = {"index": (LOOK, ""), "csv": (LOOK, "")}
RULES = {
    "oms_return_policies",
    "oms_return_reasons",
    "oms_return_places",
    "oms_articles",
    "oms_grades",
    "oms_checklists",
    "oms_disposition_rules",
}
GROUPS = {
    "Returns read-only": {LOOK},
    "Returns agents": {LOOK, DECIDE},
    "Returns desk": {LOOK, COUNT, JUDGE},
    "Returns lead": {LOOK, COUNT, JUDGE, DECIDE, LEAD},
}


@pytest.fixture
def groups(then: Any) -> None:
    """As the migration makes them, also after a test that emptied the database."""
    migrate(then)


def of_group(name: str) -> Client:
    return client_of(factories.person(f"{name.split()[1]}@shop.example", staff=[name]))


def needs(way: Any) -> tuple[str, str]:
    namespace, pattern = way
    if namespace == "oms_figures":
        return FIGURES[pattern.name]
    assert pattern.name in NEEDS, f"Say in NEEDS who may do {named(way)}."
    return NEEDS[pattern.name]


def mine() -> list[Any]:
    return [way for way in WAYS if way[0] in ("oms_returns", "oms_figures")]


def everything() -> list[Any]:
    """All rows of the portal, but for who looks at what."""
    models = apps.get_app_config("oms_portal").get_models()
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def tried(client: Client, method: str, url: str) -> Any:
    """What it does is undone."""
    client.raise_request_exception = False
    with transaction.atomic():
        answer = getattr(client, method)(url)
        transaction.set_rollback(True)
    return answer


def test_every_address_says_who_may_open_and_who_may_send_it() -> None:
    assert {pattern.name for namespace, pattern in mine() if namespace == "oms_returns"} == set(
        NEEDS
    )


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_gets_just_where_its_verbs_lead(world: None, groups: None, group: str) -> None:
    client, holds, before = of_group(group), GROUPS[group], everything()
    wrong = []
    for way in mine():
        for method, verbs in zip(("get", "post"), needs(way), strict=True):
            answer = tried(client, method, url_of(way))
            shut, status = is_refused(answer), answer.status_code
            if not verbs:
                right = shut or status == 405
            elif holds & set(verbs.split()):
                right = not shut and status < 500 and status != 405
            else:
                right = shut or status == 404
            wrong += [] if right else [f"{method} {named(way)}: {status}"]
    assert wrong == []
    assert everything() == before


@pytest.mark.parametrize("who", ["anonymous", "marketer", "buyer"])
def test_strangers_get_nowhere_and_hear_no_number(
    world: None, request: pytest.FixtureRequest, who: str
) -> None:
    client = Client() if who == "anonymous" else request.getfixturevalue(who)
    number, before = Return.objects.get().number, everything()
    for way in mine():
        for method in ("get", "post"):
            answer = tried(client, method, url_of(way))
            said = f"{method} {named(way)} {answer.status_code}"
            assert is_refused(answer) or answer.status_code in (401, 405), said
            assert number.encode() not in answer.content, said
    assert everything() == before


@pytest.mark.parametrize("group", GROUPS)
def test_rules_are_the_leads_alone(world: None, groups: None, group: str) -> None:
    client, before = of_group(group), everything()
    for way in WAYS:
        if way[0] not in RULES:
            continue
        answers = [tried(client, method, url_of(way)) for method in ("get", "post")]
        reached = any(a.status_code in (200, 302, 422) and not is_refused(a) for a in answers)
        assert reached == (group == "Returns lead"), f"{group}: {named(way)}"
    assert everything() == before


@pytest.mark.parametrize("group", GROUPS)
def test_the_menu_and_the_first_page_lead_each_group_to_returns(
    world: None, groups: None, group: str
) -> None:
    client = of_group(group)
    home = client.get("/admin/").content.decode()
    assert "/admin/oms/returns/" in home and "/admin/oms/returns-figures/" in home
    assert ("/admin/oms/return-policies/" in home) == (group == "Returns lead")
    assert ("/admin/oms/orders/" in home) == (group in ("Returns lead", "Returns agents"))
    assert "/admin/oms/returns/?queue=approve" in home


def test_a_marketer_sees_nothing_of_returns_anywhere(world: None, marketer: Client) -> None:
    number = Return.objects.get().number
    home = marketer.get("/admin/").content.decode()
    assert "eturns" not in home and "/admin/oms/" not in home
    for url in (
        f"/admin/pages/search/?q={number}",
        f"/portal/returns/{number}/",
        f"/portal/fragments/returns/{number}/",
        "/portal/fragments/returns/",
        "/portal/",
        "/portal/api/v1/events/1",
    ):
        answer = marketer.get(url)
        assert "/admin/oms/" not in answer.content.decode(), url
        # Nothing is known of it but what was asked with.
        assert "C1" not in answer.content.decode(), url
        assert answer.status_code in (200, 302, 401, 404, 405), url
