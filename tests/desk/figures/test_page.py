"""The figures as staff see them: numbers counted by hand, each a link to just those returns."""

from __future__ import annotations

import csv
import re
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.desk.conftest import client_of, staff
from tests.returns.receipts.figures.past import MARCH, at, counted, decided, parcel, past, troubled


pytestmark = pytest.mark.django_db
PATH = "/admin/oms/returns-figures/"


@pytest.fixture
def reader(site: Any) -> Client:
    return client_of(staff("reader@shop.example", "view_return"))


def page(client: Client, **asked: str) -> str:
    return client.get(PATH, {**MARCH.query, **asked}).content.decode()


def numbers(html: str) -> dict[str, list[tuple[str, str]]]:
    """The numbers at the top by their label: (words, URL) of each link."""
    found = re.findall(r'omsdesk-figure"><dt>(.*?)</dt><dd>(.*?)</dd>', html, re.S)
    return {label: links(value) for label, value in found}


def links(html: str) -> list[tuple[str, str]]:
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', html)
    return [(words, unescape(url)) for url, words in found]


def tables(html: str) -> dict[str, list[list[str]]]:
    """The tables by caption or heading: the texts of their cells."""
    found = {}
    for part in re.findall(r"<(?:figure|section)[^>]*>(.*?)</(?:figure|section)>", html, re.S):
        if name := re.search(r"<(?:figcaption|h2)[^>]*>(.*?)</", part):
            rows = re.findall(r"<tr>(.*?)</tr>", part, re.S)
            cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in rows]
            found[unescape(name[1])] = [
                [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells
            ]
    return found


def listed(client: Client, url: str) -> set[str]:
    return set(re.findall(r"\bR\d{10}\b", client.get(url).content.decode()))


def test_each_number_leads_to_exactly_the_returns_behind_it(reader: Client) -> None:
    auto = [past(2), past(3), past(4)]
    agent = past(5, approval="agent")
    slow, fast = decided(6, 30, approval="agent"), decided(7, 3, approval="agent")
    wrong, right = counted(8, "wrong"), counted(9)
    for rma in auto[:2]:
        parcel(rma)
    troubled(auto[0])
    past(2, submitted_at=at(2, month=4), approved_at=at(2, month=4))

    html = page(reader)
    found = numbers(html)

    mine = {rma.number for rma in (*auto, wrong, right)}
    every = mine | {agent.number, slow.number, fast.number}
    assert [words for words, _ in found["Asked for"]] == ["8"]
    assert listed(reader, found["Asked for"][0][1]) == every
    half = found["From the door to the decision: half took less than"]
    assert [words for words, _ in half] == ["16 h", "2"]
    assert listed(reader, half[0][1]) == {slow.number, fast.number}
    assert found["From the door to the decision: 9 of 10 took at most"][0][0] == "30 h"
    share, part, whole = found["Approved by the rules alone"]
    assert (share[0], part[0], whole[0]) == ("62 %", "5", "8")
    assert listed(reader, share[1]) == listed(reader, part[1]) == mine
    assert listed(reader, whole[1]) == every
    share, part, whole = found["Something else came"]
    assert (share[0], part[0], whole[0]) == ("25 %", "1", "4")
    assert listed(reader, part[1]) == {wrong.number}
    share, part, whole = found["Trouble with labels"]
    assert (share[0], part[0], whole[0]) == ("50 %", "1", "2")
    assert listed(reader, part[1]) == {auto[0].number}


def test_charts_have_their_table_beside_them_with_a_link_in_each_cell(reader: Client) -> None:
    day = [past(10), past(10)]
    past(11, approval="agent")
    html = page(reader)
    found = tables(html)
    assert found["Asked for"][1:] == [["Mar 11, 2026", "1"], ["Mar 10, 2026", "2"]]
    assert found["Approved by the rules alone (share)"][1:] == [
        ["Mar 11, 2026", "0 %", "0", "1"],
        ["Mar 10, 2026", "100 %", "2", "2"],
    ]
    assert found["From the door to the decision (median)"][1:] == [["None in this time."]]
    chart = html[html.index("omsdesk-t-asked") :]
    assert [words for words, _ in links(chart)][:2] == ["1", "2"]
    assert listed(reader, links(chart)[1][1]) == {rma.number for rma in day}
    assert html.count('role="img"') == 5
    assert "Highest: 2. Last, Mar 28, 2026: 0." in unescape(html)
    assert "style=" not in html[html.index("<main") :] and "onclick" not in html


def test_reasons_are_crossed_with_articles_and_customers(reader: Client) -> None:
    first = past(2, [("AX-1", "broken"), ("AX-2", "wrong_size")])
    second = past(3, [("AX-1", "broken")], company="C2")
    past(4, [("AX-1", "")])
    found = tables(page(reader))
    heads, *rows = found["Reasons by article"]
    assert heads[:3] == ["Article", "All reasons", "Broken"]
    assert rows[0][:3] == ["AX-1 · Bearing AX-1", "3", "2"]
    assert found["Reasons by customer"][1][:3] == ["Company C1", "2", "1"]
    html = page(reader)
    cell = links(html[html.index("omsdesk-c-articles") :])[1]
    assert cell[0] == "2" and listed(reader, cell[1]) == {first.number, second.number}


def test_the_list_says_by_what_it_is_narrowed_and_leads_out_again(reader: Client) -> None:
    past(2, [("AX-1", "broken")])
    html = page(reader)
    url = links(html[html.index("omsdesk-c-articles") :])[1][1]
    answer = unescape(reader.get(url).content.decode())
    assert "Asked for · Mar 1, 2026 – Mar 28, 2026 · AX-1 · Broken" in answer
    assert 'href="/admin/oms/returns/"' in answer[answer.index("Asked for · Mar 1") :]
    assert "Asked for ·" not in reader.get("/admin/oms/returns/").content.decode()


def test_a_time_without_returns_says_so(reader: Client) -> None:
    past(2)
    html = page(reader, **{"from": "2025-01-01", "to": "2025-01-31"})
    assert "Nothing was sent back, counted or decided in this time." in html
    assert "omsdesk-chart" not in html and "omsdesk-crossing" not in html
    assert "Jan 1, 2025 – Jan 31, 2025" in html


@pytest.mark.parametrize("asked", ["from=x&to=y", "from=0001-01-01", "to=9999-12-31&from=%00"])
def test_an_odd_address_shows_the_usual_time(reader: Client, asked: str) -> None:
    answer = reader.get(f"{PATH}?{asked}")
    assert answer.status_code == 200
    assert 'aria-current="page">13 weeks' in answer.content.decode()


def test_hostile_words_stay_words(reader: Client) -> None:
    past(2, [("<script>alert(1)</script>", "broken")])
    factories.company("C1", name="=cmd|' /C calc'!A0")
    html = page(reader)
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)" in html
    lines = rows_of(reader)
    assert {line["Customer"] for line in lines} == {"", "'=cmd|' /C calc'!A0"}


