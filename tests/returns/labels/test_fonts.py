"""Faces: which character is printed in which, what none has, and what a PDF embeds."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from unicodedata import name

import pytest
import uharfbuzz as hb
from django.core.checks import run_checks
from django.test import override_settings

from oms_portal.returns.labels import fonts, text
from oms_portal.returns.labels.faults import MissingGlyph


pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("letters", "family"),
    [
        ("Aßłő1-", "NotoSans"),
        ("Ωδж№€", "NotoSans"),
        ("شريكم", "NotoSansArabic"),
        ("שלום", "NotoSansHebrew"),
        ("ถนน", "NotoSansThai"),
        ("हिन्दी", "NotoSansDevanagari"),
        ("თბილისი", "NotoSansGeorgian"),
        ("Երևան", "NotoSansArmenian"),
        ("北機駅ビルの。〒", "DroidSansFallback"),
        ("→≤", "NotoSansMath"),
    ],
)
def test_each_script_has_its_face(letters, family):
    for letter in letters:
        for bold in (False, True):
            assert fonts.covering(letter, bold).split("-")[0] == family, name(letter)


@pytest.mark.parametrize("character", ["😀", "\x00", "\ud800", "\ufffd", "한", "𒀀"])
def test_a_character_that_no_face_has_is_named(character):
    with pytest.raises(MissingGlyph) as refused:
        text.shaped(f"a{character}")
    words = str(refused.value)
    words.encode()
    assert f"U+{ord(character):04X}" in words
    assert refused.value.character == character


def test_a_subset_keeps_the_numbers_of_its_glyphs_and_little_else():
    face = fonts.face("NotoSans-Regular")
    gids = [glyph[0] for piece in text.shaped("Łódź 45").pieces for glyph in piece.glyphs]
    subset = hb.Font(hb.Face(face.subset(gids)))
    assert len(face.subset(gids)) < 6000
    for gid in gids:
        assert subset.get_glyph_h_advance(gid) == face.advance(gid)
        drawn, whole = (font.get_glyph_extents(gid) for font in (subset, face.font))
        assert drawn == whole


def test_a_glyph_says_its_letter():
    for told in ("Aßłő1-€", "Αθμ", "жШ"):
        for letter in told:
            ((piece),) = text.shaped(letter).pieces
            assert fonts.face(piece.face).text_of(piece.glyphs[0][0]) == letter


def test_measures_are_in_thousandths_of_the_em():
    for stem in ("NotoSans-Bold", "DroidSansFallback-Regular"):
        face = fonts.face(stem)
        left, bottom, right, top = face.bbox
        assert -1000 < bottom < 0 < 500 < top < 1500
        assert left < right
        assert -500 < face.descent < 0 < face.ascent < 1500


def test_licences_lie_beside_the_faces():
    told = {path.name for path in fonts.FACES.iterdir()}
    assert {"OFL-1.1.txt", "Apache-2.0.txt", "README.md"} <= told
    assert sum(path.stat().st_size for path in fonts.FACES.iterdir()) < 8_000_000


def test_threads_shape_alike():
    told = [f"Łódź {n} شارع 12-B 北風 {n}" for n in range(40)]

    def glyphs(line: str) -> list[object]:
        return [piece.glyphs for piece in text.shaped.__wrapped__(line).pieces]

    alone = [glyphs(line) for line in told]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(6) as pool:
            for found in pool.map(lambda _: [glyphs(line) for line in told], range(24)):
                assert found == alone
    finally:
        sys.setswitchinterval(before)


def test_a_site_adds_a_face_for_what_is_missing(tmp_path):
    # A face with the letter A under the number of a Korean syllable would prove as much.
    wanted = "\ue000"
    with pytest.raises(MissingGlyph):
        fonts.covering(wanted)
    path = tmp_path / "House-Regular.ttf"
    path.write_bytes(_moved(fonts.face("NotoSans-Regular").data))
    with override_settings(OMS_PORTAL={"LABEL_FONTS": [str(path)]}):
        assert fonts.covering(wanted) == "House-Regular"
        assert run_checks(tags=["oms_portal"], include_deployment_checks=False) is not None
    with pytest.raises(MissingGlyph):
        fonts.covering(wanted)


def _moved(data: bytes) -> bytes:
    """The face, saying U+E000 where it said "A"."""
    from io import BytesIO

    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(data))
    for table in font["cmap"].tables:
        if ord("A") in table.cmap:
            table.cmap[0xE000] = table.cmap[ord("A")]
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def test_a_file_that_is_no_face_is_found_by_the_checks(tmp_path):
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"\0\1\0\0not a font")
    with override_settings(OMS_PORTAL={"LABEL_FONTS": [str(broken), str(tmp_path / "gone.ttf")]}):
        told = [
            fault.msg for fault in run_checks(tags=["oms_portal"]) if fault.id == "oms_portal.E010"
        ]
    assert "is no TrueType font" in told[0]
    assert "No such file" in told[1]
