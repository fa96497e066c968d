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
# What an editor wrote: for a state of the data, and in place of the server's own words.
OWN = (
    '<p data-when="late delivered" hidden>Help is near</p>'
    '<p data-note="signed-out" data-own hidden>Our customers sign in here</p>'
)
PAUSE = (
    '<p class="oms-pause"><button data-oms-pause aria-pressed="false">Pause</button>'
    'Waiting: <b class="oms-pause-count">0</b></p>'
)
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws:; "
    "require-trusted-types-for 'script'; trusted-types oms-portal"
)


def page(request: HttpRequest, boards: str) -> HttpResponse:
    """``/boards/1,2/``: a block for each of these companies; the script is named twice.

    ``?feed=3`` adds that company's board as the page's feed, with the button that pauses it;
    ``?own`` an editor's words.
    """
    script = f'<script type="module" src="{static("oms_portal/oms_portal.js")}"></script>'
    blocks = "".join(
        f'<oms-live class="oms-portal" src="/fragments/{pk}/"><a href="/">Sign in</a>'
        f"{OWN if 'own' in request.GET else ''}{NOTES}</oms-live>"
        for pk in boards.split(",")
    )
    if feed := request.GET.get("feed"):
        shell = f'<oms-live class="oms-portal oms-feed" src="/fragments/{feed}/">{PAUSE}</oms-live>'
        blocks += shell * 2
    body = f"<!doctype html><title>Boards</title>{script}{blocks}{script}<input id=elsewhere>"
    return HttpResponse(body, headers={"Content-Security-Policy": CSP})


def board(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse(
            '<div class="oms-fragment oms-sign-in"><p class="oms-headline">Please sign in</p></div>',
            status=401,
        )
    kind = fragment("board")
    assert kind is not None
    if request.GET.get("place") == "broken":
        return HttpResponse(status=503)
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
