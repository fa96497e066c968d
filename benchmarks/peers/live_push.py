"""CPU and memory beside bare Channels on one daphne and layer; deliveries beside node's ``ws``."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from .crowd import Crowd
from .live_stage import (
    Program,
    daphne,
    free_port,
    layer_sender,
    redis,
    running,
    say,
    signed_in_cookie,
    uvicorn,
)


SOCKETS = int(os.environ.get("SOCKETS", "1000"))
ROUNDS = 20
RUNS = int(os.environ.get("RUNS", "3"))
BURST = 4.0
# Versions of equal length make frames of equal length.
FIRST = 100_000_000


def main() -> None:
    port = free_port()
    os.environ["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    with redis(port):
        cookie, join = _prepare()
        cpu, memory, rates = _beside_channels(cookie, join)
        say(
            name=f"live: CPU per delivery, {SOCKETS} sockets, daphne; bare Channels",
            ours=cpu["hub"],
            reference=cpu["bare"],
            unit="us",
            at_most=0.15,
        )
        say(
            name="live: memory per socket, daphne; bare Channels",
            ours=memory["hub"],
            reference=memory["bare"],
            unit="KB",
        )
        _beside_ws(cookie, join, rates)


def _prepare() -> tuple[str, str]:
    """An empty site with one person; their cookie, and what their browsers say to join."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.utils import timezone

    from oms_portal.fragments.tickets import ticket
    from oms_portal.live import Topic

    from .live_app import TICKER, TOPIC

    call_command("migrate", run_syncdb=True, verbosity=0)
    Topic.objects.create(key=TOPIC, version=FIRST, changed_at=timezone.now())
    user = get_user_model().objects.create_user("ann", "ann@example.com")
    topics = [[TICKER.name, ticket(TICKER, user.pk), 0]]
    return signed_in_cookie(user), json.dumps({"op": "sub", "topics": topics})


def _hub_crowd(server: Program, cookie: str, join: str) -> Crowd:
    headers = {"Cookie": cookie, "Sec-WebSocket-Protocol": "oms.live.v1"}
    crowd = Crowd(server.port, "/ws/portal/", SOCKETS, headers)
    _one_each(crowd)
    crowd.say(join)
    _one_each(crowd)
    return crowd


def _beside_channels(cookie: str, join: str) -> Any:
    """Medians of runs that take turns: CPU in microseconds a delivery, memory in KB a socket."""
    from oms_portal import live

    from .live_app import GROUP, TOPIC

    cpu: dict[str, list[float]] = {"hub": [], "bare": []}
    memory: dict[str, list[float]] = {"hub": [], "bare": []}
    rates: list[float] = []
    text = "x" * 330
    with layer_sender() as send:
        for _ in range(RUNS):
            with daphne(free_port()) as server:
                before = _warm(server, "/ws/bare/", {})
                crowd = Crowd(server.port, "/ws/bare/", SOCKETS, {})
                crowd.settle()
                memory["bare"].append((server.memory - before) / SOCKETS)
                push = partial(send, GROUP, {"type": "bench.frame", "text": text})
                cpu["bare"].append(_cpu_per_delivery(server, crowd, push))
                crowd.close()
            with daphne(free_port()) as server:
                given = {"Cookie": cookie, "Sec-WebSocket-Protocol": "oms.live.v1"}
                before = _warm(server, "/ws/portal/", given)
                crowd = _hub_crowd(server, cookie, join)
                memory["hub"].append((server.memory - before) / SOCKETS)
                cpu["hub"].append(_cpu_per_delivery(server, crowd, lambda: live.changed(TOPIC)))
                rates.append(_burst(crowd))
                crowd.close()
    median = {"cpu": cpu, "memory": memory}
    found = {
        what: {who: statistics.median(values) for who, values in by.items()}
        for what, by in median.items()
    }
    return found["cpu"], found["memory"], rates


def _warm(server: Program, path: str, headers: dict[str, str]) -> float:
    """Memory of a server that has served a few sockets already."""
    crowd = Crowd(server.port, path, 10, headers)
    crowd.settle()
    memory = server.memory
    crowd.close()
    return memory


def _one_each(crowd: Crowd) -> int:
    """Wait until every socket got one frame; the bytes of a frame, which are the same for all."""
    size = crowd.first_frame()
    missing = (len(crowd) - 1) * size
    got = crowd.read(missing, 60)
    if got != missing:
        raise RuntimeError(f"{got} bytes instead of {missing}")
    return size


def _cpu_per_delivery(server: Program, crowd: Crowd, push: Callable[[], None]) -> float:
    push()
    _one_each(crowd)
    before = server.cpu
    for _ in range(ROUNDS):
        push()
        _one_each(crowd)
    return (server.cpu - before) * 1e6 / (ROUNDS * len(crowd))


def _burst(crowd: Crowd) -> float:
    """Deliveries a second while another process commits changes without a pause."""
    from oms_portal import live

    from .live_app import TOPIC

    live.changed(TOPIC)
    size = _one_each(crowd)
    writer = subprocess.Popen([sys.executable, "-m", "benchmarks.peers.live_writer"])
    try:
        crowd.read(1, 30)
        return _rate(crowd, size)
    finally:
        writer.kill()
        writer.wait()
        crowd.settle()


def _rate(crowd: Crowd, size: float) -> float:
    crowd.read(seconds=1)
    started = time.monotonic()
    got = crowd.read(seconds=BURST)
    return got / size / (time.monotonic() - started)


def _beside_ws(cookie: str, join: str, on_daphne: list[float]) -> None:
    name = f"live: deliveries/s, {SOCKETS} sockets, {{}}; node's ws"
    package, why = _node_package()
    if why:
        say(name=name.format("daphne and uvicorn"), why=why)
        return
    theirs, on_uvicorn = [], []
    for _ in range(RUNS):
        port = free_port()
        script = os.path.join(os.path.dirname(__file__), "live_ws.js")
        os.environ["NODE_PATH"] = package
        with running("node", script, str(port), "x" * 330, port=port) as server:
            crowd = Crowd(port, "/", SOCKETS, {})
            crowd.say(str(int(BURST + 3)), only=1)
            theirs.append(_rate(crowd, 330 + 4))
            crowd.close()
        with uvicorn(free_port()) as server:
            crowd = _hub_crowd(server, cookie, join)
            on_uvicorn.append(_burst(crowd))
            crowd.close()
    reference = statistics.median(theirs)
    for where, rates, goal in (("daphne", on_daphne, 0.4), ("uvicorn+uvloop", on_uvicorn, 1.0)):
        say(
            name=name.format(where),
            ours=statistics.median(rates),
            reference=reference,
            unit="1/s",
            at_least=goal,
        )


def _node_package() -> tuple[str, str]:
    """Where node finds ``ws``, and why it can't."""
    missing = [program for program in ("node", "npm") if shutil.which(program) is None]
    if missing:
        return "", f"{' and '.join(missing)} not installed (Debian: apt-get install nodejs npm)"
    folder = os.environ["BENCH_FOLDER"]
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, "ws"]
    try:
        subprocess.run(command, check=True, timeout=60, stdout=subprocess.DEVNULL)
    except (subprocess.SubprocessError, OSError) as error:
        return "", f"npm could not install ws: {error}"
    return os.path.join(folder, "node_modules"), ""


if __name__ == "__main__":
    main()
