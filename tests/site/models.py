"""A host's pages: its own blocks first, the portal's after them, and the portal's within its own."""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import CharBlock, ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from oms_portal.blocks import OrderListBlock, portal_blocks


# The strictest a host can be. What the page fetches and posts is its own.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'self'; require-trusted-types-for 'script'; trusted-types oms-portal"
)


class Column(StructBlock):  # type: ignore[misc]  # Wagtail has no types
    title = CharBlock(required=False)
    content = StreamBlock([("paragraph", CharBlock()), *portal_blocks()], required=False)


class BlockPage(Page):  # type: ignore[misc]  # Wagtail has no types
    """Renders ``{{ page.body }}``: its blocks never see the request.

    ``cached`` keeps the body in Wagtail's template cache, which knows pages and sites but no
    visitors. ``hostile`` dresses the page in a style sheet that no element of ours would choose,
    ``dark`` in the host's own dark mode.
    """

    body = StreamField([("paragraph", CharBlock()), *portal_blocks()], blank=True)
    nested = StreamField(
        [("columns", ListBlock(Column())), ("lists", ListBlock(OrderListBlock()))], blank=True
    )
    cached = models.BooleanField(default=False)
    hostile = models.BooleanField(default=False)
    dark = models.BooleanField(default=False)

    content_panels = [
        *Page.content_panels,
        *(FieldPanel(name) for name in ("body", "nested", "cached", "hostile", "dark")),
    ]

    def get_template(self, request: HttpRequest, *args: object, **kwargs: object) -> str:
        return "site/cached_page.html" if self.cached else "site/block_page.html"

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().serve(request, *args, **kwargs)
        response["Content-Security-Policy"] = POLICY
        return response
