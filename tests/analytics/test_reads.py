"""What counts as a reading, and that each is counted exactly once."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from cms.analytics import beacon, selectors, services
from cms.analytics.models import ReadTally
from cms.analytics.signals import page_viewed
from tests.factories import make_story

pytestmark = pytest.mark.django_db

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
OURS = {"sec-fetch-site": "same-origin", "user-agent": PHONE}


@pytest.fixture
def story(newsroom):
    return make_story(newsroom.section)


def read(story, source="direct", **headers):
    return Client().post(
        "/-/read/", {"story": story, "source": source}, headers={**OURS, **headers}
    )


def counted() -> int:
    return sum(ReadTally.objects.values_list("reads", flat=True))


def test_each_reading_adds_exactly_one_to_the_row_of_its_day_and_source(story):
    for _time in range(5):
        assert services.reading_count(page_id=story.pk, source="wechat")
    services.reading_count(page_id=story.pk, source="direct")
    rows = ReadTally.objects.values_list("day", "source", "reads").order_by("source")
    today = timezone.localdate()
    assert list(rows) == [(today, "direct", 1), (today, "wechat", 5)]


def test_reading_is_one_statement_once_the_live_stories_are_known(story, django_assert_num_queries):
    read(story.pk)
    with django_assert_num_queries(1):
        read(story.pk, **{"user-agent": f"{PHONE} other"})
    assert counted() == 2


def test_form_and_json_are_both_understood_and_answered_with_204(story):
    assert read(story.pk).status_code == 204
    answer = Client().post(
        "/-/read/",
        json.dumps({"story": story.pk, "source": "wechat"}),
        content_type="text/plain;charset=UTF-8",
        headers={**OURS, "user-agent": f"{PHONE} other"},
    )
    assert answer.status_code == 204
    assert set(ReadTally.objects.values_list("source", flat=True)) == {"direct", "wechat"}


def test_beacon_needs_no_csrf_token_and_sets_no_cookie(story):
    answer = Client(enforce_csrf_checks=True).post(
        "/-/read/", {"story": story.pk, "source": "direct"}, headers=OURS
    )
    assert answer.status_code == 204
    assert not answer.cookies
    assert counted() == 1


def test_picture_counts_readers_without_scripts_with_the_source_of_their_page(story):
    page = f"http://testserver/s/?from=weibo&story={story.pk}"
    answer = Client().get(
        f"/-/read.gif?story={story.pk}", headers={"user-agent": PHONE, "referer": page}
    )
    assert answer.status_code == 204
    assert ReadTally.objects.get().source == "weibo"


def test_one_visitor_counts_once_in_thirty_minutes(story):
    for _time in range(3):
        read(story.pk)
    read(story.pk, source="wechat")
    assert counted() == 1
    assert ("同一读者 30 分钟内重复打开", 3) in selectors.refusals_today()


def test_nothing_about_the_visitor_is_kept(story):
    read(story.pk)
    fields = {field.name for field in ReadTally._meta.get_fields()}
    assert fields == {"id", "page", "day", "source", "reads"}


@pytest.mark.parametrize(
    "agent", ["", "Baiduspider/2.0", "Mozilla/5.0 (compatible; bingbot/2.0)", "curl/8.5", "python"]
)
def test_machines_are_not_counted(story, agent):
    assert read(story.pk, **{"user-agent": agent}).status_code == 204
    assert counted() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
        {"sec-fetch-site": "", "origin": "null"},
        {"sec-fetch-site": "", "origin": "http://[broken"},
        {"sec-fetch-site": ""},
    ],
)
def test_other_sites_cannot_count_for_us(story, headers):
    assert read(story.pk, **headers).status_code == 204
    assert counted() == 0


def test_old_browser_of_our_own_page_counts_by_its_origin(story):
    read(story.pk, **{"sec-fetch-site": "", "origin": "http://testserver"})
    assert counted() == 1


@pytest.mark.parametrize("header", ["dnt", "sec-gpc"])
def test_readers_who_decline_are_not_counted(story, header):
    read(story.pk, **{header: "1"})
    assert counted() == 0


@pytest.mark.parametrize("forged", ["0", "999999", "-1", "1.5", "１", "x", "", "9" * 40])
def test_forged_story_is_not_counted(story, forged):
    assert read(forged).status_code == 204
    assert counted() == 0


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[]", "application/json"),
        (b"12", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 1500, "application/json"),
        (b"x" * 3000, "application/x-www-form-urlencoded"),
        (b"x", "multipart/form-data; boundary=none"),
        (b"x", "multipart/form-data"),
    ],
)
def test_broken_body_is_answered_calmly(story, body, kind):
    answer = Client().post("/-/read/", body, content_type=kind, headers=OURS)
    assert answer.status_code == 204
    assert counted() == 0


def test_draft_and_withdrawn_story_are_not_counted(newsroom, story, committed):
    draft = make_story(newsroom.section, live=False)
    read(draft.pk)
    read(story.pk)
    with committed():
        story.unpublish()
    read(story.pk, **{"user-agent": f"{PHONE} other"})
    assert counted() == 1


def test_flood_from_one_address_stops_counting(newsroom, story, monkeypatch):
    monkeypatch.setattr(beacon, "PER_ADDRESS_A_MINUTE", 3)
    for number in range(6):
        read(story.pk, **{"user-agent": f"{PHONE} {number}"})
    # A window may end in the middle: then the next one lets three more in.
    assert counted() + dict(selectors.refusals_today()).get("同一地址过于频繁", 0) == 6
    assert counted() >= 3


@pytest.mark.parametrize(
    ("claimed", "agent", "source"),
    [
        ("timeline", "", "wechat"),
        ("direct", "Chrome MicroMessenger/8.0", "wechat"),
        ("", "", "direct"),
        ("rss", "", "feed"),
        ("site", "MicroMessenger", "site"),
        ("console", "", "other"),
        ("<script>", "", "other"),
    ],
)
def test_source_is_one_of_ours(claimed, agent, source):
    assert beacon.source_of(claimed, agent) == source


def test_counted_reading_is_announced(story):
    heard = []

    def listen(sender, page_id, source, **kwargs):
        heard.append((page_id, source))

    page_viewed.connect(listen)
    try:
        read(story.pk, source="search")
    finally:
        page_viewed.disconnect(listen)
    assert heard == [(story.pk, "search")]
