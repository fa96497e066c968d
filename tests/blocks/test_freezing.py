"""A host's migrations hold the path of a block of ours and nothing of its innards."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.migrations.writer import MigrationWriter
from wagtail import blocks
from wagtail.fields import StreamField

from oms_portal import blocks as portal
from oms_portal.blocks import OrderListBlock, portal_blocks
from tests.site.models import BlockPage, Column


class HostBlock(OrderListBlock):
    """A host's own, outside of the portal: frozen as Wagtail freezes any other."""

    note = blocks.CharBlock(required=False)


def frozen(field: StreamField) -> str:
    return str(MigrationWriter.serialize(field)[0])


def test_a_migration_names_the_path_only() -> None:
    field = StreamField([("list", OrderListBlock(group="Mine"))])
    text = frozen(field)
    assert "'oms_portal.blocks.OrderListBlock', [], {'group': 'Mine'}" in text
    assert "heading" not in text and "rows" not in text


@pytest.mark.parametrize("name", [name for name, _ in portal_blocks()])
def test_new_innards_are_no_migration_of_the_host(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    field = BlockPage._meta.get_field
    before = frozen(field("body")), frozen(field("nested"))
    ours = type(dict(portal_blocks())[name])
    extra = {"heading": blocks.TextBlock(), "switch": blocks.BooleanBlock(required=False)}
    monkeypatch.setattr(ours, "base_blocks", {**ours.base_blocks, **extra})
    monkeypatch.setattr(ours._meta_class, "label", "Another word")
    assert "switch" in ours().child_blocks
    body = [("paragraph", blocks.CharBlock()), *portal_blocks()]
    lists = blocks.ListBlock(OrderListBlock())
    nested = [("columns", blocks.ListBlock(Column())), ("lists", lists)]
    assert frozen(StreamField(body, blank=True)) == before[0]
    assert frozen(StreamField(nested, blank=True)) == before[1]


@pytest.mark.django_db
def test_the_hosts_own_migrations_are_complete() -> None:
    call_command("makemigrations", "site", check=True, dry_run=True, stdout=StringIO())


def test_a_migration_gives_the_block_back() -> None:
    _, path, args, kwargs = StreamField([("list", OrderListBlock(label="Mine"))]).deconstruct()
    assert path == "wagtail.fields.StreamField"
    back = StreamField(*args, **kwargs).stream_block.child_blocks["list"]
    assert type(back) is OrderListBlock and back.meta.label == "Mine"


def test_a_hosts_subclass_is_frozen_by_its_children() -> None:
    field = StreamField([("mine", HostBlock())])
    text = frozen(field)
    assert "oms_portal" not in text and "wagtail.blocks.StructBlock" in text and "note" in text
    _, _, args, kwargs = field.deconstruct()
    child: Any = StreamField(*args, **kwargs).stream_block.child_blocks["mine"]
    assert {"heading", "rows", "sort", "note"} <= set(child.child_blocks)


def test_inside_a_list_and_a_struct_of_the_host_it_is_the_path_too() -> None:
    field = StreamField(
        [
            (
                "two",
                blocks.StructBlock(
                    [("a", OrderListBlock()), ("b", blocks.ListBlock(OrderListBlock()))]
                ),
            )
        ]
    )
    assert "oms_portal.blocks.OrderListBlock" in frozen(field) and "rows" not in frozen(field)


def test_every_public_name_stays_importable() -> None:
    names = {
        "ArrivingTodayBlock",
        "ChangeDeliveryBlock",
        "DashboardBlock",
        "DeliveryUpdatesBlock",
        "DocumentsBlock",
        "OrderDetailBlock",
        "OrderListBlock",
        "OrderTrackerBlock",
        "PortalBlock",
    }
    assert names <= set(portal.__all__)
    for name in names:
        assert getattr(portal, name).__name__ == name


def test_every_block_is_offered_and_frozen_by_its_public_name() -> None:
    for _, block in portal_blocks():
        name = type(block).__name__
        assert name in portal.__all__
        assert block.deconstruct() == (f"oms_portal.blocks.{name}", [], {})
