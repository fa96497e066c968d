"""Media that labels are printed on. Millimetres; sheets are counted from their upper left corner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


MM_PER_INCH = 25.4


def dots(mm: float, dpi: int) -> int:
    """Whole dots that lie within ``mm``: 4 in at 203 dpi are 812."""
    return int(mm * dpi / MM_PER_INCH + 1e-6)


@dataclass(frozen=True)
class Size:
    """One label or page."""

    code: str
    name: str | Promise
    width: float
    height: float


@dataclass(frozen=True)
class Sheet:
    """A page of ``cols`` x ``rows`` labels of the size ``cell``: the first one ``x0`` from the left
    and ``y0`` from the top, the next ones ``dx`` and ``dy`` on. ``turned``: a quarter to the left.
    """

    code: str
    name: str | Promise
    page: Size
    cell: Size
    cols: int
    rows: int
    x0: float
    y0: float
    dx: float
    dy: float
    turned: bool = False

    @property
    def spots(self) -> int:
        return self.cols * self.rows

    def corner(self, spot: int) -> tuple[float, float]:
        """Lower left corner, from the page's lower left, of a spot counted from 0 row by row."""
        row, column = divmod(spot, self.cols)
        height = self.cell.width if self.turned else self.cell.height
        top = self.y0 + row * self.dy
        return self.x0 + column * self.dx, self.page.height - top - height


_A4 = Size("a4", "A4", 210, 297)
_A6 = Size("a6", "A6", 105, 148)
_LETTER = Size("letter", "Letter", 215.9, 279.4)
_4X6 = Size("4x6", "4 × 6 in", 101.6, 152.4)
_100X150 = Size("100x150", "100 × 150 mm", 100, 150)
_QUARTER = Size("quarter-letter", _("Quarter of a Letter page"), 107.95, 139.7)

SIZES: Mapping[str, Size] = MappingProxyType(
    {size.code: size for size in (_4X6, _100X150, _A6, _A4, _LETTER, _QUARTER)}
)

# Halves carry a roll's label turned, in their middle; quarters are labels without a margin
# (105 x 148 mm, 4.25 x 5.5 in), so that the same files suit plain paper, cut.
SHEETS: Mapping[str, Sheet] = MappingProxyType(
    {
        sheet.code: sheet
        for sheet in (
            Sheet("a4-2", _("A4, two labels"), _A4, _100X150, 1, 2, 30, 24.25, 0, 148.5, True),
            Sheet("a4-4", _("A4, four labels"), _A4, _A6, 2, 2, 0, 0, 105, 148.5),
            Sheet(
                "letter-2",
                _("Letter, two labels"),
                _LETTER,
                _4X6,
                1,
                2,
                31.75,
                19.05,
                0,
                139.7,
                True,
            ),
            Sheet(
                "letter-4", _("Letter, four labels"), _LETTER, _QUARTER, 2, 2, 0, 0, 107.95, 139.7
            ),
        )
    }
)
