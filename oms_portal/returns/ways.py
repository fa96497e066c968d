"""How a parcel travels, as a carrier is asked for it: as its return says, or back to the customer."""

from __future__ import annotations

from django.db.models import Case, CharField, F, Value, When

from .kinds import Method
from .parcels import ReturnParcel


# What goes back is a plain parcel that is handed to the carrier; a pallet came and goes by freight.
_BACK = Method.PARCEL_SHOP
WAY: Case = Case(
    When(outward=True, rma__method=Method.FREIGHT, then=Value(Method.FREIGHT.value)),
    When(outward=True, then=Value(_BACK.value)),
    default=F("rma__method"),
    output_field=CharField(),
)


def way_of(parcel: ReturnParcel) -> str:
    """As ``WAY`` says of a row."""
    method = parcel.rma.method
    if parcel.outward and method != Method.FREIGHT:
        return _BACK
    return method
