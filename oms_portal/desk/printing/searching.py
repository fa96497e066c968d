"""Prints found by what they were of: a return, a parcel, an article, and by who printed them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import BigIntegerField, Exists, Func, Min, OuterRef, Q, QuerySet

from oms_portal.desk.listings import among
from oms_portal.returns.labels import digits
from oms_portal.returns.receipts.models import PrintJob, Verdict


class _Keys(Func):
    """The rows' keys in a JSON list of them."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(SELECT value FROM json_each(%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(SELECT jsonb_array_elements_text(%(expressions)s)::bigint)"
        return self.as_sql(compiler, connection, template=template, **context)


def find(prints: QuerySet[PrintJob], words: str) -> QuerySet[PrintJob]:
    """Those of a return or a parcel by its number, of an article by its SKU, or of a person."""
    return among(
        prints, *(rows.order_by().values("pk") for rows in (*_of(words), by_person(words)))
    )


def by_person(words: str) -> QuerySet[PrintJob]:
    named = Q(first_name__icontains=words) | Q(last_name__icontains=words)
    users = get_user_model().objects.filter(named | Q(email__icontains=words))
    return PrintJob.objects.filter(actor__in=users.values("pk"))


def _of(words: str) -> list[QuerySet[PrintJob]]:
    code, skus = words.upper(), {words, words.upper()}
    parcel = "prints__label__parcel"
    # A put-away label bears the number of the return, whichever of its parcels brought the goods.
    number = digits.rma_of(code) if digits.is_parcels(code) else code
    own = Q(finding__sku="", finding__line__sku__in=skus)
    return [
        PrintJob.objects.filter(**{f"{parcel}__code": code}),
        PrintJob.objects.filter(**{f"{parcel}__rma__number": code}),
        PrintJob.objects.filter(**{f"{parcel}__rma__lines__sku__in": skus}),
        _put_away(Verdict.objects.filter(finding__receipt__rma__number=number)),
        _put_away(Verdict.objects.filter(Q(finding__sku__in=skus) | own)),
    ]


def _put_away(verdicts: QuerySet[Verdict]) -> QuerySet[PrintJob]:
    """What was printed of these, however often: since the first of them was given."""
    first = verdicts.aggregate(at=Min("at"))["at"]
    if first is None:
        return PrintJob.objects.none()
    told = verdicts.filter(pk__in=_Keys(OuterRef("verdicts")))
    return PrintJob.objects.filter(Exists(told), template="putaway", at__gte=first)
