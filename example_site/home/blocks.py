"""Ordinary content, as any site has it; the portal's blocks come after these."""

from __future__ import annotations

from typing import Any

from wagtail import blocks

from oms_portal.blocks import portal_blocks


class FeatureBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80)
    text = blocks.TextBlock(max_length=400)
    figure = blocks.CharBlock(max_length=20, required=False, help_text="A number worth showing.")


class FeaturesBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120, required=False)
    features = blocks.ListBlock(FeatureBlock())

    class Meta:
        icon = "grip"
        template = "home/blocks/features.html"


class ProductBlock(blocks.StructBlock):
    name = blocks.CharBlock(max_length=80)
    text = blocks.TextBlock(max_length=300)
    drawing = blocks.ChoiceBlock(
        choices=[
            ("bearing", "Bearing"),
            ("rail", "Linear rail"),
            ("belt", "Belt"),
            ("cylinder", "Cylinder"),
            ("bolt", "Bolt"),
            ("seal", "Seal"),
        ]
    )


class ProductsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120, required=False)
    products = blocks.ListBlock(ProductBlock())

    class Meta:
        icon = "cogs"
        template = "home/blocks/products.html"


class CallToActionBlock(blocks.StructBlock):
    text = blocks.CharBlock(max_length=200)
    label = blocks.CharBlock(max_length=40)
    page = blocks.PageChooserBlock()

    class Meta:
        icon = "link"
        template = "home/blocks/call_to_action.html"


def content_blocks() -> list[tuple[str, Any]]:
    return [
        ("text", blocks.RichTextBlock(features=["h2", "h3", "bold", "link", "ol", "ul"])),
        ("features", FeaturesBlock()),
        ("products", ProductsBlock()),
        ("call_to_action", CallToActionBlock()),
    ]


class ColumnsBlock(blocks.StructBlock):
    """Two columns, in which everything stands that a page may hold; below each other on a phone."""

    main = blocks.StreamBlock([*content_blocks(), *portal_blocks()], required=False)
    side = blocks.StreamBlock([*content_blocks(), *portal_blocks()], required=False)

    class Meta:
        icon = "table"
        template = "home/blocks/columns.html"
