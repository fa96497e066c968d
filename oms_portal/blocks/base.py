"""What all portal blocks share: one shell for everybody, frozen in host migrations by path only."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


# Where the public names live. A host's own subclass lies elsewhere and is frozen as Wagtail does.
PUBLIC = "oms_portal.blocks"


class PortalBlock(blocks.StructBlock):  # type: ignore[misc]  # Wagtail has no types
    """A block whose HTML is the same for every visitor; the script fetches what is theirs.

    Its options may be unset at any time (drafts, previews, autosave). Migrations of hosts hold
    nothing but the path, so a new option of ours is no migration of theirs.
    """

    heading = blocks.CharBlock(
        required=False,
        max_length=120,
        label=_("Heading"),
        help_text=_("Shown above the block. Leave it empty where the page has one already."),
    )

    class Meta:
        group = _("Order portal")
        preview_template = "oms_portal/blocks/preview.html"

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
        """The fragment's HTML for an invented customer."""
        return ""
