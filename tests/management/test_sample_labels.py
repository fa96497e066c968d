"""``oms_sample_labels``: what it says is in a file is in the file."""

from __future__ import annotations

import json
from io import StringIO

import pypdfium2
import pytest
import zxingcpp
from django.core.management import CommandError, call_command

from oms_portal.management.sample_labels import samples


pytestmark = pytest.mark.once

ENTRY = {
    "template": "return",
    "size": "4x6",
    "rma": "R1234567894",
    "parcel": "R123456789018",
    "order": "SO-1",
    "from": {
        "name": "Łódzkie (Maszyny) \\ ^XA~",
        "lines": ["Αλεξάνδρας 12"],
        "city": "София",
        "postal_code": "1000",
        "country": "BG",
    },
    "to": {"name": "Nordwind", "lines": ["Main 1"], "city": "Basel", "country": "CH"},
    "items": [{"sku": "A-1", "description": "Bearing", "quantity": 2}],
}


def printed(tmp_path, entries):
    source = tmp_path / "data.json"
    source.write_text(json.dumps(entries))
    call_command("oms_sample_labels", tmp_path / "out", data=source, stdout=StringIO())
    return json.loads((tmp_path / "out" / "expect.json").read_text())


def test_what_it_expects_is_in_the_files(tmp_path):
    sizes = ("4x6", "100x150", "a6", "a4", "letter")
    templates = ("return", "slip", "qr", "putaway")
    told = printed(
        tmp_path,
        [{**ENTRY, "size": size, "template": template} for size in sizes for template in templates],
    )
    assert len(told) == len(sizes) * len(templates)
    for name, expected in told.items():
        document = pypdfium2.PdfDocument(tmp_path / "out" / name)
        assert len(document) == expected["pages"]
        text, codes = "", []
        for page in document:
            text += page.get_textpage().get_text_bounded()
            image = page.render(scale=203 / 72, grayscale=True).to_pil()
            codes += [code.text for code in zxingcpp.read_barcodes(image)]
        assert set(expected["codes"]) <= set(codes)
        for line in expected["text"]:
            assert line in text, name


def test_what_cant_be_printed_is_told_and_stops_nothing(tmp_path):
    bad = [
        {**ENTRY, "from": {**ENTRY["from"], "name": "😀"}},
        {**ENTRY, "parcel": "№ 5"},
        {**ENTRY, "size": "a0"},
        {**ENTRY, "template": "cn22"},
        {**ENTRY, "template": "../../etc", "size": None},
        {**ENTRY, "items": [7]},
        {**ENTRY, "from": "somewhere"},
        "no label",
        {},
    ]
    told = list(printed(tmp_path, [*bad, ENTRY]).items())
    assert [set(entry) for _, entry in told[:-1]] == [{"skipped"}] * len(bad)
    assert "U+1F600 GRINNING FACE" in told[0][1]["skipped"]
    assert told[-1][1]["pages"] == 1
    assert {path.name for path in (tmp_path / "out").iterdir()} == {told[-1][0], "expect.json"}


def test_a_file_that_is_no_list_is_refused(tmp_path):
    for content in ("{}", "[", ""):
        source = tmp_path / "data.json"
        source.write_text(content)
        with pytest.raises(CommandError):
            call_command("oms_sample_labels", tmp_path / "out", data=source)


def test_the_samples_are_all_templates_in_all_sizes_and_seven_scripts():
    names = [name for name, _, _ in samples()]
    assert len(names) == len(set(names))
    for kind in ("return-4x6-arabic", "slip-a4-japanese", "cn23-letter-greek", "sscc-a6-hebrew"):
        assert f"{kind}.pdf" in names
