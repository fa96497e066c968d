"""Brannfeld, a made-up supplier of bearings and drives: a Wagtail site that wears the portal."""
