"""Where printing is done, below the returns of the admin."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from .again import LabelAgain
from .batch import LabelBatch
from .jobs import PrintPage, PrintState
from .log import PrintLog
from .one import PrintAgain, PrintOne
from .preview import LabelPreview, VerdictPreview


def paths(policy: Any) -> list[URLPattern]:
    """``policy`` is that of returns."""
    told = {"permission_policy": policy}
    preview, log = "labels/preview", PrintLog.as_view
    return [
        path("labels/", LabelBatch.as_view(**told), name="labels"),
        path("labels/again/<int:parcel>/", LabelAgain.as_view(**told), name="label_again"),
        path(f"{preview}/<int:label>/", LabelPreview.as_view(**told), name="preview_label"),
        path(
            f"{preview}/goods/<int:verdict>/",
            VerdictPreview.as_view(**told),
            name="preview_verdict",
        ),
        path("print/<str:kind>/<int:pk>/", PrintOne.as_view(**told), name="print"),
        path("prints/", log(**told), name="prints"),
        path("prints/results/", log(**told, results_only=True), name="prints_results"),
        path("prints/<uuid:job>/", PrintPage.as_view(**told), name="print_job"),
        path("prints/<uuid:job>/state/", PrintState.as_view(**told), name="print_state"),
        path("prints/<uuid:job>/again/", PrintAgain.as_view(**told), name="print_again"),
    ]
