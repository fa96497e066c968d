from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OmsPortalConfig(AppConfig):
    """The portal: one line in INSTALLED_APPS."""

    name = "oms_portal"
    label = "oms_portal"
    verbose_name = _("Order portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # What is imported and not used registers itself: checks, event handlers (F401).
        from oms_portal import checks, live  # noqa: F401
        from oms_portal.brand import keeping as brand
        from oms_portal.consumers import hints
        from oms_portal.customers import projection as customers_projection  # noqa: F401
        from oms_portal.customers import revocation
        from oms_portal.orders import projection as orders_projection  # noqa: F401
        from oms_portal.orders.tracking import projection as tracking_projection  # noqa: F401
        from oms_portal.words import actions as words

        revocation.connect()
        words.connect()
        brand.connect()
        live.listen(hints.publish)
