"""The test site in a process of its own, against the test database of the running test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from .services import end_with_parent, free_port, listens, wait_until


ROOT = Path(__file__).resolve().parent.parent


class Server:
    """``tests.site`` behind an ASGI server; ``kill`` is sudden, as a crash is."""

    def __init__(
        self,
        log: Path,
        program: str = "daphne",
        application: str = "tests.site.asgi:application",
        port: int = 0,
        **environment: str,
    ) -> None:
        self.port = port or free_port()
        self.log = log
        self.program = program
        self.application = application
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/portal/"

    def start(self) -> None:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
            "DATABASE_URL": database_url(),
            "PYTHONPATH": str(ROOT),
            **self.environment,
        }
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                self._command(),
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,
            )
        wait_until(lambda: listens(self.port), "the server listens", 120, self.process, self.log)

    def kill(self) -> None:
        """End it as a crash would: nothing is finished, nobody is told."""
        self._end("kill")

    def stop(self) -> None:
        self._end("terminate")

    def _end(self, how: str) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        getattr(process, how)()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _command(self) -> list[str]:
        module = [sys.executable, "-m", self.program, self.application]
        if self.program == "daphne":
            return [*module, "-b", "127.0.0.1", "-p", str(self.port), "-v", "1"]
        return [*module, "--host", "127.0.0.1", "--port", str(self.port), "--lifespan", "off"]


def database_url() -> str:
    """Where this test's database lies, for other processes."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return (
        f"postgresql://{quote(given['USER'])}:{quote(given['PASSWORD'])}"
        f"@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    )
