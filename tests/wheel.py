"""Build the wheel, look into it, and run the example site from it: ``python -m tests.wheel``.

The checkout is not on the path of that site: what the wheel lacks, it lacks there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from .demo import get
from .services import free_port, wait_until


ROOT = Path(__file__).resolve().parent.parent
PREPARE = [
    ["check"],
    ["migrate", "-v", "0"],
    ["createcachetable"],
    ["collectstatic", "--noinput", "-v", "0"],
    ["load_example_data"],
]
PAGES = {
    "/": "Machines that keep turning",
    "/my-orders/": "<oms-live",
    "/track/": "<oms-live",
    "/order/": "<oms-live",
    "/accounts/login/": "Sign in",
    "/portal/orders/": "Sign in",
    "/portal/api/v1/healthz": "",
    "/portal/api/v1/openapi.json": "3.1",
    "/static/oms_portal/oms_portal.js": "oms-live",
    "/static/oms_portal/oms_portal.css": ".oms-",
}


def build(folder: Path) -> Path:
    # What an earlier build left behind would be packed again, also what was deleted since.
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def missing_from(wheel: Path) -> list[str]:
    """What the checkout's package has and the wheel has not."""
    held = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "oms_portal"
    return [
        name
        for path in sorted(package.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
        if (name := str(path.relative_to(ROOT))) not in held
    ]


def strangers_in(wheel: Path) -> list[str]:
    """What is in the wheel and not in the checkout's package: tests, the demo, deleted modules."""
    names = [n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n]
    return [n for n in names if not n.startswith("oms_portal/") or not (ROOT / n).is_file()]


def install(wheel: Path, folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel]
    subprocess.run(command, check=True)
    return python


def run_site(python: Path, folder: Path) -> None:
    shutil.copytree(ROOT / "example_site", folder / "example_site")
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "DATABASE_URL")}
    port = free_port()
    environment = kept | {"DEMO_DIR": str(folder / "demo"), "PORT": str(port)}
    environment.pop("REDIS_URL", None)
    for step in PREPARE:
        command = [python, "example_site/manage.py", *step]
        subprocess.run(command, cwd=folder, env=environment, check=True)
    log = folder / "web.log"
    command = [python, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port)]
    with open(log, "wb") as out:
        web = subprocess.Popen(
            [*command, "example_site.asgi:application"],
            cwd=folder,
            env=environment,
            stdout=out,
            stderr=out,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: get(f"{url}/portal/api/v1/healthz"), "the site answers", 60, web, log)
        for path, text in PAGES.items():
            body = get(url + path)
            assert body is not None and text in body, f"{path} from the wheel: {body!r:.400}"
    finally:
        web.terminate()
        web.wait(15)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="oms-wheel-") as name:
        folder = Path(name)
        wheel = build(folder)
        files = zipfile.ZipFile(wheel).namelist()
        print(f"{wheel.name}: {len(files)} files")
        if lacking := missing_from(wheel):
            print("Missing from the wheel:", *lacking, sep="\n  ")
            return 1
        if strange := strangers_in(wheel):
            print("Not meant to be in the wheel:", *strange, sep="\n  ")
            return 1
        run_site(install(wheel, folder / "venv"), folder)
        shutil.copy2(wheel, _made(ROOT / "dist"))
        print(f"The example site runs from dist/{wheel.name}")
    return 0


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
