"""What a marketer adds for a state of the order: help when it is late, the policy once it came."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError


_STATES = re.compile(r'data-states="([^"]*)"')


class Reaction(blocks.StructBlock):
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
            ("changeable", _("something of it can be changed")),
            ("change_pending", _("a change was asked for and not answered yet")),
            ("change_countered", _("the customer has another offer to decide on")),
            ("return_open", _("some of it is being returned")),
        ],
        widget=forms.CheckboxSelectMultiple,
        label=_("Shown when"),
        help_text=_("While any of these holds. It comes and goes by itself on an open page."),
    )
    text = blocks.RichTextBlock(
        required=False,
        features=["bold", "italic", "link", "ol", "ul"],
        label=_("Text"),
        help_text=_("The same for every customer: no names, numbers or dates of an order."),
    )

    class Meta:
        icon = "help"
        label = _("Text for a state")
        label_format = "{text}"

    def clean(self, value: Any) -> Any:
        """A text that is published has a state to be shown in."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and cleaned.get("text") and not cleaned.get("when"):
            problem = ValidationError(_("Choose when the text is shown."))
            raise StructBlockValidationError(block_errors={"when": problem})
        return cleaned


class Reactions(blocks.ListBlock):
    def __init__(self, **kwargs: object) -> None:
        defaults = {"required": False, "default": [], "collapsed": True, "max_num": 20}
        super().__init__(Reaction(), **{**defaults, **kwargs})


def holding(reactions: Iterable[Any], html: str) -> list[Any]:
    """Those whose state holds for a fragment: what the script would show beside it."""
    found = _STATES.search(html)
    states = set(found[1].split()) if found else set()
    return [each for each in reactions if each.get("text") and states & set(each.get("when") or [])]
