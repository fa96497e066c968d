from django.apps import AppConfig


class SandboxErpConfig(AppConfig):
    """No models: only ``manage.py oms_sandbox_erp`` and what it needs."""

    name = "example_site.sandbox_erp"
    label = "sandbox_erp"
