"""What may stand in an address: everything that people write, and nothing that hides."""

from __future__ import annotations

from unicodedata import category, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_portal.changes.addresses import clean_line, clean_text


REFUSED = {
    "a NUL": "Haf\x00en",
    "a bell": "Haf\x07en",
    "an escape": "Haf\x1ben",
    "a C1 control": "Haf\x9ben",
    "a right-to-left override": "Haf\u202een",
    "an embedding": "Haf\u202aen",
    "an isolate": "Haf\u2066en\u2069",
    "a direction mark in Latin text": "Haf\u200een",
    "a zero-width space": "Haf\u200ben",
    "a byte order mark": "\ufeffHafen",
    "a soft hyphen": "Haf\u00aden",
    "a joiner in Latin text": "Haf\u200den",
    "a Hangul filler": "Haf\u3164en",
    "a surrogate": "Haf\ud800en",
    "an unassigned character": "Haf\u0378en",
    "a private character": "Haf\ue000en",
    "an emoji": "Hafen 🚚",
    "a flag": "Hafen 🇩🇪",
    "a heart with its selector": "Hafen ❤️",
    "a keycap": "1️⃣ Hafen",
    "a formula letter": "𝐇afen",
    "a box": "Hafen ■",
    "a heap of accents": "Ha\u0301\u0301\u0301\u0301f",
    "an accent on nothing": "\u0301Hafen",
    "a tag": "Haf\U000e0041en",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_hides_or_cannot_be_printed_is_refused_in_a_sentence(text):
    for clean in (lambda: clean_line(text, 100), lambda: clean_text(text)):
        with pytest.raises(ValueError) as refused:
            clean()

        sentence = str(refused.value)
        assert sentence.endswith(".")
        assert not {category(c) for c in sentence} & {"Cc", "Cf", "Cs", "Cn", "Co"}


@pytest.mark.parametrize(
    "text",
    [
        "Hafenstraße 5a/b, c/o Ö. Çelik & Söhne (Tor 3) #12 +1",
        "Rue de l’Hôtel-de-Ville 3, nº 7",
        "ul. Świętokrzyska 14 m. 7",
        "شارع الملك فهد ١٢",
        "רחוב הרצל 5",
        "北京市朝阳区建国门外大街1号",
        "東京都千代田区丸の内１丁目",
        "서울특별시 중구 세종대로 110",
        "Đường Lê Lợi, Quận 1",
        "Σταδίου 28",
        "ул. Тверская, д. 7",
        "ถนนสุขุมวิท กรุงเทพมหานคร",
        "महात्मा गांधी मार्ग",
        "خیابان می\u200cدان",
        "葛\U000e0100城市",
        "Acme® Ltd™ 5° №3",
    ],
)
def test_what_people_write_comes_through_as_it_is(text):
    assert clean_line(text, 100) == normalize("NFC", text)


def test_both_directions_in_one_text_may_have_their_marks():
    assert clean_line("שלום\u200e Acme", 100) == "שלום\u200e Acme"


def test_idle_space_is_taken_out_and_nothing_else():
    assert clean_line("\t Hafenstr.\u00a0 \t 5 \r\n", 100) == "Hafenstr. 5"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
def test_one_line_is_one_line_and_notes_may_have_some(line_break):
    text = f"Ring twice{line_break}Gate 3"

    with pytest.raises(ValueError, match="on one line"):
        clean_line(text, 100)
    assert clean_text(text) == "Ring twice\nGate 3"


def test_notes_keep_to_ten_lines_and_five_hundred_characters():
    assert clean_text("\n\n\n".join("abcde")) == "a\n\nb\n\nc\n\nd\n\ne"
    assert len(clean_text("x" * 500)) == 500
    with pytest.raises(ValueError, match="no more than 10 lines"):
        clean_text("\n".join(["x"] * 11))
    with pytest.raises(ValueError, match="at most 500 characters"):
        clean_text("x" * 501)


@pytest.mark.parametrize("many", [101, 5_000, 5_000_000])
def test_what_is_too_long_is_said_to_be_and_never_cut(many):
    with pytest.raises(ValueError, match="at most 100 characters fit"):
        clean_line("x" * many, 100)


def test_the_sentence_says_after_what_the_bad_character_stands():
    with pytest.raises(ValueError, match="after “Hafen”"):
        clean_line("Hafen\u200bstr. 5", 100)


@given(st.text(st.characters(codec=None), max_size=60))
def test_no_text_brings_a_control_character_through(text):
    for clean in (lambda: clean_line(text, 40), lambda: clean_text(text, 40)):
        try:
            result = clean()
        except ValueError:
            continue
        kinds = {category(c) for c in result.replace("\n", "")}
        assert not kinds & {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"}
        assert not set(result) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b")
        assert len(result) <= 40
        assert result == normalize("NFC", result)


@given(st.text(st.characters(codec=None), max_size=40))
def test_what_was_cleaned_once_is_clean(text):
    try:
        once = clean_line(text, 100)
    except ValueError:
        return
    assert clean_line(once, 100) == once
