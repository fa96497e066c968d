"""Everything of the portal in the admin's menu, under one name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSetGroup

from .alerts import Alerts
from .articles import Articles
from .change_requests import ChangeRequests
from .commands import Commands
from .companies import Companies
from .cutoffs import CutoffRules
from .figures.page import Figures
from .health import Health
from .inbox import Inbox
from .invitations import Invitations
from .judging.checklists import Checklists
from .judging.grades import Grades
from .judging.rules import DispositionRules
from .orders import Orders
from .people import People
from .pickup_places import PickupPlaces
from .return_list import Returns
from .return_places import ReturnPlaces
from .return_policies import ReturnPolicies
from .return_reasons import ReturnReasons
from .review_rules import ReviewRules
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
        ChangeRequests,
        Returns,
        Figures,
        Shipments,
        Companies,
        People,
        Invitations,
        Words,
        UnknownCodes,
        Alerts,
        Commands,
        CutoffRules,
        ReviewRules,
        PickupPlaces,
        ReturnPolicies,
        ReturnReasons,
        ReturnPlaces,
        Grades,
        Checklists,
        DispositionRules,
        Articles,
        Inbox,
        Sources,
        Health,
    )


desk = Desk()
