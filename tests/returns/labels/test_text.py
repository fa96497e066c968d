"""Text in shapes and sizes: directions, joined letters, wrapping; nothing is lost or cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_portal.returns.labels import text
from oms_portal.returns.labels.faults import Unprintable
from oms_portal.returns.labels.fitting import Words, fit
from oms_portal.returns.labels.fonts import face


pytestmark = pytest.mark.once


def glyphs_of(line: str) -> list[tuple[str, int]]:
    return [(p.face, glyph[0]) for p in text.shaped(line).pieces for glyph in p.glyphs]


def test_a_house_number_in_arabic_stands_right_and_reads_right():
    line = text.shaped("12 شارع النخيل")
    assert line.rtl
    assert line.pieces[-1].text == "12"
    one, two = (glyph[0] for glyph in line.pieces[-1].glyphs)
    numbers = face("NotoSans-Regular").font
    assert (one, two) == (numbers.get_nominal_glyph(ord("1")), numbers.get_nominal_glyph(ord("2")))


def test_arabic_letters_are_joined_and_go_from_right_to_left():
    (piece,) = text.shaped("شركة").pieces
    alone = [text.shaped(letter).pieces[0].glyphs[0][0] for letter in "شركة"]
    assert piece.glyphs[0][0] != alone[-1] or piece.glyphs[-1][0] != alone[0]
    # Sheen begins the word: it stands at the right, in its initial form.
    assert piece.glyphs[-1][0] not in alone


def test_a_line_changes_its_face_with_the_script_and_goes_back():
    faces = [piece.face for piece in text.shaped("Unit 5 北風 Ωμέγα").pieces]
    assert faces == ["NotoSans-Regular", "DroidSansFallback-Regular", "NotoSans-Regular"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30))
def test_latin_put_together_from_pairs_is_what_shaping_gives(line):
    (quick,) = text.shaped(line).pieces
    whole = text._shape("NotoSans-Regular", line, False)
    assert [g[0] for g in quick.glyphs] == [g[0] for g in whole.glyphs]
    assert quick.width == pytest.approx(whole.width)


def test_text_is_cleaned_of_what_shows_nothing():
    assert text.clean(" a\t\nb\u200b \u202ec\u00a0\u2066d ") == "a b c d"
    assert text.clean("e\u0301") == "é"
    assert text.clean("a\x00b") == "a\x00b"


def test_marks_heaped_on_one_letter_are_refused():
    with pytest.raises(Unprintable, match="Too many marks"):
        text.shaped("Z" + "\u0301" * 12)


def test_what_fits_is_as_large_as_it_may_be_and_else_smaller():
    assert fit((Words("Short"),), 200, 40).size == 14
    shrunk = fit((Words("A name of some thirty letters"),), 170, 40)
    assert 9.5 <= shrunk.size < 14
    assert len(shrunk.lines) == 1


def test_what_is_long_is_wrapped_and_nothing_is_lost():
    told = "Vereinigte Werkzeugmaschinenfabriken Nordwestdeutschland und Partner Kommandit"
    block = fit((Words(told),), 150, 80)
    assert block.size >= 8
    assert len(block.lines) > 1
    assert all(line.width * block.size <= 150 for line in block.lines)
    assert " ".join(piece.text for line in block.lines for piece in line.pieces) == told


@pytest.mark.parametrize("told", ["北風機械株式会社東京支店営業部" * 3, "W" * 90, "شارع" * 40])
def test_words_without_spaces_are_wrapped_too(told):
    block = fit((Words(told),), 150, 300)
    assert all(line.width * block.size <= 150.01 for line in block.lines)
    assert "".join(piece.text for line in block.lines for piece in line.pieces) == told


def test_a_line_does_not_begin_with_what_closes_a_sentence():
    block = fit((Words("北風機械。" * 12),), 90, 300)
    for line in block.lines:
        assert not line.pieces[0].text.startswith("。")


def test_what_fits_in_no_size_is_refused_with_its_beginning():
    with pytest.raises(Unprintable, match="This does not fit on the label: xxxx"):
        fit((Words("x" * 400),), 100, 30)
