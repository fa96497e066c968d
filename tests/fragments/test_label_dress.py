"""The brand on paper: black dots, whatever the logo's colours are."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.images import get_image_model

from oms_portal.brand.models import PortalBrand
from oms_portal.fragments.label_dress import dotted, dress
from oms_portal.returns import dress as dresses
from oms_portal.returns.labels.data import Dress
from oms_portal.returns.models import Return
from tests import factories


BLUE = (10, 90, 156, 255)


def inked(logo: tuple[bytes, int, int], x: int, y: int) -> bool:
    bits, width, _ = logo
    row = (width + 7) // 8
    return bool(bits[y * row + x // 8] >> (7 - x % 8) & 1)


def two_halves(size: tuple[int, int], mode: str = "RGBA") -> Image.Image:
    """Blue on the left, nothing on the right."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    picture.paste(BLUE, (0, 0, size[0] // 2, size[1]))
    return picture.convert(mode)


@pytest.mark.once
@pytest.mark.parametrize("size", [(1000, 100), (100, 1000), (40, 12), (3, 3)], ids=str)
def test_a_logo_is_as_large_as_its_space_and_as_wide_as_it_was(size):
    bits, width, height = dotted(two_halves(size))
    assert width <= 400 and height <= 120
    assert width == 400 or height == 120
    assert len(bits) == (width + 7) // 8 * height


@pytest.mark.once
def test_a_colour_is_black_and_what_is_clear_is_paper():
    logo = dotted(two_halves((400, 120)))
    assert inked(logo, 50, 60) and inked(logo, 150, 100)
    assert not inked(logo, 350, 60)


@pytest.mark.once
def test_a_white_logo_would_not_be_seen():
    with pytest.raises(ValueError, match="white on white"):
        dotted(Image.new("RGBA", (100, 30), (255, 255, 255, 255)))


@pytest.mark.once
def test_a_dress_is_frozen_with_the_label_and_comes_back_the_same():
    worn = Dress("Brannfeld", dotted(two_halves((400, 120))), "#0a5a9c", "Questions?")
    assert dresses.read(dresses.frozen(worn)) == worn
    assert dresses.read(dresses.frozen(Dress())) == Dress()


@pytest.fixture
def kept(db: Any, settings: Any, tmp_path: Any) -> PortalBrand:
    settings.MEDIA_ROOT = tmp_path
    site = factories.site()
    out = BytesIO()
    two_halves((400, 120)).save(out, "PNG")
    logo = get_image_model().objects.create(
        title="Logo", file=ImageFile(BytesIO(out.getvalue()), name="logo.png")
    )
    return PortalBrand.objects.create(
        site=site, name="Brannfeld", accent="#0a5a9c", logo=logo, footer="\nAsk us\nx"
    )


def test_labels_bear_the_brand_of_the_site(kept):
    worn = dress(Return())
    assert (worn.name, worn.accent, worn.footer) == ("Brannfeld", "#0a5a9c", "Ask us")
    assert worn.logo is not None and worn.logo[1:] == (400, 120)


def test_a_logo_whose_file_is_gone_keeps_no_label_back(kept):
    kept.logo.file.storage.delete(kept.logo.file.name)
    worn = dress(Return())
    assert (worn.name, worn.logo) == ("Brannfeld", None)


def test_a_site_without_a_brand_is_called_by_its_name(db):
    factories.site()
    assert dress(Return()).name == "Test host"
