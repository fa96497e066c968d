from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from oms_portal.erp import keys, secrets
from oms_portal.erp.models import Source


class Command(BaseCommand):
    help = "Creates sources of events and hands out, rotates and revokes their secrets and keys."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="Every source, with what is live of it; no secrets.")
        verbs.add_parser("reseal", help="Seal all secrets with the first of the SECRET_KEYS.")
        create = verbs.add_parser("create", help="A source and its first secret.")
        create.add_argument("--uri", help='CloudEvents source; default "/erp/<slug>".')
        create.add_argument("--name", help="Default: the slug.")
        create.add_argument("--customer", action="append", default=[], help="Ref; repeatable.")
        create.add_argument("--all-customers", action="store_true")
        create.add_argument("--type", action="append", default=[], help="Default: every type.")
        create.add_argument("--unwatched", action="store_true", help="Says nothing of freshness.")
        create.add_argument("--secret", default="", help="Take over this whsec_ secret.")
        secret = verbs.add_parser("secret", help="One more live secret.")
        secret.add_argument("--secret", default="", help="Take over this whsec_ secret.")
        rotate = verbs.add_parser("rotate", help="A new secret; the old ones end in time.")
        rotate.add_argument("--overlap", type=float, default=secrets.OVERLAP_HOURS, help="Hours.")
        revoke = verbs.add_parser("revoke", help="End secrets or a key at once.")
        revoke.add_argument("--id", type=int, help="One secret; default: all of them.")
        revoke.add_argument("--key", help="The prefix of a key, instead of secrets.")
        key = verbs.add_parser("key", help="A bearer key.")
        key.add_argument("--scope", action="append", choices=keys.SCOPES, help="Default: all.")
        key.add_argument("--days", type=int, help="Ends after so many days; default: never.")
        for verb in (create, secret, rotate, revoke, key):
            verb.add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _create(self, options: dict[str, Any]) -> None:
        slug = options["slug"]
        source = Source(
            slug=slug,
            uri=options["uri"] or f"/erp/{slug}",
            name=options["name"] or slug,
            all_customers=options["all_customers"],
            customers=options["customer"],
            types=options["type"],
            watched=not options["unwatched"],
        )
        source.full_clean()
        with transaction.atomic():
            source.save()
            secret = secrets.create(source, options["secret"])
        self._tell(secret)

    def _secret(self, options: dict[str, Any]) -> None:
        self._tell(secrets.create(_source(options), options["secret"]))

    def _rotate(self, options: dict[str, Any]) -> None:
        self._tell(secrets.rotate(_source(options), options["overlap"]))

    def _revoke(self, options: dict[str, Any]) -> None:
        source = _source(options)
        if options["key"]:
            ended = keys.revoke(source, options["key"])
        else:
            ended = secrets.revoke(source, options["id"])
        self.stdout.write(f"Revoked: {ended}")

    def _key(self, options: dict[str, Any]) -> None:
        days = options["days"]
        ends = timezone.now() + timedelta(days=days) if days else None
        self._tell(keys.create(_source(options), options["scope"] or keys.SCOPES, ends))

    def _reseal(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"Sealed again: {secrets.reseal()}")

    def _list(self, options: dict[str, Any]) -> None:
        for source in Source.objects.order_by("slug"):
            state = "active" if source.active else "inactive"
            self.stdout.write(f"{source.slug}  {source.uri}  {state}")
            for secret in source.secrets.filter(revoked_at__isnull=True):
                self.stdout.write(f"  secret {secret.pk}  ends {secret.expires_at or 'never'}")
            for key in source.api_keys.filter(revoked_at__isnull=True):
                scopes = " ".join(key.scopes)
                self.stdout.write(f"  key {key.prefix}  {scopes}  ends {key.expires_at or 'never'}")

    def _tell(self, secret: str) -> None:
        self.stderr.write("Shown this once; keep it safe:")
        self.stdout.write(secret)


def _source(options: dict[str, Any]) -> Source:
    try:
        return Source.objects.get(slug=options["slug"])
    except Source.DoesNotExist:
        raise CommandError(f"there is no source {options['slug']}") from None
