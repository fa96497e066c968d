"""A photo of a return as an answer: for whoever may see the return, in nobody else's cache."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response

from oms_portal.returns.evidence import open_file
from oms_portal.returns.models import Picture
from oms_portal.returns.photos import MEDIA_TYPE

from .download import guarded


def photo(request: HttpRequest, evidence: Picture) -> HttpResponse:
    """Its bytes under a strong ETag, 304 for whoever has them. Raises OSError where the file is
    gone from the storage."""
    tag = f'"{evidence.sha256}"'
    same = get_conditional_response(request, etag=tag)
    if isinstance(same, HttpResponseNotModified):
        same["ETag"] = tag
        return guarded(same, _name(evidence), inline=True)
    with open_file(evidence) as file:
        content = file.read()
    response = HttpResponse(content, MEDIA_TYPE)
    response["ETag"] = tag
    return guarded(response, _name(evidence), len(content), inline=True)


def _name(evidence: Picture) -> str:
    """As the person called it, for all photos are written anew as JPEG."""
    stem = evidence.name.rpartition(".")[0] or evidence.name
    return f"{stem.strip('. ') or evidence.key}.jpg"
