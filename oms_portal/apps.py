from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OmsPortalConfig(AppConfig):
    """The portal: one line in INSTALLED_APPS."""

    name = "oms_portal"
    label = "oms_portal"
    verbose_name = _("Order portal")
    default_auto_field = "django.db.models.BigAutoField"
    # Imported for what they register: system checks, handlers of events, jobs of the worker.
    registering = (
        "changes.closings",
        "changes.expiry",
        "changes.following",
        "changes.readback",
        "checks.accounts",
        "checks.connectors",
        "checks.keys",
        "checks.live",
        "checks.returns",
        "checks.stores",
        "customers.projection",
        "erp.outbox.deadlines",
        "erp.outbox.projection",
        "erp.pruning",
        "erp.queries",
        "fragments.label_dress",
        "notifications.looking",
        "notifications.pruning",
        "notifications.sending",
        "orders.lateness",
        "orders.projection",
        "orders.rollover",
        "orders.tracking.projection",
        "returns.corrections",
        "returns.expiry",
        "returns.following",
        "returns.label_fonts",
        "returns.labelling",
        "returns.life",
        "returns.polling",
        "returns.projection",
        "returns.receipts.arrivals",
        "returns.receipts.following",
        "returns.sweeping",
        "returns.receipts.waiting.presence",
        "returns.receipts.printing.prints",
        "returns.tracking",
        "returns.verifying",
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
