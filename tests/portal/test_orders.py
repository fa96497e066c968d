"""The order list's page: one box to search, filters as links, files, and views of one's own."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from oms_portal.customers.models import Membership
from oms_portal.orders import views
from oms_portal.orders.personal import SavedView
from oms_portal.portal import downloads
from tests import factories, wire


pytestmark = pytest.mark.django_db

LIST, VIEWS = "/portal/orders/", "/portal/views/"


@pytest.fixture
def buyer(client: Client) -> Client:
    """Signed in as a buyer at C1: SO-1001 is confirmed, SO-2002 on hold, SO-3003 is another's."""
    company = factories.customer("C1", addresses=[wire.address(), wire.address("S2")])
    factories.order("SO-1001", "C1", lines=wire.on_time())
    factories.order("SO-2002", "C1", on_hold=True, customer_reference="PO-78")
    factories.order("SO-3003", "C2")
    client.force_login(factories.person(company=company))
    return client


def body(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def numbers_of(page: str) -> list[str]:
    return re.findall(r"oms-order-link\" [^>]*>([^<]+)<", page)


def link(page: str, words: str) -> str:
    """Where the link with these words leads."""
    for href, inner in re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL):
        if words in unescape(re.sub("<[^>]+>", "", inner)):
            return unescape(href)
    raise AssertionError(f"no link says {words!r}")


def test_what_one_order_bears_exactly_leads_straight_to_it(buyer: Client) -> None:
    for typed in ("SO-2002", "so 2002", "PO-78", "2002"):
        assert buyer.get(LIST, {"q": typed})["location"] == "/portal/orders/SO-2002/", typed
    assert numbers_of(body(buyer.get(LIST, {"q": "SO-2"}))) == ["SO-2002"]
    assert numbers_of(body(buyer.get(LIST, {"q": "SO-2002", "scope": "open"}))) == ["SO-2002"]
    assert numbers_of(body(buyer.get("/portal/fragments/orders/?q=SO-2002"))) == ["SO-2002"]


def test_the_box_keeps_the_words_and_says_what_was_found(buyer: Client) -> None:
    page = body(buyer.get(LIST, {"q": "sku-l1"}))
    assert 'name="q" value="sku-l1"' in page and "Orders found for “sku-l1”" in page
    assert set(numbers_of(page)) == {"SO-1001", "SO-2002"}
    assert numbers_of(body(buyer.get(link(page, "“sku-l1”")))) == numbers_of(page)
    arabic = body(buyer.get(LIST, {"q": "PO-"}, headers={"accept-language": "ar"}))
    assert "\u2068PO-\u2069" in arabic


@pytest.mark.parametrize("words", ["SO-3003", "<b>x</b>", "zzz", "\0", "x" * 5000])
def test_what_is_not_theirs_is_not_found_and_the_way_back_is_offered(
    buyer: Client, words: str
) -> None:
    page = body(buyer.get(LIST, {"q": words}))
    if words.strip("\0"):
        assert numbers_of(page) == [] and "No order found for “" in page and "<b>x" not in page
        page = body(buyer.get(link(page, "Show all orders")))
    assert set(numbers_of(page)) == {"SO-1001", "SO-2002"}


def test_filters_are_removed_one_by_one_or_all_at_once(buyer: Client) -> None:
    asked = {"q": "SKU", "status": ["on_hold", "confirmed"], "from": "2026-11-01", "size": "10"}
    page = body(buyer.get(LIST, asked))
    assert set(numbers_of(page)) == {"SO-1001", "SO-2002"}
    without = link(page, "Remove the filter On hold")
    assert dict(parse_qsl(urlsplit(without).query)) == {
        "sort": "newest",
        "size": "10",
        "q": "SKU",
        "status": "confirmed",
        "from": "2026-11-01",
    }
    assert numbers_of(body(buyer.get(without))) == ["SO-1001"]
    assert link(page, "Clear all") == f"{LIST}?sort=newest&size=10"
    assert 'class="oms-badge">3<' in page


