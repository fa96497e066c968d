"""What all portal blocks share: one shell for everybody, frozen in host migrations by path only."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from .reactions import holding


# Where the public names live. A host's own subclass lies elsewhere and is frozen as Wagtail does.
PUBLIC = "oms_portal.blocks"
# What the shell's own words may stand for, beside those that the portal has.
STATES = ("empty", "error", "stale", "signed_out")
HEADINGS = ("h2", "h3", "h4")
FOLLOWABLE = ("https", "http", "mailto", "tel")


def _words(label: Any, help_text: Any) -> blocks.CharBlock:
    return blocks.CharBlock(required=False, max_length=300, label=label, help_text=help_text)


class PortalBlock(blocks.StructBlock):
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
    heading_level = blocks.ChoiceBlock(
        required=False,
        choices=[("h2", _("Section")), ("h3", _("Below a section")), ("h4", _("Two below"))],
        default="h2",
        label=_("Level of the heading"),
        help_text=_("How deep the block lies in the page’s outline; screen readers go by it."),
    )
    empty_text = _words(
        _("When there is nothing"),
        _("Instead of our words, for customers who have nothing to see here yet."),
    )
    error_text = _words(
        _("When it can’t be loaded"),
        _("Instead of our words. Say where help is, such as a phone number."),
    )
    stale_text = _words(
        _("When it is not live"),
        _("Instead of our words, while the page has lost its connection."),
    )
    signed_out_text = _words(
        _("For visitors who are signed out"),
        _("Instead of our words, above the button that leads to signing in."),
    )
    call_label = blocks.CharBlock(
        required=False,
        max_length=60,
        label=_("Button"),
        help_text=_("What a button below the block says, such as “Ask our service team”."),
    )
    call_page = blocks.PageChooserBlock(required=False, label=_("… leads to the page"))
    call_url = blocks.CharBlock(
        required=False,
        max_length=500,
        label=_("… or to the address"),
        help_text=_(
            "Starts with https://, mailto: or tel:, or with / on this site. "
            "It counts where no page is chosen."
        ),
    )

    class Meta:
        group = _("Order portal")
        template = "oms_portal/blocks/live.html"
        preview_template = "oms_portal/blocks/preview.html"

    # What every block keeps behind the cog, after its own settings.
    SETTINGS: ClassVar[tuple[Any, ...]] = (
        "heading_level",
        blocks.BlockGroup(
            children=[f"{state}_text" for state in STATES],
            heading=_("Your own words"),
            icon="comment",
            classname="collapsed",
            label_format="",
        ),
        blocks.BlockGroup(
            children=["call_label", "call_page", "call_url"],
            heading=_("Call to action"),
            icon="link",
            classname="collapsed",
            label_format="",
        ),
    )

    def to_python(self, value: Any) -> Any:
        return super().to_python(self._without_missing(value))

    def bulk_to_python(self, values: list[Any]) -> list[Any]:
        return super().bulk_to_python([self._without_missing(value) for value in values])

    def _without_missing(self, value: dict[str, Any]) -> dict[str, Any]:
        """Wagtail's lists know no null, which a body written by another program may hold."""
        lists = {key for key, child in self.child_blocks.items() if hasattr(child, "child_block")}
        return {key: each for key, each in value.items() if each is not None or key not in lists}

    def clean(self, value: Any) -> Any:
        """A draft may be half filled; what is published must lead somewhere."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and (problems := _problems(cleaned)):
            raise StructBlockValidationError(block_errors=problems)
        return cleaned

    def params(self, value: Any) -> dict[str, str]:
        """What the editor chose, as the query of the fragment; nothing for what is unset."""
        return {}

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        params = {name: text for name, text in self.params(value).items() if text}
        asked = urlencode({**params, "lang": get_language() or ""})
        return {
            **context,
            "source": f"{self.fragment_url()}?{asked}",
            "page_url": reverse(f"oms_portal:{self.page}", query=params),
            "own_texts": {state: value.get(f"{state}_text") or "" for state in STATES},
            "heading_tag": heading_tag(value),
            "call": call(value),
        }

    def fragment_url(self) -> str:
        """Where the script fetches the fragment."""
        return reverse(f"oms_portal:fragment_{self.fragment}")

    @classmethod
    def _is_public(cls) -> bool:
        return cls.__module__.startswith(f"{PUBLIC}.")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        if not self._is_public():
            return super().deconstruct()
        return f"{PUBLIC}.{type(self).__name__}", [], self._constructor_kwargs

    def deconstruct_with_lookup(self, lookup: Any) -> tuple[str, list[Any], dict[str, Any]]:
        if not self._is_public():
            return super().deconstruct_with_lookup(lookup)
        return self.deconstruct()

    @classmethod
    def construct_from_lookup(cls, lookup: Any, *args: Any, **kwargs: Any) -> PortalBlock:
        if not cls._is_public():
            return super().construct_from_lookup(lookup, *args, **kwargs)
        return cls(**kwargs)

    def get_preview_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The canned sample stands where the visitor's data would be; never anybody's own."""
        context = super().get_preview_context(value, parent_context)
        sample = self.sample(value)
        return {
            **context,
            "self": value,
            "heading_tag": heading_tag(value),
            "call": call(value),
            "sample": sample,
            "reactions": holding(value.get("reactions") or [], sample),
        }

    def sample(self, value: Any) -> str:
        """The fragment's HTML for an invented customer, with the editor's options."""
        return ""


def heading_tag(value: Any) -> str:
    level = value.get("heading_level")
    return level if level in HEADINGS else HEADINGS[0]


def call(value: Any) -> dict[str, str] | None:
    """The button below a block; None while it says nothing or leads nowhere."""
    label, page = value.get("call_label") or "", value.get("call_page")
    url = (page.url or "") if page and page.live else _followed(value.get("call_url") or "")
    return {"label": label, "url": url} if label and url else None


def _followed(url: str) -> str:
    """The address, where a browser may be led to it; else nothing. Drafts hold anything."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    inside = url.startswith("/") and not parts.netloc and "\\" not in url
    outside = parts.scheme in FOLLOWABLE and bool(parts.netloc or parts.path)
    return url if inside or outside else ""


def _problems(value: Any) -> dict[str, ValidationError]:
    label, page = value.get("call_label"), value.get("call_page")
    url = value.get("call_url") or ""
    problems: dict[str, ValidationError] = {}
    if url and not _followed(url):
        problems["call_url"] = ValidationError(
            _("Enter an address that starts with https://, mailto:, tel: or /.")
        )
    elif label and not (page or url):
        problems["call_page"] = ValidationError(
            _("Choose a page or enter an address: the button leads nowhere yet.")
        )
    if (page or url) and not label:
        problems["call_label"] = ValidationError(_("Enter what the button says."))
    return problems
