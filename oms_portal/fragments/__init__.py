"""One view-model and one renderer for each widget; what a page fetches is what a socket pushes.

In: a spec (which fragment, of what, in which language). Out: HTML and the sentence to announce.
Importing this package registers every fragment.
"""

from . import (
    arriving,
    change_request,
    changing,
    dashboard,
    documents,
    freshness,
    order,
    orders,
    returning,
    updates,
)


__all__ = [
    "arriving",
    "change_request",
    "changing",
    "dashboard",
    "documents",
    "freshness",
    "order",
    "orders",
    "returning",
    "updates",
]
