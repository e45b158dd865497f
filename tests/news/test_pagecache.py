"""What is kept for readers is never older than what it shows."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse

from cms.news import pagecache


@pytest.fixture
def reads(monkeypatch):
    """The names of tags that were looked up in the cache, one list for each look."""
    looks = []
    get_many = cache.get_many
    monkeypatch.setattr(cache, "get_many", lambda keys: looks.append(keys) or get_many(keys))
    return looks


def answered(rf, view, **headers):
    return pagecache.PageCacheMiddleware(view)(rf.get("/somewhere/", headers=headers))


def test_one_request_looks_once_at_a_tag_however_much_it_remembers(rf, reads):
    def view(request):
        for name in ("frame", "labels", "rules"):
            pagecache.remember(name, lambda: "thing")
        return HttpResponse("ok")

    answered(rf, view, HX_Request="true")
    assert len(reads) == 1
    answered(rf, view, HX_Request="true")
    assert len(reads) == 2


@pytest.mark.django_db
def test_outside_a_request_a_change_is_seen_at_once(committed):
    assert pagecache.remember("thing", lambda: "before") == "before"
    with committed():
        pagecache.touch(pagecache.SITE)
    assert pagecache.remember("thing", lambda: "after") == "after"


@pytest.mark.django_db
def test_a_request_sees_what_it_changed_itself(rf, committed):
    def view(request):
        pagecache.remember("thing", lambda: "before")
        with committed(), transaction.atomic():
            pagecache.touch(pagecache.SITE)
        return HttpResponse(pagecache.remember("thing", lambda: "after"))

    assert answered(rf, view, HX_Request="true").content == b"after"


@pytest.mark.django_db
def test_a_page_made_while_something_changed_elsewhere_is_not_served_again(rf):
    made = []

    def view(request):
        seen = pagecache.remember("thing", lambda: len(made))
        # Another process commits a change now, after this request has looked.
        cache.set(pagecache._tag_key(pagecache.SITE), f"other-{len(made)}", None)
        pagecache.tag(request, pagecache.SITE)
        made.append(seen)
        return HttpResponse(f"made of {seen}")

    answered(rf, view)
    answered(rf, view)
    assert len(made) == 2