def test_the_form_says_all_that_holds(buyer: Client) -> None:
    page = body(buyer.get(LIST, {"scope": "open", "by": "buyer", "sort": "due", "size": "5"}))
    form = page.split('<form class="oms-toolbar oms-list-form" method="get"')[1].split("</form>")[0]
    assert f'action="{LIST}" role="search"' in form and "data-oms-page" in form
    assert '<option value="open" selected>' in form and 'name="by" value="buyer"' in form
    assert 'type="hidden" name="sort" value="due"' in form
    assert form.count('type="checkbox" name="ship_to"') == 2


def test_columns_are_chosen_and_kept(buyer: Client) -> None:
    page = body(buyer.get(f"{LIST}?columns=order&columns=reference&columns=by"))
    heads = re.findall(r'scope="col"[^>]*>(?:<a [^>]*>)?([^<]+)<', page)
    assert heads == ["Order", "Your reference", "Placed by"]
    assert "columns=order%2Creference%2Cby" in link(page, "Oldest first")
    every = "order,reference,company,status,due,items,ship_to,by,placed,total"
    page = body(buyer.get(LIST, {"columns": every}))
    assert len(re.findall('scope="col"', page)) == 10 and "B. Buyer" in page
    assert len(re.findall('scope="col"', body(buyer.get(LIST, {"columns": "x,<b>"})))) == 6


def test_a_head_sorts_and_says_how(buyer: Client) -> None:
    page = body(buyer.get(LIST))
    assert 'aria-sort="descending"><a class="oms-th-link" data-oms-page' in page
    assert "sort=oldest" in page.split('aria-sort="descending"')[1].split("</a>")[0]


def test_what_a_block_leaves_out_its_links_leave_out_and_the_page_has_it_all(
    buyer: Client,
) -> None:
    part = body(buyer.get("/portal/fragments/orders/?hide=filters,columns,views,export&scope=open"))
    assert "<details" not in part and "export.csv" not in part and 'name="q"' in part
    assert 'name="scope" value="open"' in part and "hide=filters" in link(part, "Oldest first")
    assert "Remove the filter" not in part
    assert "oms-menu" in body(buyer.get(LIST, {"hide": "filters,search"}))


