"""People of the demo in a real browser, or asking over HTTP as it does."""

from __future__ import annotations

import re
from typing import Any

from tests.demo import Site


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
_HIDDEN = re.compile(
    r'name="(csrfmiddlewaretoken|idempotency_key|version|seen)" value="([^"]*)"', re.ASCII
)


def enter(site: Site, browser: Any, email: str, **context: Any) -> Any:
    """A page of a browser of its own, of somebody who typed the address and the password."""
    page = browser.new_context(base_url=site.url(), **context).new_page()
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", site.password_of(email))
    page.click("main form button[type=submit] >> nth=0")
    page.wait_for_url("**/portal/**")
    return page


def watch(page: Any, order: str) -> Any:
    """The order's page, live; what is on it is never loaded anew."""
    page.goto(f"/portal/orders/{order}/")
    page.locator("oms-live[data-state=live] .oms-fragment").first.wait_for()
    page.evaluate("window.untouched = true")
    return page


def form_of(page: Any, order: str, **fields: str) -> tuple[str, dict[str, str]]:
    """Where the form of a change goes to, and what it holds when these fields are filled in."""
    path = f"/portal/orders/{order}/change/"
    hidden = dict(_HIDDEN.findall(page.request.get(path).text()))
    return path, {**hidden, "scope": "order", "do": "send", **fields}


def ask(page: Any, order: str, **fields: str) -> str:
    """Send a change of the whole order; the path of the request that it made."""
    path, form = form_of(page, order, **fields)
    headers = {"Origin": page.url.split("/portal")[0]}
    answer = page.request.post(path, form=form, headers=headers, max_redirects=0)
    assert answer.status == 303, (answer.status, answer.text()[-3000:])
    return str(answer.headers["location"])


def read(page: Any, path: str) -> str:
    """The words of a page, as it is when it is asked for now."""
    html = page.request.get(path).text()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
