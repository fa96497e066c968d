"""The blocks of returns: the way into a new one, and how those stand that there are."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from oms_portal.fragments import samples
from oms_portal.fragments.returning import listing, starting
from oms_portal.returns.kinds import Kind

from .base import PortalBlock


class ReturnsBlock(PortalBlock):
    """What both have in common: an editor's text above, and which kinds of returns."""

    text = blocks.RichTextBlock(
        required=False,
        features=["bold", "italic", "link", "ol", "ul"],
        label=_("Text"),
        help_text=_("Above the block, the same for everybody: your terms, or how to pack."),
    )
    kinds = blocks.MultipleChoiceBlock(
        required=False,
        choices=[
            (Kind.RETURN.value, _("Returns")),
            (Kind.EXCHANGE.value, _("Exchanges")),
            (Kind.CLAIM.value, _("Claims: damaged, missing or wrong items")),
        ],
        widget=forms.CheckboxSelectMultiple,
        label=_("Which kinds"),
        help_text=_("With nothing chosen all kinds are there."),
    )

    class Meta:
        template = "oms_portal/blocks/returns.html"
        preview_template = "oms_portal/blocks/returns_preview.html"

    # What the link says that stands there until the script has run.
    go: ClassVar[Any] = _("See your returns")

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        return {**super().get_context(value, parent_context), "go": self.go}

    def kinds_of(self, value: Any) -> str:
        """Joined by commas; "" for all."""
        chosen = value.get("kinds") or ()
        found = [kind for kind in Kind.values if kind in chosen]
        return "" if len(found) == len(Kind.values) else ",".join(found)


class ReturnWizardBlock(ReturnsBlock):
    """What the visitor could send back of what came lately, and the way to do it."""

    fragment = "return_start"
    page = "return_new"
    go = _("Return items")

    count = blocks.IntegerBlock(
        required=False,
        min_value=1,
        max_value=starting.MOST,
        default=starting.ORDERS,
        label=_("Orders at most"),
    )
    style = blocks.ChoiceBlock(
        required=False,
        choices=[
            ("items", _("Orders with their items")),
            ("button", _("A button alone")),
        ],
        default="items",
        label=_("Shown as"),
    )

    class Meta:
        icon = "oms-return"
        label = _("Return items")
        description = _("What the customer can send back of what came lately, and the way there.")
        form_layout = blocks.BlockGroup(
            children=["heading", "text", "kinds"],
            settings=["count", "style", *PortalBlock.SETTINGS],
        )
        preview_value: ClassVar[dict[str, Any]] = {"heading": _("Send something back")}

    def params(self, value: Any) -> dict[str, str]:
        count = value.get("count") or starting.ORDERS
        return {
            "kind": self.kinds_of(value),
            "count": "" if count == starting.ORDERS else str(count),
            "style": "button" if value.get("style") == "button" else "",
        }

    def sample(self, value: Any) -> str:
        return samples.returns.start(self.params(value))


class ReturnTrackerBlock(ReturnsBlock):
    """The visitor's returns, live: each with what happens next."""

    fragment = "returns"
    page = "returns"

    only_open = blocks.BooleanBlock(
        required=False,
        label=_("Only open ones"),
        help_text=_("At first; visitors may also look at those that are over."),
    )
    count = blocks.IntegerBlock(
        required=False,
        min_value=listing.SMALLEST,
        max_value=listing.LARGEST,
        default=listing.SIZE,
        label=_("Rows per page"),
    )
    style = blocks.ChoiceBlock(
        required=False,
        choices=[("steps", _("Open ones with their steps")), ("list", _("A plain list"))],
        default="steps",
        label=_("Shown as"),
    )

    class Meta:
        icon = "oms-returns"
        label = _("Return tracker")
        description = _("The customer’s returns, exchanges and claims, with what happens next.")
        form_layout = blocks.BlockGroup(
            children=["heading", "text", "kinds", "only_open"],
            settings=["count", "style", *PortalBlock.SETTINGS],
        )
        preview_value: ClassVar[dict[str, Any]] = {"heading": _("Your returns")}

    def params(self, value: Any) -> dict[str, str]:
        count = value.get("count") or listing.SIZE
        return {
            "kind": self.kinds_of(value),
            "state": "open" if value.get("only_open") else "",
            "size": "" if count == listing.SIZE else str(count),
            "style": "" if value.get("style") == "list" else "steps",
        }

    def sample(self, value: Any) -> str:
        return samples.returns.returns(self.params(value))
