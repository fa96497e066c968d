"""Take the pictures of the docs: ``make pictures``.

The demo is started from nothing, a story is told to it, and both houses are seen in light and
dark, on a phone and on a desk, in Arabic, and on paper; and the returns desk at work.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from .conftest import CHROMIUM, CHROMIUM_FLAGS
from .demo import ROOT, Site
from .flows.desk import Desk, practice
from .services import wait_until


FOLDER = ROOT / "docs" / "pictures"
LARGEST, LARGEST_ALL = 150_000, 2_000_000
CUSTOMER, COMPANY = "admin@hafenwerk.example", "C-10001"
STAFF = "returns@brannfeld.example"
# Of this order one delivery can still be changed, and another is being picked.
SPLIT = "SO-110001"
# Of this one parts were sent back by the demo's own story, and more can be.
ARRIVED = "SO-110015"
# What happens to the order that the pictures tell of: part of it comes, the rest waits for stock.
STORY = ("confirm", "ship_part", "scan", "backorder", "out_for_delivery")


class Shot(NamedTuple):
    """One picture; in the path ``{order}`` is the order of the story, ``{back}`` a return with a
    label. A path with ".png" in it is a picture already."""

    name: str
    path: str
    house: str = "brannfeld"
    width: int = 1280
    scheme: str = "light"
    language: str = "en"
    height: int = 900
    media: str = "screen"
    ask: bool = False


SHOTS = (
    Shot("overview-brannfeld", "/portal/"),
    Shot("overview-kranich-dark", "/portal/", "kranich", scheme="dark"),
    Shot("columns-brannfeld", "/overview/"),
    Shot("orders-brannfeld-dark", "/portal/orders/", scheme="dark"),
    Shot("orders-kranich", "/portal/orders/", "kranich"),
    Shot("order-brannfeld", "/portal/orders/{order}/", height=1500),
    Shot("order-kranich-phone", "/portal/orders/{order}/", "kranich", 390, height=1100),
    Shot("order-arabic-phone", "/portal/orders/{order}/", "kranich", 390, "dark", "ar", 1100),
    Shot("orders-german-phone", "/my-orders/", "brannfeld", 390, "light", "de", 1100),
    Shot("tracker-kranich", "/", "kranich", height=1400, ask=True),
    Shot("tracker-brannfeld-phone", "/track/", width=390, scheme="dark", height=1100, ask=True),
    Shot("updates-brannfeld", "/portal/updates/"),
    Shot("documents-kranich", "/portal/documents/", "kranich"),
    Shot("change-brannfeld", f"/portal/orders/{SPLIT}/change/", height=1400),
    Shot(
        "change-kranich-phone",
        f"/portal/orders/{SPLIT}/change/",
        "kranich",
        390,
        "dark",
        "de",
        1100,
    ),
    Shot("return-brannfeld", "/portal/returns/{back}/", height=1300),
    Shot(
        "return-kranich-phone",
        f"/portal/returns/new/?order={ARRIVED}",
        "kranich",
        390,
        "dark",
        height=1100,
    ),
    Shot("return-label", "/portal/returns/{back}/label/1/return.png?size=4x6"),
    Shot("order-print", "/portal/orders/{order}/", width=794, height=1123, media="print"),
)

# Taken one after the other, for each is a step of the same work.
DESK = ("desk-receive", "desk-inspect", "desk-queues")


def tell(site: Site) -> str:
    """The number of the order that went through the story; orders too small for it are left."""
    while True:
        order = str(site.press("new_order", company=COMPANY, wait=True)["order"])
        if all(_happens(site, verb, order) for verb in STORY):
            return order


def send_back(site: Site) -> str:
    """The number of a return with a label; the demo makes one in each stage, this one second."""
    numbers: list[str] = re.findall(r"R\d{10}", site.manage("load_example_returns"))
    return numbers[1]


def _happens(site: Site, verb: str, order: str) -> bool:
    try:
        site.press(verb, order=order, wait=True)
    except HTTPError as refused:
        if refused.code != 409:
            raise
        return False
    return True


def at_the_desk(site: Site, browser: Browser) -> Iterator[bytes]:
    """A van is unloaded; of a return with a damaged piece one is missing; it is inspected."""
    desk, returns = Desk(site, browser, STAFF), practice(site)
    desk.page.set_viewport_size({"width": 1280, "height": 1000})
    desk.open("/admin/oms/returns/")
    desk.scan(*(code for each in returns[:5] for code in each["parcels"]))
    desk.all_sent()
    told = returns[0]
    desk.receive(told["number"])
    for line in told["lines"][:-1]:
        desk.scan(*_codes(line))
    desk.press("F8")
    desk.scan(*_codes(told["lines"][-1])[1:])
    desk.all_sent()
    *first, last = (line["quantity"] for line in told["lines"])
    desk.comes_to_count(*first, str(int(last) - 1))
    yield desk.page.screenshot()
    desk.done_counting()
    # What was done is said once, and in no picture.
    desk.page.reload()
    yield desk.page.screenshot()
    desk.open("/admin/oms/returns/")
    yield desk.page.screenshot()
    desk.context.close()


def _codes(line: dict[str, Any]) -> list[str]:
    """What is on each piece of it, as a scanner reads it."""
    gtin, serials = line["gtin"], line["serials"]
    if not serials:
        return [f"]E0{gtin}"] * int(line["quantity"])
    return [f"]d201{gtin:0>14}21{serial}" for serial in serials]


class Camera:
    def __init__(self, site: Site, browser: Browser, order: str, back: str) -> None:
        self.site, self.browser = site, browser
        self.names = {"order": order, "back": back}
        self.sessions: dict[str, Any] = {}

    def take(self, shot: Shot) -> bytes:
        base = self._base(shot.house)
        context = self.browser.new_context(
            base_url=base,
            viewport={"width": shot.width, "height": shot.height},
            device_scale_factor=2 if shot.width < 500 else 1,
            color_scheme="dark" if shot.scheme == "dark" else "light",
            storage_state=self._session(base),
        )
        context.add_cookies([{"name": "django_language", "value": shot.language, "url": base}])
        page = context.new_page()
        page.emulate_media(media="print" if shot.media == "print" else "screen")
        path = shot.path.format(**self.names)
        if ".png" in path:
            return self._paper(context, path)
        page.goto(path)
        if shot.ask:
            page.fill("input[name=order]", self.names["order"])
            page.keyboard.press("Enter")
        self._settle(page)
        picture = page.screenshot()
        context.close()
        return picture

    def _paper(self, context: BrowserContext, path: str) -> bytes:
        """A label, once it is proven."""
        worker, log = self.site.processes["worker"], self.site.folder / "worker.log"
        wait_until(lambda: context.request.get(path).ok, "there is a label", 60, worker, log)
        paper = context.request.get(path).body()
        context.close()
        return paper

    def _base(self, house: str) -> str:
        host = "kranich.localhost" if house == "kranich" else "127.0.0.1"
        return f"http://{host}:{self.site.ports[0]}"

    def _session(self, base: str) -> Any:
        if base not in self.sessions:
            page = self.browser.new_context(base_url=base).new_page()
            page.goto("/accounts/login/")
            page.fill("input[name=login]", CUSTOMER)
            page.fill("input[name=password]", self.site.password_of(CUSTOMER))
            page.click("main form button[type=submit] >> nth=0")
            page.wait_for_url("**/portal/**")
            # The greeting is said once, and in no picture.
            page.goto("/portal/people/")
            self.sessions[base] = page.context.storage_state()
            page.context.close()
        return self.sessions[base]

    @staticmethod
    def _settle(page: Page) -> None:
        """Until all that is live on the page says so; forms that are only sent have nothing live."""
        if not page.locator("oms-live").count():
            return
        page.locator("oms-live .oms-fragment").first.wait_for()
        waiting = page.locator("oms-live:has(.oms-fragment):not([data-state=live])")
        expect(waiting).to_have_count(0, timeout=30_000)
        page.evaluate("document.fonts.ready")


def small(picture: bytes) -> bytes:
    """As WebP, as good as fits."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for quality in (86, 76, 64, 50):
        packed = io.BytesIO()
        image.save(packed, "WEBP", quality=quality, method=6)
        if packed.tell() <= LARGEST:
            break
    return packed.getvalue()


def keep(name: str, picture: bytes) -> None:
    (FOLDER / f"{name}.webp").write_bytes(small(picture))
    print(name, flush=True)


def main(wanted: list[str]) -> int:
    shots = [shot for shot in SHOTS if not wanted or shot.name in wanted]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(Path(folder))
        try:
            site.prepare()
            site.start_web()
            site.start_worker()
            site.start_erp(60)
            site.wait_until_told()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
            camera = Camera(site, browser, tell(site), send_back(site))
            for shot in shots:
                keep(shot.name, camera.take(shot))
            if any(name in DESK for name in wanted or DESK):
                for name, picture in zip(DESK, at_the_desk(site, browser), strict=True):
                    keep(name, picture)
            browser.close()
        finally:
            site.stop()
    total = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{total} bytes in {FOLDER.relative_to(ROOT)}")
    return 0 if total <= LARGEST_ALL else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
