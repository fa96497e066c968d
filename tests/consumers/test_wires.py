"""The short way out writes whole frames or nothing, and is taken only where it is known."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from oms_portal.consumers.frames import Frame
from oms_portal.consumers.wires import WINDOW, DaphneWire, UvicornWire, wire_of


class Transport:
    """As much of Twisted's transport as the wire looks at; the kernel takes ``room`` bytes."""

    def __init__(self, room: int = 10**6) -> None:
        self.dataBuffer, self.offset, self._tempDataLen = b"", 0, 0
        self.disconnecting, self.connected = False, True
        self.room = room
        self.kernel = self.buffered = b""

    def writeSomeData(self, data: bytes) -> Any:
        taken, self.room = data[: self.room], max(0, self.room - len(data))
        self.kernel += taken
        return len(taken)

    def write(self, data: bytes) -> None:
        self.buffered += data
        self._tempDataLen += len(data)


def daphne(transport: Transport, state: int = 3, queue: Any = ()) -> DaphneWire:
    return DaphneWire(SimpleNamespace(transport=transport, state=state, send_queue=queue))


def test_a_frame_goes_to_the_kernel_and_its_rest_to_the_buffer():
    transport = Transport(room=4)
    assert daphne(transport).write(b"whole frame")
    assert (transport.kernel, transport.buffered) == (b"whol", b"e frame")


def test_what_waits_keeps_its_place_in_front():
    transport = Transport()
    transport.write(b"first ")
    assert daphne(transport).write(b"second")
    assert (transport.kernel, transport.buffered) == (b"", b"first second")


@pytest.mark.parametrize("why", ["closing", "closed", "amid a message", "too much waits", "lost"])
def test_nothing_is_written_where_it_does_not_fit(why):
    transport = Transport()
    wire = daphne(
        transport, state=2 if why == "closed" else 3, queue=[1] if why == "amid a message" else []
    )
    transport.disconnecting = why == "closing"
    if why == "too much waits":
        transport._tempDataLen = WINDOW + 1
    if why == "lost":
        transport.writeSomeData = lambda data: ConnectionError()
    assert not wire.write(b"frame")
    assert (transport.kernel, transport.buffered) == (b"", b"")


@pytest.mark.parametrize(("waits", "written"), [(0, True), (WINDOW + 1, False)])
def test_uvicorn_is_written_to_while_little_waits(waits, written):
    heard: list[bytes] = []
    transport = SimpleNamespace(
        is_closing=lambda: False, get_write_buffer_size=lambda: waits, write=heard.append
    )
    protocol = SimpleNamespace(transport=transport, close_sent=False, conn=SimpleNamespace(state=1))
    assert UvicornWire(protocol).write(b"frame") is written
    assert heard == [b"frame"] * written


def test_unknown_servers_get_the_plain_way():
    async def send(message: Any) -> None: ...

    assert wire_of(send) is None
    assert wire_of(partial(send, object())) is None
    assert wire_of(partial(send)) is None


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_frames_are_those_of_rfc_6455(size):
    from websockets.frames import Frame as Reference
    from websockets.frames import Opcode

    reference = Reference(Opcode.TEXT, b"x" * size).serialize(mask=False)
    assert Frame(b"x" * size).wire == reference
