"""What all portal blocks share: one shell for everybody, frozen in host migrations by path only."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


# Where the public names live. A host's own subclass lies elsewhere and is frozen as Wagtail does.
PUBLIC = "oms_portal.blocks"
# What the shell's own words may stand for, beside those that the portal has.
STATES = ("empty", "error", "stale", "signed_out")


class PortalBlock(blocks.StructBlock):  # type: ignore[misc]  # Wagtail has no types
    """A block whose HTML is the same for every visitor; the script fetches what is theirs.

    Its options may be unset at any time (drafts, previews, autosave). Migrations of hosts hold
    nothing but the path, so a new option of ours is no migration of theirs.
    """

    # The fragment that fills it (``oms_portal:fragment_<name>``) and its page (``oms_portal:<page>``).
    fragment: ClassVar[str] = ""
    page: ClassVar[str] = "orders"

    heading = blocks.CharBlock(
        required=False,
        max_length=120,
        label=_("Heading"),
        help_text=_("Shown above the block. Leave it empty where the page has one already."),
    )
    empty_text = blocks.CharBlock(required=False, max_length=300, label=_("When there is nothing"))
    error_text = blocks.CharBlock(
        required=False, max_length=300, label=_("When it can't be loaded")
    )
    stale_text = blocks.CharBlock(required=False, max_length=300, label=_("When it is not live"))
    signed_out_text = blocks.CharBlock(
        required=False, max_length=300, label=_("For visitors who are signed out")
    )
    call_label = blocks.CharBlock(
        required=False,
        max_length=60,
        label=_("Call to action"),
        help_text=_("A button below the block."),
    )
    call_page = blocks.PageChooserBlock(required=False, label=_("… leads to the page"))
    call_url = blocks.URLBlock(required=False, label=_("… or to the address"))

    class Meta:
        group = _("Order portal")
        template = "oms_portal/blocks/live.html"
        preview_template = "oms_portal/blocks/preview.html"

    # What every block keeps behind the cog, after its own settings.
    SETTINGS: ClassVar[tuple[str, ...]] = (
        *(f"{state}_text" for state in STATES),
        "call_label",
        "call_page",
        "call_url",
    )

    def params(self, value: Any) -> dict[str, str]:
        """What the editor chose, as the query of the fragment; nothing for what is unset."""
        return {}

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        params = {name: text for name, text in self.params(value).items() if text}
        page = reverse(f"oms_portal:{self.page}")
        return {
            **context,
            "source": self.source({**params, "lang": get_language() or ""}),
            "page_url": f"{page}?{urlencode(params)}" if params else page,
            "own_texts": {state: value.get(f"{state}_text") or "" for state in STATES},
            "call": self._call(value),
        }

    def source(self, params: dict[str, str]) -> str:
        """Where the script fetches the fragment."""
        return f"{self.fragment_url()}?{urlencode(params)}"

    def fragment_url(self) -> str:
        return reverse(f"oms_portal:fragment_{self.fragment}")

    def _call(self, value: Any) -> dict[str, str] | None:
        label, page = value.get("call_label") or "", value.get("call_page")
        url = (page.url if page else "") or value.get("call_url") or ""
        return {"label": label, "url": url} if label and url else None

    @classmethod
    def _is_public(cls) -> bool:
        return cls.__module__.startswith(f"{PUBLIC}.")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        if not self._is_public():
            return super().deconstruct()  # type: ignore[no-any-return]
        return f"{PUBLIC}.{type(self).__name__}", [], self._constructor_kwargs

    def deconstruct_with_lookup(self, lookup: Any) -> tuple[str, list[Any], dict[str, Any]]:
        if not self._is_public():
            return super().deconstruct_with_lookup(lookup)  # type: ignore[no-any-return]
        return self.deconstruct()

    @classmethod
    def construct_from_lookup(cls, lookup: Any, *args: Any, **kwargs: Any) -> PortalBlock:
        if not cls._is_public():
            return super().construct_from_lookup(lookup, *args, **kwargs)  # type: ignore[no-any-return]
        return cls(**kwargs)

    def get_preview_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The canned sample stands where the visitor's data would be; never anybody's own."""
        context = super().get_preview_context(value, parent_context)
        return {**context, "self": value, "sample": self.sample(value)}

    def sample(self, value: Any) -> str:
        """The fragment's HTML for an invented customer, with the editor's options."""
        return ""
