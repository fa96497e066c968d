"""A customer who goes through the steps of a return with a browser that runs no script."""

from __future__ import annotations

import html
import re
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from oms_portal.portal.returning.names import field_of


NEW = "/portal/returns/new/"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
ANSWERS = {
    "1-reason": "wrong_size",
    "1-condition": "opened",
    "1-outcome": "credit",
    "1-text": "Too narrow for the shaft",
}


def body(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def hidden(answer: Any) -> dict[str, str]:
    """What a browser sends along with the form of the page."""
    found = _HIDDEN.findall(answer.content.decode())
    return {html.unescape(name): html.unescape(value) for name, value in found}


def counts(*told: tuple[str, str, str, str]) -> dict[str, str]:
    """("SO-1", "L1", "SO-1-D1", "2") as the fields of the page are called."""
    return {field_of(place[:3]): place[3] for place in told}


def send(client: Client, path: str, **typed: Any) -> Any:
    """Open the page, fill it in and send it; ``typed`` names that are no identifiers come in
    ``fields``."""
    first = hidden(client.get(path))
    return client.post(path, {**first, "do": "next", **typed.pop("fields", {}), **typed})


def begin(client: Client, *told: tuple[str, str, str, str], **typed: Any) -> str:
    """The number of a draft of these items."""
    chosen = told or (("SO-1", "L1", "SO-1-D1", "2"),)
    answer = send(client, NEW, fields=counts(*chosen), **typed)
    assert answer.status_code == 303, body(answer)
    return number_in(answer)


def number_in(answer: Any) -> str:
    found = re.search(r"R\d{10}", answer["Location"])
    assert found, answer["Location"]
    return found[0]


def url(number: str, step: str = "") -> str:
    return f"/portal/returns/{number}/{step}/" if step else f"/portal/returns/{number}/"


def explained(client: Client, *told: tuple[str, str, str, str], **fields: str) -> str:
    """A draft with its reasons."""
    number = begin(client, *told)
    answer = send(client, url(number, "reasons"), fields={**ANSWERS, **fields})
    assert answer.status_code == 303, body(answer)
    return number


def ready(client: Client, *told: tuple[str, str, str, str], **way: str) -> str:
    """A draft that lacks nothing."""
    number = explained(client, *told)
    answer = send(client, url(number, "way"), **{"method": "parcel_shop", "parcels": "1", **way})
    assert answer.status_code == 303 and answer["Location"] == url(number, "check"), body(answer)
    return number


def photo(name: str = "box.jpg", size: tuple[int, int] = (60, 40)) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
