"""A print from its beginning to the word that it came out: what is sent, what is left out, what is
written down when it breaks off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from oms_portal.returns import life
from oms_portal.returns.labels import proof, zpl
from oms_portal.returns.models import Return
from oms_portal.returns.papers import Paper
from oms_portal.returns.parcels import Label, LabelPrint
from oms_portal.returns.receipts.kinds import JobState
from oms_portal.returns.receipts.models import PrintJob, Verdict
from oms_portal.returns.receipts.printing import making, prints
from tests import factories
from tests.returns.parcels import approved, label_of, parcel_of, printable
from tests.returns.receipts.decided import codes, decided, texts


pytestmark = pytest.mark.django_db
ROLL = Paper("return", size="4x6")


@pytest.fixture
def clerk() -> Any:
    return factories.person("clerk@shop.example")


@pytest.fixture
def four() -> list[Return]:
    made = [approved(order=f"SO-{n}") for n in range(4)]
    for rma in made:
        printable(rma)
    return made


def begun(clerk: Any, *rows: Any, paper: Paper = ROLL, **how: Any) -> PrintJob:
    labels = [row for row in rows if isinstance(row, Label)]
    verdicts = [row for row in rows if isinstance(row, Verdict)]
    order = prints.Order(paper, labels, verdicts, **how)
    job, _ = prints.begin(order, clerk, key=uuid4(), now=timezone.now())
    return job


def sent(job: PrintJob, language: str = "en") -> bytes:
    return b"".join(making.file_of(job, language))


def again(job: PrintJob) -> PrintJob:
    return PrintJob.objects.get(pk=job.pk)


def spoilt(label: Label) -> None:
    """Nobody can draw it any more."""
    Label.objects.filter(pk=label.pk).update(data={**label.data, "label": {"template": "return"}})


def test_a_print_is_sent_in_its_order_and_written_down(clerk, four):
    labels = [label_of(rma) for rma in reversed(four)]
    job = begun(clerk, *labels, station="Dock 2", printer="Zebra 1", reason="torn")

    assert codes(sent(job)) == [[label.parcel.code] for label in labels]
    done = again(job)
    assert (done.state, done.made, done.total, done.skipped) == (JobState.DONE, 4, 4, [])
    noted = LabelPrint.objects.filter(job=job)
    assert {(one.station, one.reason, one.via) for one in noted} == {("Dock 2", "torn", "desk")}
    assert noted.count() == 4


def test_the_same_key_prints_once(clerk, four):
    key, now = uuid4(), timezone.now()
    first, is_new = prints.begin(prints.Order(ROLL), clerk, key=key, now=now)
    second, is_newer = prints.begin(prints.Order(ROLL), clerk, key=key, now=now)
    assert (is_new, is_newer) == (True, False)
    assert first.pk == second.pk


@pytest.mark.parametrize("place", range(4))
def test_a_label_that_can_not_be_drawn_is_left_out_and_shifts_nothing(clerk, four, place):
    labels = [label_of(rma) for rma in four]
    spoilt(labels[place])
    sheet = Paper("return", size="a6", sheet="a4-4", start=2)
    job = begun(clerk, *labels, paper=sheet)

    pages = codes(sent(job))
    wanted = [label.parcel.code for label in labels]
    del wanted[place]
    assert [sorted(page) for page in pages] == [sorted(wanted)]
    done = again(job)
    assert (done.made, [name for name, _why in done.skipped]) == (3, [parcel_of(four[place]).code])


def test_a_label_that_can_not_be_read_is_not_sent(clerk, four, monkeypatch):
    unread = parcel_of(four[1]).code

    def prove(content: bytes, media_type: str, codes: Any) -> None:
        if unread in {text for _kind, text in codes}:
            raise proof.Unreadable("This can’t be read from the label")

    monkeypatch.setattr("oms_portal.returns.proving.prove", prove)
    job = begun(clerk, *(label_of(rma) for rma in four[:3]))
    assert codes(sent(job)) == [[parcel_of(four[0]).code], [parcel_of(four[2]).code]]
    assert again(job).skipped == [[unread, "This can’t be read from the label"]]


def test_where_nothing_can_be_printed_nothing_is_sent(clerk, four):
    label = label_of(four[0])
    spoilt(label)
    job = begun(clerk, label)
    assert sent(job) == b""
    assert again(job).state == JobState.DONE
    assert not prints.is_asked(again(job))


def test_a_label_that_became_void_meanwhile_is_left_out(clerk, four):
    labels = [label_of(rma) for rma in four[:2]]
    job = begun(clerk, *labels)
    four[0].state = "cancelled"
    four[0].save()
    life.void(four[0])
    assert codes(sent(job)) == [[labels[1].parcel.code]]
    assert again(job).skipped == [[labels[0].parcel.code, "This label is not valid any more."]]


def test_a_print_that_breaks_off_says_how_far_it_came(clerk, four):
    job = begun(clerk, *(label_of(rma) for rma in four))
    pieces = making.file_of(job, "en")
    next(pieces)
    next(pieces)
    pieces.close()

    broken = again(job)
    assert (broken.state, broken.made) == (JobState.BROKEN, 1)
    assert broken.ended_at is not None
    assert LabelPrint.objects.filter(job=job).count() == 1


def test_what_nobody_fetches_any_more_is_broken_off_after_a_while(clerk, four):
    job = begun(clerk, label_of(four[0]))
    now = timezone.now()
    assert prints.forget(now) == 0
    assert prints.forget(now + timedelta(hours=2)) == 1
    assert again(job).state == JobState.BROKEN


def test_the_first_label_is_sent_before_the_second_is_read(clerk, four, monkeypatch):
    read: list[Any] = []
    proven = making.proving.proven

    def counted(label: Label, paper: Paper) -> Any:
        read.append(label.pk)
        return proven(label, paper)

    monkeypatch.setattr(making.proving, "proven", counted)
    pieces = making.file_of(begun(clerk, *(label_of(rma) for rma in four)), "en")
    assert next(pieces).startswith(b"%PDF-")
    assert len(read) == 1
    pieces.close()


def test_a_label_printer_gets_each_copy(clerk, four):
    paper = Paper("return", format="zpl", size="4x6", dpi=300)
    job = begun(clerk, label_of(four[0]), label_of(four[1]), paper=paper, copies=2)
    content = sent(job)
    assert content.count(b"^XA") == content.count(b"^XZ") == 4
    assert {dpi for _image, dpi in zpl.images(content)} == {300}
    assert prints.paper_of(again(job)) == paper


# Put away


def test_a_put_away_label_says_what_how_many_how_good_and_where_to(clerk, four):
    verdict = decided(four[0], "3", "b_grade", serials=["SN1", "SN2"])
    (page,) = texts(sent(begun(clerk, verdict, paper=Paper("putaway", size="4x6"))))
    for words in ("SKU-L1", "Ball bearing", "SN1, SN2", "3 pieces", "A – as new",
                  "Sold as B-grade", "Warehouse Bremen", four[0].number):  # fmt: skip
        assert words in page, words


def test_its_bar_codes_are_the_article_and_the_return(clerk, four):
    job = begun(clerk, decided(four[0]), paper=Paper("putaway", size="4x6"))
    assert codes(sent(job)) == [["SKU-L1", four[0].number]]


def test_goods_that_nobody_announced_have_one_too(clerk, four):
    verdict = decided(four[0], "1", "quarantine", description="A blue <b>thing</b>")
    (page,) = texts(sent(begun(clerk, verdict, paper=Paper("putaway", size="a6"))))
    assert "A blue <b>thing</b>" in page
    assert "Quarantine" in page


def test_goods_that_go_back_go_to_the_customer(four):
    label = prints.verdict_label(decided(four[0], disposition="send_back"))
    assert label.notes == ("Nordwerk plant 1",)


def test_it_is_in_the_language_of_who_prints_it(clerk, four):
    verdict = decided(four[0])
    with translation.override("de"):
        word = str(verdict.get_disposition_display())
    (page,) = texts(sent(begun(clerk, verdict, paper=Paper("putaway", size="4x6")), "de"))
    assert word in page
    assert "A – wie neu" in page


@pytest.mark.parametrize("size", ["4x6", "100x150", "a6", "a4", "letter"])
def test_it_can_be_read_in_every_size_and_by_label_printers(clerk, four, size):
    verdict = decided(four[0], description="Шестигранный болт " * 6)
    for paper in (Paper("putaway", size=size), Paper("putaway", format="zpl", size=size)):
        job = begun(clerk, verdict, paper=paper)
        assert sent(job)
        assert again(job).skipped == []


def test_goods_are_marked_as_printed_once_and_unmarked_where_it_did_not_print(clerk, four):
    verdict = decided(four[0])
    job = begun(clerk, verdict, paper=Paper("putaway", size="4x6"))
    sent(job)
    verdict.refresh_from_db()
    assert verdict.printed_at == job.at

    later = begun(clerk, verdict, paper=Paper("putaway", size="4x6"), reason="lost")
    sent(later)
    prints.say(again(later), False, now=timezone.now())
    verdict.refresh_from_db()
    assert verdict.printed_at == job.at
    prints.say(again(job), False, now=timezone.now())
    verdict.refresh_from_db()
    assert verdict.printed_at is None


# Whether it came out


def test_the_newest_print_is_asked_about_until_somebody_said(clerk, four):
    now = timezone.now()
    assert prints.asked(clerk, now) is None
    job = begun(clerk, label_of(four[0]))
    assert prints.asked(clerk, timezone.now()) == job
    assert not prints.say(again(job), True, now=timezone.now())
    sent(job)
    assert prints.is_asked(again(job))
    assert prints.asked(factories.person("other@shop.example"), timezone.now()) is None
    assert prints.asked(clerk, timezone.now() + timedelta(days=1)) is None

    assert prints.say(again(job), True, now=timezone.now())
    assert not prints.say(again(job), False, now=timezone.now())
    assert again(job).printed is True
    assert prints.asked(clerk, timezone.now()) is None
