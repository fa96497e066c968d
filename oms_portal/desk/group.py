"""Everything of the portal in the admin's menu, under one name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSetGroup

from .companies import Companies
from .health import Health
from .inbox import Inbox
from .invitations import Invitations
from .orders import Orders
from .people import People
from .shipments import Shipments
from .sources import Sources
from .words import UnknownCodes, Words


class Desk(ViewSetGroup):
    menu_label = gettext_lazy("Order portal")
    menu_name = "order-portal"
    menu_icon = "oms-tracker"
    menu_order = 250
    # A host may hang items of its own in here.
    submenu_hook = "register_oms_portal_menu_item"
    items = (
        Orders,
        Shipments,
        Companies,
        People,
        Invitations,
        Words,
        UnknownCodes,
        Inbox,
        Sources,
        Health,
    )


desk = Desk()
