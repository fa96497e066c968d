from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Brannfeld's own pages."""

    name = "example_site.home"
    label = "home"
