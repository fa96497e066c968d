"""Pages with a board on them, as a block would place it: a shell, and the fragment it fetches."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import include, path

from oms_portal import live
from oms_portal.customers.access import actor_of
from oms_portal.fragments.base import fragment
from oms_portal.fragments.tickets import ticket


NOTES = "".join(
    f'<p class="oms-note" data-note="{state}" hidden>{state}</p>'
    for state in ("loading", "reconnecting", "stale", "signed-out", "gone", "error")
)
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws:; "
    "require-trusted-types-for 'script'; trusted-types oms-portal"
)


def page(request: HttpRequest, boards: str) -> HttpResponse:
    """``/boards/1,2/``: a block for each of these companies; the script is named twice."""
    script = f'<script type="module" src="{static("oms_portal/oms_portal.js")}"></script>'
    blocks = "".join(
        f'<oms-live class="oms-portal" src="/fragments/{pk}/"><a href="/">Sign in</a>{NOTES}</oms-live>'
        for pk in boards.split(",")
    )
    body = f"<!doctype html><title>Boards</title>{script}{blocks}{script}<input id=elsewhere>"
    return HttpResponse(body, headers={"Content-Security-Policy": CSP})


def board(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse(
            '<div class="oms-fragment oms-sign-in">Please sign in</div>', status=401
        )
    kind = fragment("board")
    assert kind is not None
    params = {"company": str(pk), "place": request.GET.get("place", "")}
    spec = kind.spec(actor_of(request), params, "en")
    if spec is None:
        return HttpResponse('<div class="oms-fragment">Not here</div>', status=404)
    version = live.versions([spec.topic])[spec.topic]
    rendered = kind.render(spec, version)
    assert rendered is not None
    own = f' data-ticket="{ticket(spec, request.user.pk)}" data-topic='
    return HttpResponse(rendered.html.replace(" data-topic=", own, 1))


urlpatterns = [
    path("boards/<str:boards>/", page),
    path("fragments/<int:pk>/", board),
    path("", include("tests.site.urls")),
]
