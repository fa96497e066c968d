"""What the carrier reads on a parcel: "R", nine digits of the return, its sequence, a check digit.

The check digit is Damm's (Damm 2004, the totally anti-symmetric quasigroup of order 10).
"""

from __future__ import annotations


_TABLE = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def parcel_code(number: str, sequence: int) -> str:
    digits = f"{number[1:10]}{sequence:02d}"
    interim = 0
    for digit in digits:
        interim = int(_TABLE[interim][int(digit)])
    return f"R{digits}{interim}"