def rows_of(client: Client) -> list[dict[str, str]]:
    answer = client.get(f"{PATH}csv/", MARCH.query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert "returns-figures-2026-03-01-2026-03-28.csv" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def test_the_file_has_the_same_figures_and_starts_no_formula(reader: Client) -> None:
    decided(6, 30)
    past(5, [("=1+1", "broken")], approval="agent")
    lines = rows_of(reader)
    of = {
        (line["Figure"], line["From"]): line for line in lines if not line["Figure"].startswith("R")
    }
    took = of["Decided about at the desk", "2026-03-06"]
    assert (took["Returns"], took["Hours (median)"]) == ("1", "30")
    approved = of["Approved by the rules alone", "2026-03-05"]
    assert (approved["Returns"], approved["Of so many"]) == ("0", "1")
    articles = [line for line in lines if line["Figure"] == "Reasons by article"]
    assert {line["Article"] for line in articles} == {"'=1+1", "AX-1"}
    assert [line["To"] for line in articles] == ["2026-03-28"] * 2


def test_it_takes_as_many_queries_for_many_returns_as_for_few(
    reader: Client, django_assert_max_num_queries: Any
) -> None:
    decided(6, 30)
    page(reader)
    with CaptureQueriesContext(connection) as few:
        page(reader)
    for day in range(1, 20):
        decided(day, day, company=f"C{day % 4}")
        counted(day, "wrong")
        parcel(past(day, [(f"AX-{day}", f"reason_{day}"), ("AX-1", "broken")]))
    with django_assert_max_num_queries(20):
        page(reader)
    with CaptureQueriesContext(connection) as many:
        page(reader)
    assert len(many) == len(few)


def test_only_who_may_see_returns_sees_figures_of_them(
    site: Any, reader: Client, marketer: Client, buyer: Client
) -> None:
    assert PATH in reader.get("/admin/").content.decode()
    assert PATH not in marketer.get("/admin/").content.decode()
    for client in (marketer, buyer, Client()):
        for url in (PATH, f"{PATH}csv/"):
            assert client.get(url).status_code == 302
            assert client.post(url).status_code in (302, 405)
