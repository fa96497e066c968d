"""What a marketer meets in Wagtail: what is refused, what is drawn, what reaches the pages."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from oms_portal.brand import keeping
from oms_portal.brand.models import PortalBrand
from tests import factories


pytestmark = pytest.mark.django_db

SHEET = "/portal/brand.css"


@pytest.fixture
def site() -> Site:
    return factories.site()


def brand(site: Site, **fields: Any) -> PortalBrand:
    made = PortalBrand(site=site, **fields)
    made.full_clean()
    made.save()
    return made


def errors(**fields: str) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        PortalBrand(**fields).clean()
    return refused.value.message_dict


def second_site() -> Site:
    page = Page.get_first_root_node()
    return Site.objects.create(hostname="kranich.example", root_page=page, site_name="Kranich")


@pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "a;}body{"])
def test_a_colour_is_six_digits(text: str) -> None:
    assert "#rrggbb" in errors(accent=text)["accent"][0]


def test_a_colour_that_is_hard_to_read_is_refused_with_one_that_is_not() -> None:
    (said,) = errors(accent="#ffcc00")["accent"]
    assert "1.51 to 1" in said and "4.5 to 1" in said
    proposed = re.findall(r"#[0-9a-f]{6}", said)[0]
    PortalBrand(accent=proposed).clean()


def test_the_dark_colour_is_measured_on_a_dark_page() -> None:
    (said,) = errors(accent="#0a5a9c", accent_dark="#0a5a9c")["accent_dark"]
    assert "dark page" in said
    proposed = re.findall(r"#[0-9a-f]{6}", said)[0]
    PortalBrand(accent="#0a5a9c", accent_dark=proposed).clean()
    assert list(errors(accent_dark="#ffffff")) == ["accent_dark"]


def test_the_sheet_holds_what_is_set_and_nothing_else(client: Client, site: Site) -> None:
    assert client.get(SHEET).content == b""
    made = brand(site, corners="square")
    assert client.get(SHEET).content == b":root{--oms-radius:0px;}"
    made.accent, made.heading_font = "#5b2a86", "serif"
    made.save()
    sheet = client.get(SHEET).content.decode()
    light, dark = re.findall(r"--oms-accent:light-dark\((#.{6}), (#.{6})\)", sheet)[0]
    assert light == "#5b2a86" and dark != light
    assert "--oms-on-accent:light-dark(#ffffff, #000000)" in sheet
    assert "--oms-heading-font:Charter" in sheet and "--oms-font:" not in sheet


def test_what_never_was_checked_never_reaches_the_sheet(client: Client, site: Site) -> None:
    PortalBrand.objects.create(site=site, accent="};a{b", corners="x;}", font="};")
    assert client.get(SHEET).content == b""


def test_every_site_has_its_own_sheet_and_caches_may_keep_it(client: Client, site: Site) -> None:
    brand(site, accent="#5b2a86")
    other = second_site()
    brand(other, accent="#0f6b3c")
    first = client.get(SHEET)
    assert "#5b2a86" in first.content.decode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.ALLOWED_HOSTS", ["*"])
        theirs = client.get(SHEET, headers={"host": "kranich.example"}).content.decode()
    assert "#0f6b3c" in theirs and "#5b2a86" not in theirs
    assert first["Cache-Control"] == "public, max-age=60"
    assert first["Content-Type"].startswith("text/css")
    assert "Cookie" not in first.get("Vary", "")
    again = client.get(SHEET, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    kept = PortalBrand.objects.get(site=site)
    kept.accent = "#0a5a9c"
    kept.save()
    assert client.get(SHEET, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_pages_wear_the_brand(client: Client, site: Site) -> None:
    brand(
        site,
        name="Kranich & Söhne",
        support_phone="+49 (40) 55 50-200",
        support_email="help@kranich.example",
        footer="First line\nSecond line",
    )
    client.force_login(factories.person(company=factories.customer("C1")))
    page = client.get("/portal/orders/").content.decode()
    head, body = page.split("</head>")
    assert "Kranich &amp; Söhne</title>" in head
    assert head.index("oms_portal.css") < head.index(SHEET)
    assert "Kranich &amp; Söhne</span>" in body
    assert 'href="tel:+49405550200"' in body and 'href="mailto:help@kranich.example"' in body
    assert "First line<br>Second line" in body
    assert re.findall(r'aria-current="page">.*?oms-nav-word">(\w+)<', body, re.S) == ["Orders"]
    assert "style=" not in page and "<style" not in page


def test_without_a_brand_a_page_says_the_sites_name(client: Client, site: Site) -> None:
    site.site_name = "Plain"
    site.save()
    client.force_login(factories.person(company=factories.customer("C1")))
    page = client.get("/portal/orders/").content.decode()
    assert "Plain</span>" in page and "oms-support" not in page


def test_a_brand_is_held_for_a_moment_and_an_edit_is_seen_at_once(
    site: Site, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def name() -> str:
        page = RequestFactory().get("/", headers={"host": "testserver"})
        return keeping.house_of(page).brand.name

    kept = brand(site, name="Kranich")
    assert name() == "Kranich"
    with django_assert_num_queries(0):
        assert name() == "Kranich"
    kept.name = "Reiher"
    kept.save()
    assert name() == "Reiher"
    # As another process edits it.
    PortalBrand.objects.update(name="Storch")
    assert name() == "Reiher"
    later = keeping.time.monotonic() + keeping.SECONDS
    monkeypatch.setattr(keeping.time, "monotonic", lambda: later)
    assert name() == "Storch"
    keeping.drop()


def test_a_logo_comes_in_two_sizes_and_may_go_missing(
    site: Site, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = BytesIO()
    Picture.new("RGB", (960, 192), "teal").save(file, "PNG")
    logo = get_image_model().objects.create(title="Logo", file=ImageFile(file, "logo.png"))
    kept = brand(site, name="Kranich", logo=logo)
    found = keeping.house_of(RequestFactory().get("/", headers={"host": "testserver"})).brand.logo
    assert found and (found.width, found.height) == (240, 48)
    assert found.url != found.url_large
    logo.renditions.all().delete()
    (tmp_path / logo.file.name).unlink()
    keeping.drop()
    page = Client()
    page.force_login(factories.person(company=factories.customer("C1")))
    assert "Kranich</span>" in page.get("/portal/orders/").content.decode()
    kept.delete()


def test_an_editor_sees_the_brand_before_it_is_saved(admin_client: Client, site: Site) -> None:
    url = reverse("wagtailsettings:edit", args=["oms_portal", "portalbrand", site.pk])
    preview = reverse(
        "wagtailsettings:preview_on_edit", args=["oms_portal", "portalbrand", site.pk]
    )
    assert admin_client.get(url).status_code == 200
    form = {"name": "Kranich", "accent": "#5b2a86", "corners": "round"}
    assert admin_client.post(preview, form).json()["is_valid"] is True
    page = admin_client.get(preview).content.decode()
    assert "Kranich" in page and "oms-tracker" in page
    sheet = unescape(re.findall(r'href="([^"]*brand\.css\?look=[^"]+)"', page)[0])
    assert "#5b2a86" in admin_client.get(sheet).content.decode()
    assert not PortalBrand.objects.filter(accent="#5b2a86").exists()
    assert Client().get(f"{SHEET}?look=forged").content == b""
    assert admin_client.post(preview, {"accent": "#ffff00"}).json()["is_valid"] is False


def test_who_may_change_one_sites_brand_may_not_change_the_others(
    client: Client, site: Site
) -> None:
    from wagtail.models import GroupSitePermission

    other = second_site()
    marketers = Group.objects.create(name="Marketers of Kranich")
    change = Permission.objects.get(codename="change_portalbrand")
    marketers.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupSitePermission.objects.create(group=marketers, site=other, permission=change)
    person = factories.person("max@kranich.example")
    person.groups.add(marketers)
    client.force_login(person)
    args = ["oms_portal", "portalbrand"]
    assert client.get(reverse("wagtailsettings:edit", args=[*args, other.pk])).status_code == 200
    answer = client.get(reverse("wagtailsettings:edit", args=[*args, site.pk]))
    assert answer.status_code == 302
