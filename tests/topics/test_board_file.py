"""The board as a file: nothing in it is about fewer than five people, and who took it is known."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from cms.topics.models import Topic, Voice
from tests.factories.topics import grouped, make_voices

pytestmark = pytest.mark.django_db

FILE = "/admin/concerns/board."
HOURS = "天天加班到深夜，不给加班费"


def lines(client, query=""):
    """The table of the file: name of the topic → {heading: cell}."""
    response = client.get(f"{FILE}csv{query}")
    assert response.status_code == 200
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    start = next(place for place, row in enumerate(rows) if row[:2] == ["排名", "话题"])
    found = {}
    for row in rows[start + 1 :]:
        if len(row) == len(rows[start]):
            found[row[1]] = dict(zip(rows[start], row, strict=True))
    return found


def test_figures_of_enough_people_are_told(client, manager, union):
    make_voices(6, union=union)
    make_voices(7, source=Voice.Source.WEIBO, union=union)
    grouped()
    line = lines(client)["欠薪与工资"]
    assert (line["人数"], line["声音"]) == ("10", "10")
    assert (line["网站评论人数"], line["微博人数"]) == ("5", "5")


def test_a_topic_of_few_people_shows_none_of_its_figures(client, manager, union):
    make_voices(3, union=union)
    grouped()
    line = lines(client)["欠薪与工资"]
    assert line["人数"] == "<5"
    assert {line["热度"], line["声音"], line["网站评论人数"], line["不满人数"]} == {"—"}


def test_a_small_cell_takes_the_one_beside_it_along(client, manager, union):
    make_voices(6, union=union)
    make_voices(7, source=Voice.Source.WECHAT, union=union)
    make_voices(2, source=Voice.Source.WEIBO, union=union)
    grouped()
    line = lines(client)["欠薪与工资"]
    assert line["人数"] == "15"
    assert (line["微博人数"], line["网站评论人数"], line["微信人数"]) == ("<5", "—", "5")


def test_few_people_before_hide_the_change(client, manager, union):
    make_voices(6, union=union)
    make_voices(2, days_ago=9, union=union)
    grouped()
    line = lines(client)["欠薪与工资"]
    assert (line["上期人数"], line["比上期"]) == ("<5", "—")


def test_an_issue_that_all_but_a_few_of_its_theme_speak_of_is_not_told(client, manager, union):
    make_voices(8, union=union)
    theme = grouped()
    issue = Topic.objects.create(
        key="group:x", slug="x", name="包工头跑了", kind=Topic.Kind.EMERGENT, parent=theme
    )
    for voice in Voice.objects.all()[:6]:
        issue.links.create(voice=voice, sentence="x")
    found = lines(client)
    assert found["欠薪与工资"]["人数"] == "5"
    assert found["包工头跑了"]["人数"] == "—"


@pytest.mark.parametrize("more", [1, 2, 3, 4])
def test_files_of_nearly_the_same_days_tell_of_no_few_people(client, manager, union, more):
    make_voices(11, union=union)
    make_voices(7, source=Voice.Source.WEIBO, union=union)
    make_voices(more, union=union, days_ago=7)
    grouped()
    week, eight_days = (lines(client, query)["欠薪与工资"] for query in ("", since(7)))
    told = [
        (int(week[head]), int(eight_days[head]))
        for head in week
        if head != "排名" and week[head].isdigit() and eight_days[head].isdigit()
    ]
    assert len(told) > 4
    assert all(one % 5 == other % 5 == 0 for one, other in told)


def since(days_ago: int) -> str:
    first = timezone.localdate() - timedelta(days=days_ago)
    return f"?since={first}&until={timezone.localdate()}"


def test_the_file_has_what_the_board_was_asked_for(client, manager, union):
    make_voices(6, union=union)
    make_voices(6, HOURS, union=union, days_ago=20)
    grouped()
    assert set(lines(client)) == {"欠薪与工资"}
    assert set(lines(client, "?days=28")) == {"欠薪与工资", "加班与休假"}


def test_workbooks_can_be_had_and_other_endings_cannot(client, manager, union):
    make_voices(6, union=union)
    grouped()
    book = load_workbook(io.BytesIO(client.get(f"{FILE}xlsx").content))
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    assert "欠薪与工资" in cells
    assert client.get(f"{FILE}exe").status_code == 404


def test_who_took_the_file_is_written_down(client, manager, union):
    client.get(f"{FILE}csv?days=28")
    entry = ModelLogEntry.objects.for_instance(manager).get(action="topics.board_export")
    assert entry.user == manager
    assert "days=28" in entry.data["query"]
