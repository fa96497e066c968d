"""Two stations at one return, at the same instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from oms_portal.returns.models import Return
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts import actions, arrivals
from oms_portal.returns.receipts.models import DeskScan, Finding, FoundSerial, Receipt
from oms_portal.returns.receipts.scanning.answers import Answer
from oms_portal.returns.receipts.scanning.wishes import ScanWish
from tests import factories
from tests.returns.scene import NOW, again, new_key
from tests.returns.test_races import at_once

from .scene import Desk, Station, set_up


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(settings: Any, transactional_db: None) -> Iterator[Desk]:
    factories.site()
    yield set_up(settings)


def taking(station: Station, wish: ScanWish) -> Callable[[], Answer]:
    return lambda: actions.scan(wish, station.user, now=NOW)


def results(answers: list[Any]) -> list[str]:
    return sorted(answer.result.value for answer in answers)


def test_sixty_times_two_stations_count_at_once_and_none_is_lost(desk: Desk) -> None:
    for station in (desk.here, desk.there):
        station.beep(desk.rma.number)
    for n in range(60):
        wishes = [station.wish("SKU-L1") for station in (desk.here, desk.there)]
        told = at_once(*map(taking, (desk.here, desk.there), wishes))
        assert sorted(int(one.counted) for one in told) == [2 * n + 1, 2 * n + 2]
    assert desk.counted() == "120"
    assert Finding.objects.count() == Receipt.objects.count() == 1


def test_the_same_scan_from_two_threads_counts_once_and_is_answered_alike(desk: Desk) -> None:
    for n in range(12):
        article = desk.here.wish("SKU-L1", rma=desk.rma.pk)
        first, second = at_once(*[taking(desk.here, article)] * 2)
        assert first == second
        assert desk.counted() == str(n + 1)
    parcel = desk.here.wish(desk.codes[0])
    first, second = at_once(*[taking(desk.here, parcel)] * 2)
    assert first == second
    assert first.result.value == "arrived"


def test_the_same_parcel_at_two_stations_is_in_once(desk: Desk) -> None:
    for code in (*desk.codes, desk.other.parcels.get().code):
        wishes = [station.wish(code) for station in (desk.here, desk.there)]
        told = at_once(*map(taking, (desk.here, desk.there), wishes))
        assert results(told) == ["again", "arrived"]


def test_two_parcels_of_one_return_at_once_are_the_first_and_the_second(desk: Desk) -> None:
    for _ in range(20):
        told = at_once(
            *(
                taking(station, station.wish(code))
                for station, code in zip((desk.here, desk.there), desk.codes, strict=True)
            )
        )
        assert results(told) == ["arrived", "arrived"]
        assert sorted((one.arrived_parcels, one.total_parcels) for one in told) == [(1, 2), (2, 2)]
        ReturnParcel.objects.update(arrived_at=None)


def test_the_same_serial_number_at_two_stations_counts_once(desk: Desk) -> None:
    for n, serial in enumerate(["SN1", "SN2"]):
        wishes = [s.wish(serial, rma=desk.rma.pk) for s in (desk.here, desk.there)]
        told = at_once(*map(taking, (desk.here, desk.there), wishes))
        assert results(told) == ["counted", "serial_again"]
        assert desk.counted() == str(n + 1)
    assert FoundSerial.objects.count() == 2


def test_a_step_back_pressed_twice_at_once_takes_back_one_scan_each_at_most(desk: Desk) -> None:
    for _ in range(6):
        desk.here.beep("SKU-L1", rma=desk.rma.pk)
    for _ in range(3):
        wishes = [desk.here.wish(verb="undo") for _ in range(2)]
        told = at_once(*(taking(desk.here, wish) for wish in wishes))
        undone = results(told).count("undone")
        assert undone >= 1
        own = DeskScan.objects.filter(delta=1)
        assert int(desk.counted()) == own.count() - own.filter(undone=True).count()


def test_goods_are_let_in_while_their_parcel_is_scanned(desk: Desk) -> None:
    for _ in range(20):
        Return.objects.filter(pk=desk.rma.pk).update(state="cancelled", scanned_at=None)
        Receipt.objects.all().delete()
        ReturnParcel.objects.update(arrived_at=None, arrival_told=False)
        opened, parcel, _told = at_once(
            taking(desk.here, desk.here.wish(verb="let_in", rma=desk.rma.pk)),
            taking(desk.there, desk.there.wish(desk.codes[0])),
            arrivals.tell_all,
        )
        assert opened.result.value == "opened"
        assert parcel.result.value in ("arrived", "again", "over_already")
        assert not desk.receipt().is_kept_out


def test_done_is_said_while_others_count_and_what_came_after_is_not_taken_for_told(
    desk: Desk,
) -> None:
    desk.here.beep(desk.codes[0])
    for _ in range(6):
        wish = desk.there.wish("SKU-L1", rma=desk.rma.pk)
        parcel = desk.here.wish(desk.codes[1])
        answer, receipt, _told, _in = at_once(
            taking(desk.there, wish),
            lambda: actions.finish(desk.rma, desk.here.user, now=NOW, key=new_key()),
            arrivals.tell_all,
            taking(desk.here, parcel),
        )
        assert answer.result.value in ("counted", "over")
        if desk.receipt().counted_at is not None:
            command = receipt.command
            assert command.payload["lines"][0]["counted"] == desk.counted()
    assert desk.counted() == "6"
    arrivals.tell_all()
    assert again(desk.rma).state == "in_transit"
    assert not ReturnParcel.objects.filter(arrived_at__isnull=False, arrival_told=False).exists()
