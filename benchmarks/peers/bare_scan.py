"""A scan the plain way: the same queries behind the same door, and nothing around them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from wagtail.admin.auth import require_admin_access

from oms_portal.returns.receipts.kinds import Found
from oms_portal.returns.receipts.models import DeskScan, FoundSerial
from oms_portal.returns.receipts.scanning import boxes, counting, goods, hints
from oms_portal.returns.receipts.scanning.counting import Place
from oms_portal.returns.receipts.scanning.goods import Asked
from oms_portal.returns.receipts.scanning.wishes import ScanWish
from tests.site.urls import urlpatterns as site


@require_admin_access
@permission_required("oms_portal.receive_return")
def scan(request: HttpRequest) -> HttpResponse:
    told = json.loads(request.body)["scans"][0]
    does = _parcel if len(told["text"]) == 13 else _goods
    with transaction.atomic():
        return JsonResponse(does(told, request.user))


def _parcel(told: Any, user: Any) -> dict[str, Any]:
    now = timezone.now()
    [box] = boxes.by_code(told["text"])
    counting.open_receipt(box.rma_id, arrived_at=now)
    boxes.arrive(box, now, damaged=False)
    _keep(told, user, rma_id=box.rma_id, kind="parcel", result="arrived")
    hints.arrived(box.rma)
    return {"number": box.rma.number}


def _goods(told: Any, user: Any) -> dict[str, Any]:
    text = frozenset([told["text"]])
    wish = ScanWish(UUID(told["id"]), tab=told["tab"], sequence=told["sequence"])
    line = goods.lines_beside(wish, Asked(frozenset(), text, text))[0]
    receipt = counting.open_receipt(line.rma_id)
    count = counting.add(receipt, Place(Found.EXPECTED, line), 1)
    if told["text"].startswith("SN"):
        FoundSerial.objects.create(
            finding_id=count.finding, receipt_id=receipt, serial=told["text"]
        )
    _keep(told, user, rma_id=line.rma_id, kind="article", result="counted")
    hints.counted(line.rma_id)
    return {"number": line.rma.number, "counted": str(count.counted)}


def _keep(told: Any, user: Any, **columns: Any) -> None:
    row = DeskScan(
        id=told["id"],
        text=told["text"],
        actor=user,
        tab=told["tab"],
        sequence=told["sequence"],
        scanned_at=timezone.now(),
        **columns,
    )
    row.save(force_insert=True)


urlpatterns = [path("bare/", scan), *site]
