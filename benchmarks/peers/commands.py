"""Measures commands out, beside the example site's processes; ERP_URL is where the stub answers."""

from __future__ import annotations

import json
import re
import threading
import time
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from urllib.parse import urlsplit

import django
from django.conf import settings

from .stub_erp import StubErp


django.setup()

from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from oms_portal.conf import settings as portal
from oms_portal.erp.models import Source
from oms_portal.erp.outbox import actions
from oms_portal.erp.outbox.models import Breaker, Command


SITE = f"http://127.0.0.1:{settings.PORT}"
ORDER, OTHERS = "SO-110004", ("SO-110003", "SO-110006", "SO-110008")
PAGES = (
    "/portal/orders/",
    f"/portal/orders/{ORDER}/",
    f"/portal/orders/{ORDER}/change/",
    f"/portal/fragments/orders/{ORDER}/",
)
ROUNDS, ASKED = 5, 12
SUBMITTED = 25
WAITING, ORDERS = 200, 50


def say(name: str, ours: float, reference: float, unit: str, at_most: float) -> None:
    figure = {"name": name, "ours": ours, "reference": reference, "unit": unit}
    print(json.dumps({**figure, "at_most": at_most}), flush=True)


def wait_until(true: Callable[[], object], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise RuntimeError(f"{what}, but not within {seconds} s")
        time.sleep(0.005)


class Person:
    """Somebody signed in, asking over HTTP as a browser does."""

    def __init__(self, email: str) -> None:
        client = Client()
        user = get_user_model().objects.get(username=email)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        self.cookies = {name: client.cookies[name].value}

    def ask(self, path: str, data: dict[str, str] | None = None) -> str:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        headers = {"Cookie": cookies, "Referer": SITE + path}
        request = urllib.request.Request(SITE + path, body, headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            for cookie in response.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return str(response.read().decode())


def queue(order_ref: str, source: Source) -> Command:
    with transaction.atomic():
        return actions.queue(
            source=source,
            kind="change",
            order_ref=order_ref,
            customer_ref="C-10001",
            payload={"scope": "order", "contact": "Goods in"},
            requested_by="buyer@hafenwerk.example",
        )


def drained() -> bool:
    return not Command.objects.filter(state__in=["queued", "sent", "retrying"]).exists()


def pages(erp: StubErp, source: Source) -> None:
    """The 95th percentile of answers while all threads for commands hang, and while none does."""
    people = [Person("buyer@hafenwerk.example"), Person("group@hafenwerk.example")]
    timed(people, 3)
    taken: dict[str, list[float]] = {"healthy": [], "hanging": []}
    for index in range(ROUNDS):
        # In turn, each first every other time.
        for state in sorted(taken, reverse=bool(index % 2)):
            with hanging(erp, source, index) if state == "hanging" else healthy(source, index):
                taken[state] += timed(people, ASKED)
            wait_until(drained, "all commands are through")
    hung, well = (quantiles(taken[state], n=20)[-1] for state in ("hanging", "healthy"))
    say("pages beside a hanging ERP and a healthy one, p95", hung, well, "ms", 1.2)


@contextmanager
def hanging(erp: StubErp, source: Source, index: int) -> Iterator[None]:
    erp.hang()
    before = len(erp.arrivals)
    for number in range(2 * at_once()):
        queue(f"hang-{index}-{number}", source)
    try:
        wait_until(lambda: len(erp.arrivals) - before >= at_once(), "the ERP hangs")
        yield
    finally:
        erp.go_on()


@contextmanager
def healthy(source: Source, index: int) -> Iterator[None]:
    for number in range(2 * at_once()):
        queue(f"well-{index}-{number}", source)
    yield


def at_once() -> int:
    """How many commands the two workers send at once to one of two sources, and no more."""
    return 2 * (portal().COMMAND_THREADS - 1)


def timed(people: list[Person], times: int) -> list[float]:
    """Milliseconds of every page, asked for by all these people at once."""
    found: list[float] = []

    def go(person: Person) -> None:
        for _ in range(times):
            for path in PAGES:
                started = time.perf_counter()
                person.ask(path)
                found.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=go, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def submits(erp: StubErp) -> None:
    """Seconds from pressing "send" until the command is at the ERP, by the portal's own form."""
    person = Person("buyer@hafenwerk.example")
    taken = []
    for index in range(SUBMITTED):
        path = f"/portal/orders/{ORDER}/change/"
        hidden = r'name="(csrfmiddlewaretoken|idempotency_key|version|seen)" value="([^"]*)"'
        fields = dict(re.findall(hidden, person.ask(path)))
        fields |= {"scope": "order", "contact": f"Ramp {index}", "do": "send"}
        before, started = len(erp.arrivals), time.monotonic()
        person.ask(path, fields)
        wait_until(lambda n=before: len(erp.arrivals) > n, "the command comes", 20)
        taken.append(erp.arrivals[-1].at - started)
        wait_until(drained, "it is answered")
    say("from submit to the ERP, median beside a second", median(taken), 1, "s", 1)


def outage(erp: StubErp, source: Source) -> None:
    """With the ERP away, commands wait; when it is back, how many come at once, in which order."""
    erp.stop()
    before = len(erp.arrivals)
    queued = [queue(f"out-{n % ORDERS}", source) for n in range(WAITING)]
    broken = Breaker.objects.filter(source=source, opened_at__isnull=False)
    wait_until(broken.exists, "the outage is noticed")
    time.sleep(8)
    erp.start()
    wait_until(drained, "all that waited is through", 180)
    came = erp.arrivals[before:]
    first = sum(arrival.at <= came[0].at + 1 for arrival in came)
    say("attempts in the first second after an outage, beside 5", first, 5, "attempts", 1)
    orders: dict[str, list[str]] = defaultdict(list)
    for arrival in came:
        if arrival.key not in orders[arrival.order]:
            orders[arrival.order].append(arrival.key)
    expected: dict[str, list[str]] = defaultdict(list)
    for command in queued:
        expected[command.order_ref].append(str(command.key))
    wrong = sum(orders[ref] != keys for ref, keys in expected.items())
    say("orders whose commands came in another order, of 50", wrong, ORDERS, "orders", 0)
    again = len(came) - len({arrival.key for arrival in came})
    say("commands that came more than once, of 200", again, WAITING, "commands", 0)


if __name__ == "__main__":
    stub = StubErp(urlsplit(settings.ERP_URL).port or 80)
    stub.start()
    main = Source.objects.get(slug="main")
    submits(stub)
    pages(stub, main)
    outage(stub, main)
