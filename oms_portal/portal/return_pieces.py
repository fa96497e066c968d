"""What the blocks of returns fetch: the list, one return, what could be sent back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from oms_portal.orders.models import Order
from oms_portal.returns.models import Return

from .pieces import answer, signed_out
from .rights import needs
from .showing import show


@needs("view", Return, signed_out=signed_out)
def returns_piece(request: HttpRequest) -> HttpResponse:
    return answer(request, show(request, "returns"))


@needs("view", Return, signed_out=signed_out)
def return_piece(request: HttpRequest, number: str) -> HttpResponse:
    return answer(request, show_return(request, number))


@needs("view", Order, signed_out=signed_out)
def start_piece(request: HttpRequest) -> HttpResponse:
    return answer(request, show(request, "return_start"))


def show_return(request: HttpRequest, number: str) -> str | None:
    """``order`` is named so that it is shown to all who may see it, as orders are."""
    return show(request, "return", order="", **{"return": number})
