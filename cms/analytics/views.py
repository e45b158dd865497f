"""The read beacon: what a story's page calls once when somebody reads it."""

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from cms.analytics import beacon, services


# Pages come from a shared cache and carry no token; the beacon checks the origin itself.
@csrf_exempt
@require_POST
def read(request):
    """POST {story, source}, form or JSON. Always 204: a page learns nothing from it."""
    return _count(request)


@require_GET
def read_picture(request):
    """The same for readers without scripts, as a picture that never shows."""
    return _count(request)


def _count(request) -> HttpResponse:
    try:
        reading = beacon.reading_of(request)
    except beacon.NotCounted as refusal:
        services.refusal_count(reason=refusal.reason)
    else:
        services.reading_count(page_id=reading.page_id, source=reading.source)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
