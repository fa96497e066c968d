"""A list of what waits for a person, drawn anew while somebody looks at it."""

from __future__ import annotations

from typing import Any

from .listings import Listing


# The list is fetched anew so often.
SECONDS = 5


class Queue(Listing):
    """``nothing`` is said where nothing waits, ``nothing_like_it`` where nothing fits a search."""

    template_name = "oms_portal/desk/queue.html"
    results_template_name = "oms_portal/desk/queue_results.html"
    nothing: Any = ""
    nothing_like_it: Any = ""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.urlencode()
        return {
            **super().get_context_data(*args, **kwargs),
            "fresh_url": f"{self.get_index_results_url()}?{asked}",
            "seconds": SECONDS,
            "nothing": self.nothing,
            "nothing_like_it": self.nothing_like_it,
        }
