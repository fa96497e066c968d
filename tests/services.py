"""PostgreSQL and Redis of our own: on free ports, in temporary folders, gone at the end.

Run a command with both: ``python -m tests.services pytest tests`` sets DATABASE_URL and REDIS_URL.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any


class Missing(Exception):
    """The service can't be started here; the text says what to install."""


def free_port() -> int:
    """Of those below what Linux gives to whoever calls out: it stays free while a server is away."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def wait_until(
    true: Callable[[], Any], what: str, seconds: float = 30, process: Any = None, log: Any = None
) -> Any:
    """What ``true`` returns once that is truthy; AssertionError with the log's end otherwise."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := true():
            return result
        if process is not None and process.poll() is not None:
            break
        time.sleep(0.05)
    tail = Path(log).read_text(errors="replace")[-4000:] if log else ""
    raise AssertionError(f"{what} within {seconds} s, but not so. {tail}")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def end_with_parent() -> None:
    """For ``preexec_fn``: Linux ends the child when this process is killed outright."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server of our own; gives its DATABASE_URL."""
    programs = _postgres_programs()
    who = _postgres_user()
    with _folder("oms-postgres-", who.get("user")) as folder:
        data, log = folder / "data", folder / "log"
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "oms", "-A", "trust", "-E", "UTF8", "-N"]
            + ["--locale=C.UTF-8"],
            check=True,
            capture_output=True,
            cwd=folder,
            **who,
        )
        port = free_port()
        command = [programs / "postgres", "-D", data, "-k", folder, "-h", "127.0.0.1"]
        options = {"port": port, "fsync": "off", "full_page_writes": "off", "max_connections": 200}
        for key, value in options.items():
            command += ["-c", f"{key}={value}"]
        with _running(command, log, folder, who) as process:
            url = f"postgresql://oms@127.0.0.1:{port}/"
            wait_until(lambda: _creates_database(url), "PostgreSQL answers", 120, process, log)
            yield f"{url}oms"


def _postgres_programs() -> Path:
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise Missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def _postgres_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as Debian's user for it."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise Missing("as root, PostgreSQL needs a user named postgres to run as") from None
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _creates_database(url: str) -> bool:
    import psycopg

    try:
        with psycopg.connect(f"{url}postgres", autocommit=True, connect_timeout=3) as connection:
            connection.execute("CREATE DATABASE oms")
    except psycopg.errors.DuplicateDatabase:
        return True
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def redis() -> Iterator[str]:
    """A Redis server of our own; gives its REDIS_URL."""
    program = shutil.which("redis-server")
    if program is None:
        raise Missing("Redis is not installed (Debian: apt-get install redis-server)")
    with _folder("oms-redis-") as folder:
        port, log = free_port(), folder / "log"
        command = [program, "--port", port, "--bind", "127.0.0.1", "--dir", folder]
        command += ["--save", "", "--appendonly", "no"]
        with _running(command, log, folder) as process:
            wait_until(lambda: listens(port), "Redis answers", 120, process, log)
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _folder(prefix: str, user: int | None = None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        if user is not None:
            os.chown(name, user, -1)
        yield Path(name)


@contextmanager
def _running(
    command: list[Any], log: Path, folder: Path, who: dict[str, Any] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    with open(log, "wb") as out:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
            preexec_fn=end_with_parent,
            **(who or {}),
        )
    try:
        yield process
    finally:
        # PostgreSQL's fast shutdown; Redis ends on it too.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main(command: list[str]) -> int:
    with ExitStack() as stack:
        try:
            started = {
                "DATABASE_URL": stack.enter_context(postgres()),
                "REDIS_URL": stack.enter_context(redis()),
            }
        except Missing as reason:
            print(f"SKIPPED on PostgreSQL and Redis: {reason}", flush=True)
            return 1 if os.environ.get("CI") == "true" else 0
        return subprocess.run(command, env=os.environ | started).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
