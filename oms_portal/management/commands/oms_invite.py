from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from oms_portal.customers.actions import Terms, issue
from oms_portal.customers.mail import send_invitation
from oms_portal.customers.models import Company, Role


class Command(BaseCommand):
    help = "Invites somebody to a company: the way in for its first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("company", help="The company's ref in the ERP.")
        parser.add_argument("email")
        parser.add_argument("--role", choices=Role.values, default=Role.ADMIN.value)
        parser.add_argument("--subsidiaries", action="store_true", help="Also all of those.")
        parser.add_argument(
            "--base-url", required=True, help='Where the site is: "https://www.example.com".'
        )
        parser.add_argument("--print", action="store_true", help="Print the link; send no mail.")

    def handle(self, *args: Any, **options: Any) -> None:
        company = Company.objects.filter(ref=options["company"]).first()
        if company is None:
            raise CommandError(f"No company {options['company']!r} is known.")
        try:
            validate_email(options["email"])
        except ValidationError as problem:
            raise CommandError(problem.messages[0]) from None
        terms = Terms(role=options["role"], include_subsidiaries=options["subsidiaries"])
        invitation, token = issue(company, options["email"], terms)
        path = reverse("oms_portal:invitation_link", args=[token])
        link = f"{options['base_url'].rstrip('/')}{path}"
        if options["print"]:
            self.stdout.write(link)
        else:
            send_invitation(invitation, link)
            self.stdout.write(f"Sent to {invitation.email}.")
