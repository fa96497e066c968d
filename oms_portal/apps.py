from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OmsPortalConfig(AppConfig):
    """The portal: one line in INSTALLED_APPS."""

    name = "oms_portal"
    label = "oms_portal"
    verbose_name = _("Order portal")
    default_auto_field = "django.db.models.BigAutoField"
    # Imported for what they register: system checks, handlers of events.
    registering = (
        "changes.closings",
        "changes.expiry",
        "changes.following",
        "changes.readback",
        "checks",
        "customers.projection",
        "erp.outbox.projection",
        "notifications.looking",
        "notifications.pruning",
        "orders.projection",
        "orders.tracking.projection",
    )

    def ready(self) -> None:
        for name in self.registering:
            import_module(f"{self.name}.{name}")
        from oms_portal import live
        from oms_portal.brand import keeping as brand
        from oms_portal.consumers import hints
        from oms_portal.customers import revocation
        from oms_portal.words import actions as words

        revocation.connect()
        words.connect()
        brand.connect()
        live.listen(hints.publish)
