"""Reed-Solomon codewords of a QR code, over GF(256) with 0x11D (ISO/IEC 18004, 7.5)."""

from __future__ import annotations

from functools import cache
from itertools import chain, zip_longest

from .versions import codewords, correction


def with_correction(data: bytes, version: int, level: str) -> bytes:
    """Data and correction codewords, blocks interleaved, as they are placed."""
    each, count = correction(version, level)
    shorter, longer = divmod(codewords(version), count)
    blocks = []
    start = 0
    for block in range(count):
        end = start + shorter - each + (block >= count - longer)
        blocks.append(data[start:end])
        start = end
    checks = [_remainder(block, each) for block in blocks]
    columns = chain(zip_longest(*blocks), zip(*checks, strict=True))
    return bytes(word for column in columns for word in column if word is not None)


def _remainder(block: bytes, degree: int) -> bytes:
    multiples = _multiples(degree)
    top = 8 * (degree - 1)
    rest = (1 << top) - 1
    remainder = 0
    for word in block:
        remainder = ((remainder & rest) << 8) ^ multiples[word ^ (remainder >> top)]
    return remainder.to_bytes(degree, "big")


@cache
def _multiples(degree: int) -> tuple[int, ...]:
    """The generator polynomial of ``degree`` times each element, its first coefficient left out."""
    generator = [1]
    root = 1
    for _ in range(degree):
        shifted = [*generator, 0]
        scaled = [0, *(_product(root, coefficient) for coefficient in generator)]
        generator = [one ^ other for one, other in zip(shifted, scaled, strict=True)]
        root = _product(root, 2)
    return tuple(
        int.from_bytes(bytes(_product(factor, coefficient) for coefficient in generator[1:]), "big")
        for factor in range(256)
    )


def _product(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one = one << 1 ^ (0x11D if one & 0x80 else 0)
        other >>= 1
    return product
