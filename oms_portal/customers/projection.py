"""Customer events become companies and address books."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from oms_portal import live
from oms_portal.erp.messages import Message, handles
from oms_portal.erp.schemas import BookAddress, Customer

from .lineage import lineage, list_topics
from .models import Address, Company


_PLACE = (
    "kind",
    "name",
    "lines",
    "city",
    "region",
    "postal_code",
    "country",
    "gln",
    "contact",
    "phone",
    "instructions",
)


def company_of(ref: str) -> Company:
    """The company of this ref; one that nobody told of yet comes into being under its ref."""
    return companies_of([ref])[ref]


def companies_of(refs: Iterable[str]) -> dict[str, Company]:
    """The companies of these refs, made where they are missing, whoever else makes them now."""
    wanted = sorted(set(refs))
    found = {company.ref: company for company in Company.objects.filter(ref__in=wanted)}
    missing = [Company(ref=ref, name=ref) for ref in wanted if ref not in found]
    if missing:
        Company.objects.bulk_create(missing, ignore_conflicts=True)
        rows = Company.objects.filter(ref__in=[company.ref for company in missing])
        found.update((company.ref, company) for company in rows)
    return found


def _touched(record: Customer) -> set[str]:
    """The customer itself; where its parent changes, also the old and the new one."""
    stored = Company.objects.filter(ref=record.ref).values_list("parent__ref", flat=True).first()
    parents = {stored, record.parent_ref or None}
    return {record.ref, *(ref for ref in parents if ref and len(parents) > 1)}


@handles("customer.updated.v1", ref=lambda record: record.ref, customers=_touched)
def apply(message: Message) -> str | None:
    if not message.newest:
        return None
    record: Customer = message.record
    parent_ref = record.parent_ref if record.parent_ref != record.ref else None
    companies = companies_of(ref for ref in (record.ref, parent_ref) if ref)
    company = companies[record.ref]
    before = lineage(company.pk)
    _write(company, record, companies[parent_ref] if parent_ref else None)
    _replace_addresses(company, record.addresses)
    after = lineage(company.pk)
    live.changed(*list_topics(*before, *after), *([live.RIGHTS] if before != after else []))
    return None


def _write(company: Company, record: Customer, parent: Company | None) -> None:
    company.told = True
    company.parent = parent
    for name in ("number", "name", "language", "time_zone", "vat", "gln", "delivery_rules"):
        setattr(company, name, getattr(record, name))
    company.save()


def _replace_addresses(company: Company, told: list[BookAddress]) -> None:
    """The book as told: the missing ones are archived, and come back when they are told again."""
    rows = [
        Address(
            company=company,
            ref=place.ref,
            **{name: getattr(place, name) for name in _PLACE},
            archived_at=None,
        )
        for place in told
    ]
    Address.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["company", "ref"],
        update_fields=[*_PLACE, "archived_at"],
    )
    gone = company.addresses.filter(archived_at=None).exclude(ref__in=[row.ref for row in rows])
    gone.update(archived_at=timezone.now())
