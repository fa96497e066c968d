"""Nobody is kept out of the steps of a return: axe-core in every dress, and the narrowest window."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from oms_portal.returns import actions
from tests import factories
from tests.portal.returning.walking import (
    ANSWERS,
    NEW,
    begin,
    body,
    explained,
    hidden,
    photo,
    ready,
    send,
    url,
)
from tests.returns import scene
from tests.returns.scene import Scene

from .bench import Bench
from .test_axe import bench


pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db]
__all__ = ["bench"]
TWO = (("SO-1", "L1", "SO-1-D1", "2"), ("SO-2", "L1", "SO-2-D1", "1"))


@pytest.fixture
def here(settings: Any, client: Client, tmp_path: Any) -> Scene:
    cache.clear()
    factories.site()
    settings.MEDIA_ROOT = str(tmp_path / "media")
    found = scene.set_up(settings)
    client.force_login(found.user)
    return found


def steps(client: Client, here: Scene) -> dict[str, Any]:
    """Each step as it is opened, in error and overtaken; the list and the page of what was sent."""
    here.send()
    found = {
        "items, opened": client.get(NEW),
        "items of one order": client.get(f"{NEW}?order=SO-1"),
    }
    found["items, in error"] = send(client, NEW, fields={"quantity:SO-1/L1/SO-1-D1": "99"})
    number = begin(client, *TWO)
    path = url(number, "reasons")
    first = hidden(client.get(path))
    found["reasons, in error"] = send(client, path)
    found["reasons, overtaken"] = client.post(path, {**first, **ANSWERS})
    send(client, path, do="add:1", fields={**ANSWERS, "1-photos": [photo()]})
    found["reasons, with a photo"] = client.get(path)
    number = explained(client)
    found["way, opened"] = client.get(url(number, "way"))
    for way in ("parcel_shop", "pickup", "branch", "own_carrier"):
        typed = {"method": way, "parcels": "0", "phone": "1"}
        found[f"way, {way}"] = send(client, url(number, "way"), **typed)
    found["check"] = client.get(url(ready(client), "check"))
    found["list"] = client.get("/portal/returns/")
    return found | asked(client, here)


def asked(client: Client, here: Scene) -> dict[str, Any]:
    """The page of a return while we have a question, and while the goods are awaited."""
    staff = factories.person("staff@x.example", staff=["Desk"], is_superuser=True)
    own = here.send(method="own_carrier")
    here.policy.approval = "agent"
    here.policy.save()
    rma = actions.ask(here.send(), staff, "Is the seal broken?", now=timezone.now())
    return {"question": client.get(url(rma.number)), "own carrier": client.get(url(own.number))}


def test_axe_finds_nothing_in_the_steps_of_a_return(
    bench: Bench, client: Client, here: Scene
) -> None:
    found = {}
    for name, answer in steps(client, here).items():
        assert answer.status_code in (200, 412, 422), name
        bench.put(answer.content.decode())
        found |= {f"{name} {dress}": each for dress, each in bench.faults_by_dress().items()}
        found[f"{name} narrow"] = bench.leaving()
    print(f"{len(found)} looks")
    assert not any(found.values()), {where: each for where, each in found.items() if each}


def test_what_a_way_asks_for_is_shown_once_it_is_chosen(
    bench: Bench, client: Client, here: Scene
) -> None:
    bench.put(client.get(url(explained(client), "way")).content.decode())
    page, shown = bench.page, {}
    parts = page.locator(".oms-way-part")
    assert not any(part.is_visible() for part in parts.all())
    for way in ("parcel_shop", "pickup", "branch", "own_carrier"):
        page.locator(f"input[value={way}]").check()
        shown[way] = [
            part.locator("legend").inner_text() for part in parts.all() if part.is_visible()
        ]
    assert shown == {
        "parcel_shop": ["Where do you drop it off?", "How is it packed?"],
        "pickup": ["When can it be picked up?", "How is it packed?"],
        "branch": ["Which branch do you bring it to?"],
        "own_carrier": ["With whom do you send it?", "How is it packed?"],
    }
    assert "oms-walk" in body(client.get(NEW))
