"""What a marketer adds for a state of the order: help when it is late, the policy once it came."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class Reaction(blocks.StructBlock):  # type: ignore[misc]  # Wagtail has no types
    """Shown while one of the states holds; the words of ``data-states`` of the fragment."""

    when = blocks.MultipleChoiceBlock(
        required=False,
        choices=[
            ("late", _("it is late")),
            ("exception", _("something went wrong on the way")),
            ("on_hold", _("it is on hold")),
            ("backordered", _("it waits for stock")),
            ("open", _("it is not complete yet")),
            ("under_way", _("a delivery is on its way")),
            ("arriving_today", _("a delivery comes today")),
            ("delivered", _("all of it has arrived")),
            ("cancelled", _("it is cancelled")),
        ],
        label=_("When"),
    )
    text = blocks.RichTextBlock(
        required=False, features=["bold", "italic", "link", "ol", "ul"], label=_("Text")
    )

    class Meta:
        icon = "help"
        label = _("Text for a state")


class Reactions(blocks.ListBlock):  # type: ignore[misc]
    def __init__(self, **kwargs: object) -> None:
        super().__init__(Reaction(), **{"required": False, "default": [], **kwargs})
