"""One page type: a title, an intro and a body of blocks."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from oms_portal.blocks import portal_blocks

from .blocks import ColumnsBlock, content_blocks


class ContentPage(Page):
    """Any page of the site; marketers build it of our blocks and the portal's."""

    kicker = models.CharField(max_length=60, blank=True)
    intro = models.TextField(blank=True)
    wide = models.BooleanField(default=False, help_text="Show the title as a banner.")
    body = StreamField(
        [*content_blocks(), ("columns", ColumnsBlock()), *portal_blocks()], blank=True
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("kicker"),
        FieldPanel("intro"),
        FieldPanel("wide"),
        FieldPanel("body"),
    ]

    template = "home/content_page.html"
