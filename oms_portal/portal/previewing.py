"""Whether a fragment is asked for by a page that an editor previews in Wagtail's admin.

A preview runs as the editor, who may be a customer too: what it shows is invented all the same.
The page itself can't tell, for a host may render its body without the request; its address can.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse


def in_preview(request: HttpRequest) -> bool:
    """The script makes sure that the browser says which page it is on."""
    referer = request.headers.get("referer", "")
    try:
        address = urlsplit(referer)
        admin = reverse("wagtailadmin_home")
        if address.netloc != request.get_host() or not address.path.startswith(admin):
            return False
        # An admin at the root of a site has all addresses below it.
        return admin != "/" or resolve(address.path).func.__module__.startswith("wagtail.admin")
    except (NoReverseMatch, Resolver404, ValueError):
        return False
