"""Figures of the returns of a time. What comes in is a period; what goes out are numbers, each with
the query for exactly the returns behind it, by which the desk's list is narrowed too."""

from .kinds import FIGURES, SHARES, Figure, Share
from .narrowing import Narrowing, narrow, narrowing
from .periods import Period


__all__ = [
    "FIGURES",
    "SHARES",
    "Figure",
    "Narrowing",
    "Period",
    "Share",
    "narrow",
    "narrowing",
]
