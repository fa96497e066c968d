"""A company and everything above it: whose people may see what happens at it."""

from __future__ import annotations

from .models import Company


def list_topic(company_id: int) -> str:
    """The topic of all that a list of orders at this company, and below it, shows."""
    return f"orders:{company_id}"


def lineage(company_id: int) -> list[int]:
    """The company, its parent, and so on up, a query a level; a circle of parents is no trap."""
    line: list[int] = []
    current: int | None = company_id
    while current is not None and current not in line:
        line.append(current)
        current = Company.objects.filter(pk=current).values_list("parent_id", flat=True).first()
    return line


def list_topics_at(company: Company) -> set[str]:
    """``list_topics`` of a company in hand: no query where nothing is above it."""
    above = list_topics(company.parent_id) if company.parent_id else set()
    return {list_topic(company.pk), *above}


def list_topics(*company_ids: int) -> set[str]:
    """The list topics of these companies and of everything above them."""
    return {list_topic(pk) for company_id in set(company_ids) for pk in lineage(company_id)}
