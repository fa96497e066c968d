"""What is printed for a return: each template lays its data out on pages of any size.

Words on it are in the data's own language; the same data, size and dress give the same pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from types import MappingProxyType

from django.utils.translation import get_language, get_language_bidi, gettext, override

from ..data import Dress, LabelData
from ..faults import Unprintable, quoted
from ..marks import Page
from ..sizes import SIZES
from .customs import draw_cn22, draw_cn23, fits_cn22
from .dropoff import draw_code
from .logistic import draw_sscc
from .parcel import draw_label
from .parts import Job
from .putaway import draw_putaway
from .slip import draw_slip


__all__ = ["TEMPLATES", "Template", "Unprintable", "fits_cn22", "lay_out"]

Template = Callable[[Job], tuple[Page, ...]]

TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        "return": draw_label,
        "slip": draw_slip,
        "qr": draw_code,
        "putaway": draw_putaway,
        "sscc": draw_sscc,
        "cn22": draw_cn22,
        "cn23": draw_cn23,
    }
)


def lay_out(data: LabelData, size: str, dress: Dress, dpi: int = 203) -> tuple[Page, ...]:
    """The pages of a label; several for a slip or for articles to put away.

    ``size`` is a code of SIZES. Raises Unprintable, whose words say what is missing, can't be
    printed or does not fit.
    """
    with _spoken(data.language):
        if data.template not in TEMPLATES or size not in SIZES:
            raise Unprintable(
                gettext("There is no label “%(template)s” in the size “%(size)s”.")
                % {"template": quoted(data.template), "size": quoted(size)}
            )
        job = Job(data, SIZES[size], dress, dpi, get_language_bidi(), get_language())
        return TEMPLATES[data.template](job)


def _spoken(language: str) -> AbstractContextManager[object]:
    """Active meanwhile; switching costs as much as a line of text."""
    return nullcontext() if language == get_language() else override(language)