# Files


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_is_of_the_list_as_it_stands_and_kept_by_nobody(buyer: Client, kind: str) -> None:
    page = body(buyer.get(LIST, {"status": "on_hold"}))
    answer = buyer.get(link(page, "CSV file" if kind == "csv" else "Excel file"))
    content = answer.getvalue()
    assert content[:3] == (b"\xef\xbb\xbf" if kind == "csv" else b"PK\x03")
    if kind == "csv":
        assert b"SO-2002" in content and b"SO-1001" not in content and b"SO-3003" not in content
    assert answer["content-disposition"].startswith('attachment; filename="orders-')
    assert answer["x-content-type-options"] == "nosniff"
    assert answer["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer["referrer-policy"] == "no-referrer"
    assert answer["cache-control"] == "private, no-store"


def test_a_file_speaks_the_readers_language(buyer: Client) -> None:
    answer = buyer.get("/portal/orders/export.csv?lang=de")
    assert answer.getvalue().decode("utf-8-sig").count("SO-") >= 2


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_whoever_loses_the_right_meanwhile_gets_no_more_of_a_file(
    buyer: Client, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(downloads, "ASKED_AGAIN", 0.0)
    answer: Any = buyer.get(f"{LIST}export.{kind}")
    pieces = iter(answer.streaming_content)
    given = next(pieces) if kind == "csv" else b""
    Membership.objects.all().delete()
    with pytest.raises(downloads.Withdrawn):
        given += b"".join(pieces)
    assert b"SO-" not in given


def test_strangers_get_no_file(client: Client) -> None:
    assert client.get("/portal/orders/export.csv").status_code == 302
    client.force_login(factories.person("nobody@c1.example"))
    assert client.get("/portal/orders/export.csv").status_code == 404


# Views


def save(client: Client, name: str, query: str = "sort=due&scope=open", **more: str) -> Any:
    return client.post(VIEWS, {"do": "save", "name": name, "query": query, "next": LIST, **more})


def test_a_list_is_saved_under_a_name_and_found_there(buyer: Client) -> None:
    page = body(buyer.get(LIST, {"scope": "open", "sort": "due"}))
    query = unescape(page.split('name="query" value="')[1].split('"')[0])
    assert save(buyer, "  To <b>come ", query)["location"] == LIST
    page = body(buyer.get(LIST))
    assert "To &lt;b&gt;come</a>" in page and "<b>come" not in page
    assert link(page, "To <b>come") == f"{LIST}?sort=due&size=20&scope=open"
    page = body(buyer.get(link(page, "To <b>come")))
    assert re.search(r'class="oms-view"[^>]* aria-current="true">To', page)


def test_saving_again_replaces_and_there_is_an_end(buyer: Client) -> None:
    save(buyer, "A")
    save(buyer, "A", "scope=late")
    assert SavedView.objects.get().query == "scope=late"
    for number in range(views.MOST + 3):
        save(buyer, f"V{number}")
    assert SavedView.objects.count() == views.MOST
    assert save(buyer, "one more").status_code == 404
    assert save(buyer, "V1", "scope=late").status_code == 302
    for name, query in (("", "x"), (" \0 ", "x"), ("n", "x" * 1001)):
        assert save(buyer, name, query).status_code == 404


def test_a_view_is_renamed_and_deleted_by_its_owner_alone(buyer: Client) -> None:
    save(buyer, "A")
    save(buyer, "B")
    first, other = SavedView.objects.order_by("pk")
    buyer.post(VIEWS, {"do": "rename", "view": first.pk, "name": "B"})
    assert [view.pk for view in SavedView.objects.all()] == [first.pk]
    stranger = Client()
    stranger.force_login(factories.person("other@c1.example", factories.company("C1")))
    for do in ("rename", "delete", "x"):
        for pk in (first.pk, other.pk, "x", "9" * 30):
            assert stranger.post(VIEWS, {"do": do, "view": pk, "name": "Z"}).status_code == 404
    assert SavedView.objects.get().name == "B" and "B</a>" not in body(stranger.get(LIST))
    buyer.post(VIEWS, {"do": "delete", "view": first.pk})
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "query", ["", "%00", "size=0&hide=search", "before=x", "&" * 900, "sort=%ff"]
)
def test_a_saved_query_that_is_none_breaks_nothing(buyer: Client, query: str) -> None:
    save(buyer, "Odd", query)
    assert numbers_of(body(buyer.get(link(body(buyer.get(LIST)), "Odd"))))


def test_saving_leads_nowhere_else_and_needs_a_token(buyer: Client) -> None:
    assert save(buyer, "A", next="https://evil.example/")["location"] == LIST
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.person("buyer@c1.example"))
    assert save(strict, "B").status_code == 403


def test_a_fragment_on_a_hosts_page_leads_back_to_it(buyer: Client) -> None:
    headers = {"referer": "http://testserver/shop/?a=1"}
    part = body(buyer.get("/portal/fragments/orders/", headers=headers))
    assert 'name="next" value="/shop/?a=1"' in part and "csrfmiddlewaretoken" in part


def test_a_page_with_all_columns_takes_few_queries(
    buyer: Client, django_assert_max_num_queries: Any
) -> None:
    every = "order,reference,company,status,due,items,ship_to,by,placed,total"
    buyer.get(LIST)
    with django_assert_max_num_queries(8):
        buyer.get("/portal/fragments/orders/", {"columns": every, "q": "SKU"})
    with django_assert_max_num_queries(8):
        buyer.get(LIST, {"columns": every})
