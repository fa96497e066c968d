"""What a carrier sends is only looked at: which page bears the label, and whether it is one at all."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from oms_portal.returns.carriers import passing
from oms_portal.returns.carriers.contract import File
from oms_portal.returns.carriers.passing import Unfit, look


pytestmark = pytest.mark.once
NUMBER = "JJD000390000012345"


def code(text: str = NUMBER) -> Image.Image:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    return Image.fromarray(barcode.to_image(scale=3))


def pdf(*pages: str, size: tuple[float, float] = (101.6 * mm, 152.4 * mm)) -> bytes:
    """A page for each text: its bar code, or nothing for ""."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=size)
    for text in pages:
        canvas.drawString(10 * mm, 140 * mm, "Fake Parcels")
        if text:
            picture = BytesIO()
            code(text).save(picture, "PNG")
            picture.seek(0)
            from reportlab.lib.utils import ImageReader

            canvas.drawImage(ImageReader(picture), 5 * mm, 60 * mm, 90 * mm, 30 * mm)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def png(dpi: int | None, width: int = 812) -> bytes:
    sheet = Image.new("L", (width, width * 3 // 2), 255)
    bars = code()
    sheet.paste(bars.convert("L"), ((width - bars.width) // 2, 200))
    out = BytesIO()
    sheet.save(out, "PNG", **({"dpi": (dpi, dpi)} if dpi else {}))
    return out.getvalue()


def told(content: bytes, page: int | None = None) -> File:
    return File(content, "application/pdf", page)


def test_the_label_is_found_where_it_is_the_second_page_of_the_papers():
    seen = look(told(pdf("OUTBOUND-1", NUMBER)), NUMBER)
    assert (seen.page, seen.codes) == (2, (("Code128", NUMBER),))


def test_without_the_tracking_number_it_is_the_first_page_with_any_code():
    assert look(told(pdf("", "ROUTING-9", "OTHER-1")), NUMBER).page == 2


def test_the_page_that_the_carrier_names_is_taken_at_its_word():
    assert look(told(pdf(NUMBER, "SECOND-1"), page=2), NUMBER).page == 2
    with pytest.raises(Unfit, match="no page 3"):
        look(told(pdf(NUMBER, "SECOND-1"), page=3), NUMBER)


def test_a_pdf_whose_codes_nobody_can_read_is_no_label():
    with pytest.raises(Unfit, match="No code"):
        look(told(pdf("")))


def test_there_is_an_end_to_what_is_taken():
    with pytest.raises(Unfit, match="empty"):
        look(told(b""))
    with pytest.raises(Unfit, match="larger than 5 MB"):
        look(told(pdf(NUMBER) + b" " * passing.MAX_BYTES))
    with pytest.raises(Unfit, match="11 pages"):
        look(told(pdf(*[NUMBER] * 11)))
    with pytest.raises(Unfit, match="larger than A3"):
        look(told(pdf(NUMBER, size=(3000, 3000))))
    with pytest.raises(Unfit, match="can’t be read"):
        look(told(pdf(NUMBER)[:400]))
    with pytest.raises(Unfit, match="no PDF"):
        look(told(b"<html>please sign in</html>"))


@pytest.mark.parametrize(
    "action",
    [
        b"/S /JavaScript /JS (app.alert(1))",
        b"/S /J#61vaScript /JS (app.alert(1))",
        b"/S /Launch /F (calc.exe)",
        b"/EmbeddedFiles 3 0 R",
        b"/XFA [ (x) 3 0 R ]",
        b"/Encrypt 3 0 R",
    ],
)
def test_a_pdf_that_would_do_something_is_refused(action):
    plain = pdf(NUMBER)
    with pytest.raises(Unfit, match="label has not"):
        look(told(plain.replace(b"%%EOF", b"9 0 obj << " + action + b" >> endobj\n%%EOF")))
    hidden = zlib.compress(b"9 0 << /Type /Action " + action + b" >>")
    inside = b"8 0 obj << /Type /Obj#53tm /Length %d >> stream\n%s\nendstream endobj\n"
    with pytest.raises(Unfit, match="label has not"):
        look(told(plain.replace(b"%%EOF", inside % (len(hidden), hidden) + b"%%EOF")))


def test_a_bomb_in_an_object_stream_is_not_unpacked():
    bomb = zlib.compress(b" " * 50_000_000, 9)
    inside = b"8 0 obj << /Type /ObjStm >> stream\n" + bomb + b"\nendstream endobj\n"
    with pytest.raises(Unfit, match="larger inside"):
        look(told(pdf(NUMBER).replace(b"%%EOF", inside + b"%%EOF")))


def test_a_picture_of_203_dots_an_inch_is_taken_and_a_coarser_one_is_not():
    assert look(File(png(203), "image/png"), NUMBER).codes == (("Code128", NUMBER),)
    assert look(File(png(None), "image/png"), NUMBER).codes
    with pytest.raises(Unfit, match="150 dots an inch"):
        look(File(png(150), "image/png"))
    with pytest.raises(Unfit, match="180 dots an inch"):
        look(File(png(None, width=720), "image/png"))


def test_a_picture_that_is_none_is_refused():
    with pytest.raises(Unfit, match="no PNG"):
        look(File(png(203)[:500], "image/png"))
    with pytest.raises(Unfit, match="no PNG"):
        look(File(b"GIF89a", "image/png"))


def test_zpl_is_taken_as_it_is_unless_it_changes_the_printer():
    good = b"^XA^FO50,50^BY3^BCN,100^FDJJD0001^FS^XZ\n"
    assert look(File(good, "application/zpl")).codes == ()
    for bad in (b"^FDno label^FS", b"^XA^FDx^FS", b"^XA^FDx^FS^JUS^XZ", b"^XA~JR^FDx^FS^XZ"):
        with pytest.raises(Unfit):
            look(File(bad, "application/zpl"))
