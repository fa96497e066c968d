"""What a server under measure runs: our socket, and beside it a consumer as the tutorials have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path


# Models can be imported only once Django is set up.
django.setup()

from oms_portal.customers.access import Actor
from oms_portal.customers.models import Company
from oms_portal.fragments.base import Fragment, Rendered, Spec, register
from oms_portal.routing import websocket_urlpatterns


TOPIC = "bench"
GROUP = "bench"


@register
class Ticker(Fragment):
    """A fragment of a few words, the same for everybody."""

    name = "ticker"

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        return TICKER

    def render(self, spec: Spec, version: int) -> Rendered:
        return Rendered(
            f'<div class="oms-fragment" data-topic="{spec.name}" data-version="{version}">'
            f'<p data-part="status">Out for delivery, stop {version}</p></div>'
        )


TICKER = Spec("ticker", TOPIC, (), "en")


@register
class Name(Fragment):
    """A company's name, for its people: what the chaos shakes at."""

    name = "name"

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        company = int(params["company"])
        if company not in actor.company_ids:
            return None
        return Spec(self.name, f"name:{company}", (("company", str(company)),), language)

    def render(self, spec: Spec, version: int) -> Rendered:
        name = Company.objects.values_list("name", flat=True).get(pk=spec["company"])
        return Rendered(f'<div class="oms-fragment" data-version="{version}">{name}</div>')


class Bare(AsyncWebsocketConsumer):
    """Channels' own way: a channel for every socket, a message to each from the group."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def bench_frame(self, event: Mapping[str, Any]) -> None:
        await self.send(text_data=event["text"])


_bare: Any = Bare.as_asgi()
application = ProtocolTypeRouter(
    {"websocket": URLRouter([*websocket_urlpatterns, path("ws/bare/", _bare)])}
)
