"""Each template in each size: what stands on it, and that hostile data is refused or fits."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oms_portal.returns.labels.data import Dress, Item
from oms_portal.returns.labels.digits import parcel_code, rma_number
from oms_portal.returns.labels.marks import Bars, Matrix, Picture, Run
from oms_portal.returns.labels.sizes import SIZES
from oms_portal.returns.labels.templates import TEMPLATES, Unprintable, lay_out

from .paper import DRESS, LOGO, NINE, SENDERS, faults, label, says


pytestmark = pytest.mark.once

RMA, PARCEL = rma_number(NINE), parcel_code(NINE, 1)
CODES = {
    "return": {PARCEL, "https://portal.example.com/portal/l/abcdefghijkl/"},
    "qr": {PARCEL, "https://portal.example.com/portal/l/abcdefghijkl/"},
    "slip": {RMA},
    "putaway": {PARCEL, "BRG-6204", "PMP-24V"},
    "sscc": {"00076123450000000420"},
    "cn22": {PARCEL},
    "cn23": {PARCEL},
}


@pytest.mark.parametrize("script", SENDERS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_each_template_prints_each_script_in_each_size(template, script):
    for size in SIZES:
        pages = lay_out(label(template, sender=SENDERS[script]), size, DRESS)
        for page in pages:
            assert list(faults(page)) == [], size
            assert (page.width, page.height) == (SIZES[size].width, SIZES[size].height)
        codes = {text for page in pages for _, text in page.codes}
        assert {code for code in codes if not code.startswith("00")} == {
            code for code in CODES[template] if not code.startswith("00")
        }


def test_a_return_label_tells_from_to_and_the_numbers():
    (page,) = lay_out(label(of=2), "4x6", DRESS)
    told = says(page)
    for line in ("Łódzkie Maszyny Sp. z o.o.", "ul. Długa 45-B", "90-001 Łódź", "POLAND"):
        assert line in told
    for line in ("Nordwind AG", "4057 Basel", "SWITZERLAND", RMA, "SO-10023", "Parcel 1 of 2"):
        assert line in told
    assert told.count(PARCEL) == 1
    assert page.title == f"Return label {RMA}"


def test_codes_lie_on_whole_dots_as_large_as_wanted():
    for size in SIZES:
        (page,) = lay_out(label(), size, DRESS)
        (bars,) = (mark for mark in page.marks if isinstance(mark, Bars))
        (matrix,) = (mark for mark in page.marks if isinstance(mark, Matrix))
        assert (bars.module, matrix.module) == (4, 5)
        assert bars.height * 25.4 / 203 > 12.7
    (page,) = lay_out(label(), "4x6", DRESS, dpi=300)
    (bars,) = (mark for mark in page.marks if isinstance(mark, Bars))
    assert bars.module == 6


def test_the_sscc_is_the_lowest_symbol_and_high_enough():
    (page,) = lay_out(label("sscc"), "4x6", DRESS)
    (bars,) = (mark for mark in page.marks if isinstance(mark, Bars))
    assert bars.height * 25.4 / 203 >= 31.75
    assert bars.module == 4
    (below,) = (mark for mark in page.marks if isinstance(mark, Run) and mark.text[:4] == "(00)")
    assert below.y < bars.y * 72 / 203


def test_a_carriers_own_number_has_a_bar_code_where_it_can_be_said():
    (page,) = lay_out(label(tracking_number="JVGL0123456789", carrier="DHL"), "4x6", DRESS)
    assert ("Code128", "JVGL0123456789") in page.codes
    assert "DHL · Tracking number" in says(page)
    for number in ("9" * 100, "№ 5", PARCEL):
        (page,) = lay_out(label(tracking_number=number), "4x6", DRESS)
        assert len(page.codes) == 2


def test_a_long_list_goes_over_several_pages_and_loses_nothing():
    items = tuple(Item(f"A-{n}", f"Article {n}", "1", reason="Too many") for n in range(60))
    pages = lay_out(label("slip", items=items), "4x6", DRESS)
    told = [text for page in pages for text in says(page)]
    assert [text for text in told if text.startswith("A-")] == [f"A-{n}" for n in range(60)]
    assert f"Page {len(pages)} of {len(pages)}" in told
    (page,) = lay_out(label(items=items), "4x6", DRESS)
    assert any(text.startswith("and ") and text.endswith(" more") for text in says(page))


def test_the_brand_is_a_logo_or_a_name_in_colour_on_office_paper_alone():
    for size in ("4x6", "a4"):
        (page,) = lay_out(label("qr"), size, Dress("Nordwind", LOGO, "#0b5d8a"))
        (logo,) = (mark for mark in page.marks if isinstance(mark, Picture))
        assert (logo.bits, logo.width, logo.height) == LOGO
        assert "Nordwind" not in says(page)
        inks = {mark.ink for mark in page.marks if hasattr(mark, "ink")}
        assert ("#0b5d8a" in inks) == (size == "a4")


def test_words_are_in_the_labels_language_and_mirrored_where_it_runs_to_the_left():
    pages = {
        language: lay_out(label("slip", language=language), "4x6", DRESS)[0]
        for language in ("en", "ar")
    }
    here, there = (next(m for m in p.marks if isinstance(m, Bars)) for p in pages.values())
    assert here.x < there.x
    assert "From" not in says(pages["ar"])
    assert pages["ar"].language == "ar"


def test_what_is_missing_is_said_in_words():
    for told, words in [
        ({"receiver": {}}, "The address to send it to is missing"),
        ({"sender": {"country": "DE"}}, "The sender’s address is missing"),
        ({"rma": "", "parcel": ""}, "The return number is missing"),
        ({"parcel": "RÜCK-1"}, "A bar code can’t say this: RÜCK-1"),
        ({"parcel": "X" * 60}, "too long for a bar code"),
        ({"link": "https://x.example/" + "y" * 900}, "too long for a QR code"),
        ({"template": "sscc", "sscc": ""}, "18 digits"),
        ({"template": "putaway", "items": ()}, "no article to put away"),
        ({"template": "poster"}, "no label “poster”"),
        ({"order": "⚡😀"}, "U+1F600 GRINNING FACE"),
    ]:
        with pytest.raises(Unprintable, match=words.replace("+", r"\+")):
            lay_out(label(**told), "4x6", DRESS)


def test_the_same_data_gives_the_same_pages():
    for template in TEMPLATES:
        assert lay_out(label(template), "a6", DRESS) == lay_out(label(template), "a6", DRESS)


NASTY = st.one_of(
    st.just(""),
    st.text(max_size=1),
    st.text(st.sampled_from("aB9 ()\\^~<>&%\"'/-.,"), max_size=200),
    st.text(st.sampled_from("شركة النيل 12 (45-B)"), max_size=200),
    st.text(st.sampled_from("北风機械ビル、。「」 100号"), max_size=200),
    st.text(st.sampled_from("a\u0301\u0302\u0303\u0304\u0305\u05b8\u0e33กำ"), max_size=40),
    st.text(max_size=40),
    st.sampled_from(
        ["W" * 200, "\x00", "a\x07b", "😀", "\ud800", "\u202eevil", "a\u200db", "x\r\ny"]
    ),
)
ADDRESS = st.fixed_dictionaries(
    {
        "name": NASTY,
        "lines": st.lists(NASTY, max_size=8),
        "city": NASTY,
        "country": st.sampled_from(["DE", "JP", "EG", "", "XX", "br"]),
    },
    optional={"contact": NASTY, "postal_code": NASTY, "region": NASTY},
)


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    st.sampled_from(sorted(TEMPLATES)),
    st.sampled_from(sorted(SIZES)),
    ADDRESS,
    ADDRESS,
    st.lists(
        st.builds(Item, sku=NASTY, description=NASTY, quantity=NASTY, reason=NASTY), max_size=4
    ),
    NASTY,
)
def test_hostile_data_is_refused_in_words_or_printed_clean(
    template, size, sender, receiver, items, text
):
    data = label(
        template, sender=sender, receiver=receiver, items=tuple(items), order=text, notes=(text,)
    )
    try:
        pages = lay_out(data, size, Dress(text, None, "#000000", text))
    except Unprintable as refusal:
        str(refusal).encode()
        return
    for page in pages:
        assert list(faults(page)) == []
        for told in says(page):
            assert all(ord(c) >= 32 for c in told)
