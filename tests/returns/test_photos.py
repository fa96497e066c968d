"""Whatever is sent as a photo: written anew from its pixels, or refused in words."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from oms_portal.returns import reasons
from oms_portal.returns.photos import LARGEST, LONGEST_SIDE, Photo, clean_name, rewritten
from oms_portal.returns.refusals import Refused


pytestmark = pytest.mark.once

RED, WHITE = (200, 30, 30), (255, 255, 255)


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **how: Any
) -> bytes:
    """Red above, white below."""
    image = Image.new("RGB", size, RED)
    image.paste(WHITE, (0, size[1] // 2, *size))
    out = BytesIO()
    image.convert(mode).save(out, kind, **how)
    return out.getvalue()


def opened(photo: Photo) -> Image.Image:
    image = Image.open(BytesIO(photo.content))
    image.load()
    return image


def code_of(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        rewritten(content)
    # It is said in words of its own.
    assert refused.value.code in reasons.REFUSED
    return refused.value.code


def is_red(image: Image.Image, at: tuple[int, int]) -> bool:
    red, green, _blue = image.getpixel(at)
    return red > 150 and green < 90


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photos_of_three_kinds_are_kept_as_jpeg(kind: str) -> None:
    photo = rewritten(picture(kind))
    image = opened(photo)
    assert (image.format, image.size, photo.width, photo.height) == ("JPEG", (64, 48), 64, 48)
    assert is_red(image, (32, 8)) and not is_red(image, (32, 40))


def test_the_longest_side_is_cut_to_what_people_can_see() -> None:
    assert opened(rewritten(picture(size=(6000, 3000)))).size == (LONGEST_SIDE, 1280)
    assert opened(rewritten(picture("PNG", size=(100, 5120)))).size == (50, LONGEST_SIDE)


def test_nothing_but_the_picture_is_left() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "CanaryMaker", {1: "N", 2: (52.0, 30.0, 0.0)}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = picture(exif=exif, icc_profile=profile, comment=b"CanaryComment", xmp=b"CanaryXmp")
    content += b"CanaryTail" * 100
    assert content.count(b"Canary") > 100
    photo = rewritten(content)
    assert b"Canary" not in photo.content and photo.content.endswith(b"\xff\xd9")
    image = opened(photo)
    assert not image.getexif() and set(image.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
    }


def test_texts_in_a_png_do_not_come_along() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "Canary")
    told.add_itxt("XML:com.adobe.xmp", "Canary")
    assert b"Canary" not in rewritten(picture("PNG", pnginfo=told)).content


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_set_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = Image.open(BytesIO(picture()))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}.get(orientation)
    turned = upright if back is None else upright.transpose(Image.Transpose(back))
    out = BytesIO()
    turned.save(out, "JPEG", exif=exif, quality=95)
    image = opened(rewritten(out.getvalue()))
    assert image.size == (64, 48) and is_red(image, (32, 8)) and not is_red(image, (32, 40))


def test_a_turn_that_can_not_be_read_is_none() -> None:
    assert rewritten(picture(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\xff" * 40)).width == 64


@pytest.mark.parametrize(("kind", "mode"), [
    ("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("PNG", "L"),
    ("JPEG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGBA"),
])  # fmt: skip
def test_pictures_of_every_mode_become_three_colours(kind: str, mode: str) -> None:
    image = opened(rewritten(picture(kind, mode="L" if mode == "I;16" else mode)
                             if mode != "I;16" else _grey_16()))  # fmt: skip
    assert image.mode == "RGB"
    assert min(image.getpixel((32, 40))) > 230 > 210 > min(image.getpixel((32, 8)))


def _grey_16() -> bytes:
    out = BytesIO()
    image = Image.new("I;16", (64, 48), 0x4000)
    image.paste(0xFFFF, (0, 24, 64, 48))
    image.save(out, "PNG")
    return out.getvalue()


def test_what_is_transparent_is_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(rewritten(out.getvalue())).getpixel((5, 5)) == WHITE


def test_no_bytes_and_too_many_are_refused() -> None:
    assert code_of(b"") == "photo_empty"
    assert code_of(picture() + b"\0" * LARGEST) == "photo_large"


@pytest.mark.parametrize("content", [
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"<?xml version='1.0'?><svg/>",
    b"GIF89a\x01\x00\x01\x00\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
    b"%PDF-1.7\n",
    b"\0\0\0\x18ftypheic",
    b"BM" + b"\0" * 60,
    b"II*\0" + b"\0" * 60,
    b"hello",
    b"\0",
    b"\xff",
])  # fmt: skip
def test_what_is_no_photo_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert code_of(content) == "photo_kind"


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG that says it is so large, whatever is in it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height"),
    [(12_000, 12_000), (40_001, 1000), (65_000, 65_000), (2**31 - 1, 2**31 - 1)],
)
def test_a_bomb_is_refused_by_its_header_alone(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(*args: Any) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", decode)
    assert code_of(png(width, height)) == "photo_pixels"


def test_a_bomb_of_a_real_jpeg_is_refused() -> None:
    content = picture(size=(12_000, 12_000))
    assert len(content) < LARGEST and code_of(content) == "photo_pixels"


def test_forty_megapixels_are_let_through() -> None:
    assert rewritten(picture(size=(8000, 5000))).width == LONGEST_SIDE
    assert code_of(picture(size=(8001, 5000))) == "photo_pixels"


def test_a_jpeg_that_draws_itself_over_and_over_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = picture(progressive=True)
    assert rewritten(content).width == 64
    last = content[content.rindex(b"\xff\xda") : -2]

    decoded: list[Any] = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded.append)
    assert code_of(content[:-2] + last * 200 + content[-2:]) == "photo_unreadable"
    assert not decoded


def _archive() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("index.html", "hello")
    return out.getvalue()


@pytest.mark.parametrize("content", [
    picture() + _archive(),
    picture("PNG") + b"<html><body onload=alert(1)>",
    picture(comment=b"<?php system($_GET[0]); ?>"),
    picture(comment=b"%PDF-1.4 1 0 obj"),
    picture("WEBP") + b"<ScRiPt>alert(1)</script>",
    picture(comment=b"*/=alert(1)/*<!DOCTYPE html>"),
    picture(xmp=b"<svg onload=alert(1)>"),
])  # fmt: skip
def test_a_file_that_is_something_else_as_well_is_refused(content: bytes) -> None:
    assert code_of(content) == "photo_mixed"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_truncated_photo_is_refused(kind: str, part: float) -> None:
    noise = Image.effect_noise((300, 200), 90).convert("RGB")
    out = BytesIO()
    noise.save(out, kind)
    content = out.getvalue()
    assert code_of(content[: int(len(content) * part)]) == "photo_unreadable"


@pytest.mark.parametrize("begins", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP"])
def test_a_file_that_only_begins_like_a_photo_is_refused(begins: bytes) -> None:
    assert code_of(begins) == code_of(begins + b"\0" * 500) == "photo_unreadable"
    assert code_of(begins + bytes(range(256)) * 20) == "photo_unreadable"


@pytest.mark.parametrize(("name", "cleaned"), [
    ("photo.jpg", "photo.jpg"),
    ("../../etc/passwd", "passwd"),
    ("..\\..\\boot.ini", "boot.ini"),
    ("a\r\nSet-Cookie: x=1.jpg", "a Set-Cookie: x=1.jpg"),
    ("invoice\u202egpj.exe", "invoice gpj.exe"),
    ("a\0b.jpg", "a b.jpg"),
    ("  .. ", ""),
    ("", ""),
    (None, ""),
    ("Größe\u0301 图.png", "Größé 图.png"),
    ("x" * 5000, "x" * 100),
])  # fmt: skip
def test_a_name_is_only_for_people_to_read(name: Any, cleaned: str) -> None:
    assert clean_name(name) == cleaned
