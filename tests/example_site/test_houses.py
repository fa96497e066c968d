"""Two houses on one server: each host name has its pages, its look and its words of the brand."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from http.client import HTTPMessage

import pytest

from tests.demo import Site


pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("houses"))
    try:
        site.prepare()
        site.start_web()
        yield site
    finally:
        site.stop()


def get(
    site: Site, path: str, house: str = "localhost", cookie: str = ""
) -> tuple[str, HTTPMessage]:
    host = f"{house}:{site.ports[0]}"
    headers = {"Host": host, **({"Cookie": cookie} if cookie else {})}
    request = urllib.request.Request(f"{site.url()}{path}", headers=headers)
    opener = urllib.request.build_opener(_Stay)
    with opener.open(request, timeout=30) as response:
        return response.read().decode(), response.headers


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects and refusals are answers here."""

    def http_error_302(self, req, fp, code, msg, headers):
        return fp

    http_error_404 = http_error_302


def test_each_host_name_shows_its_own_house(site: Site) -> None:
    brannfeld, _ = get(site, "/")
    kranich, _ = get(site, "/", "kranich.localhost")
    assert "Machines that keep turning" in brannfeld and "brannfeld/brannfeld.css" in brannfeld
    assert "What a steady hand needs" in kranich and "kranich/kranich.css" in kranich
    assert "Brannfeld" not in kranich and "style=" not in kranich + brannfeld


def test_the_setting_dresses_one_house_and_the_style_sheet_the_other(site: Site) -> None:
    sheet, _ = get(site, "/portal/brand.css", "kranich.localhost")
    assert "--oms-accent:light-dark(#5b2a86" in sheet and "--oms-radius:0.875rem" in sheet
    assert get(site, "/portal/brand.css")[0] == ""
    frame, _ = get(site, "/portal/invitation/", "kranich.localhost")
    assert "Kranich Medical" in frame and "care@kranich.example" in frame
    assert 'class="oms-brand-logo" src="/media/images/' in frame
    inside, _ = get(site, "/portal/invitation/")
    assert "site-header" in inside and "service@brannfeld.example" in inside


def test_a_language_is_kept_and_turns_the_page_round(site: Site) -> None:
    page, _ = get(site, "/track/")
    assert '<html lang="en" dir="ltr">' in page
    _, headers = get(site, "/language/ar/?next=/track/")
    assert headers["Location"] == "/track/"
    cookie = headers["Set-Cookie"].split(";")[0]
    page, _ = get(site, "/track/", cookie=cookie)
    assert '<html lang="ar" dir="rtl">' in page
    _, headers = get(site, "/language/de/?next=//elsewhere.example/")
    assert headers["Location"] == "/"
