"""A mail server as small as one can be, that refuses, hangs and drops lines at will."""

from __future__ import annotations

import email
import email.policy
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """``taken`` are the messages it said 250 to. ``answers`` say what else it replies, by command
    ("RCPT", "." for the end of a message); ``before`` is called before it replies to the end."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.taken: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.connections = 0
        self.before: Callable[[], None] = lambda: None

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for message in self.taken]


class _Dialogue(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        self.server.connections += 1
        self.say("220 mail.example")
        while line := self.rfile.readline():
            verb = line[:4].decode().strip().upper()
            if answer := self.server.answers.get(verb):
                self.say(answer)
            elif verb == "DATA":
                self.message()
            elif verb == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")

    def message(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.before()
        answer = self.server.answers.get(".", "250 taken")
        if answer.startswith("250"):
            raw = b"".join(lines)
            self.server.taken.append(email.message_from_bytes(raw, policy=email.policy.default))
        if answer.endswith("and gone"):
            return self.connection.shutdown(socket.SHUT_RDWR)
        self.say(answer)

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def serving() -> Iterator[MailServer]:
    server = MailServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
