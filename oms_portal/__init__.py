"""A self-service order portal for Wagtail: see docs/ for the way in."""

__version__ = "0.1.0"
