"""What shows something of one company, and of all below it, to those who see the same of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping

from oms_portal.customers.access import Actor
from oms_portal.customers.lineage import list_topic
from oms_portal.orders import typed

from .base import Fragment, Spec
from .wording import site_param


class CompanyFragment(Fragment):
    """Its spec holds ``company`` (a pk), ``rights`` (as ``Actor.of_rights`` reads them) and what
    is ``asked`` of it."""

    topic = "orders:<company>"
    needs = "view Order"

    @abstractmethod
    def asked(self, params: Mapping[str, str]) -> Mapping[str, str]:
        """What of anybody's query makes sense here; read again, it is the same."""

    def topic_at(self, company_id: int) -> str:
        """What grows whenever it is to be drawn anew."""
        return list_topic(company_id)

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        company_id = company_asked(actor, params.get("company", ""))
        narrowed = actor.at(company_id) if company_id is not None else None
        if company_id is None or not narrowed:
            return None
        own = (("company", str(company_id)), ("rights", narrowed.rights))
        asked = (*own, *self.asked(params).items(), *site_param(params))
        return Spec(self.name, self.topic_at(company_id), asked, language)


def company_asked(actor: Actor, asked: str) -> int | None:
    """The pk that was asked for, the actor's first company where none was; not yet allowed."""
    if asked:
        return typed.key(asked)
    return next((grant.company_id for grant in actor.grants), None)
