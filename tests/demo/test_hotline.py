"""The demo's records of hotline and surveys look like twelve weeks of many people's calls."""

import re
from collections import Counter
from difflib import SequenceMatcher

import pytest

from cms.demo import content
from cms.demo.loader.concerns import FILES, load_records
from cms.demo.loader.people import load_unions
from cms.interactions.privacy import mask
from cms.topics.models import ImportBatch, Voice
from tests.factories.people import make_user

RECORDS = content.hotline()
ISSUES = {issue["key"]: issue for issue in content.issues()}
WEEKS = 12
#: How the issues are called in comments and searches.
WORDS = {
    "dianzi": "宏远",
    "huoguo": "云鼎",
    "shitang": "物流园食堂",
    "gaowen": "高温津贴",
    "binjiang": "滨江花园",
    "shunda": "顺达",
    "chongdian": "充电",
    "banche": "早班车",
    "buru": "金叶纺织",
    "yizhan": "驿站",
    "huiyuanka": "会员卡",
    "tijian": "体检名额",
    "tuoguan": "托管班",
    "yebanbutie": "夜班补贴|夜班二十块",
    "shebao": "东升服装",
    "gongshang": "工伤认定",
    "caiyuan": "云帆",
}
TITLED_NAME = re.compile(
    "[赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严金魏姜谢邹章苏潘范彭鲁马方任袁柳史唐薛贺汤罗郝]"
    "(某|先生|女士|经理|主任|主管|师傅|总$|总[，。 ])"
)


def about(key):
    return [row for row in RECORDS if row.get("issue") == key]


def people(rows):
    return {row["person"] for row in rows}


def of_course(course):
    return [key for key, issue in ISSUES.items() if issue["course"] == course]


def test_there_are_enough_records_of_both_kinds_from_many_people():
    kinds = Counter(row["kind"] for row in RECORDS)
    assert set(kinds) == set(FILES)
    assert len(RECORDS) >= 420
    assert kinds["survey"] >= 60
    assert len(people(RECORDS)) >= 350
    assert len({row["number"] for row in RECORDS}) == len(RECORDS)


def test_records_are_in_order_of_time_and_fill_every_week():
    moments = [(-row["days_ago"], row["minute"]) for row in RECORDS]
    assert moments == sorted(moments)
    assert all(0 <= row["days_ago"] <= 7 * WEEKS and 0 <= row["minute"] < 1440 for row in RECORDS)
    weeks = Counter(min(row["days_ago"] // 7, WEEKS - 1) for row in RECORDS)
    assert all(weeks[week] >= 15 for week in range(WEEKS))


def test_unions_and_issues_of_records_exist():
    unions = {union["slug"] for union in content.unions()}
    counts = Counter(row["union"] for row in RECORDS)
    assert set(counts) <= unions
    assert len(counts) >= 10
    assert {row["issue"] for row in RECORDS if "issue" in row} == set(ISSUES)
    assert 110 <= len([row for row in RECORDS if "issue" not in row]) <= 150


def test_records_are_as_people_write_and_mostly_short():
    lengths = [len(row["text"]) for row in RECORDS]
    assert min(lengths) >= 8
    assert max(lengths) <= 200
    assert sum(length > 60 for length in lengths) in range(10, 40)
    titles = [row["title"] for row in RECORDS if "title" in row]
    assert len(titles) >= 12
    assert all(0 < len(title) <= 12 for title in titles)


def test_records_hold_no_personal_data():
    for row in RECORDS:
        text = f"{row.get('title', '')} {row['text']}"
        assert mask(text).text == text
        assert not re.search(r"\d{6}", text), text
        assert not TITLED_NAME.search(text), text


def test_texts_are_unique_but_for_the_copies_of_the_floods():
    repeated = {text for text, n in Counter(row["text"] for row in RECORDS).items() if n > 1}
    copies = [row for row in RECORDS if row["text"] in repeated]
    assert {row["issue"] for row in copies} == set(of_course("flood"))
    assert len(copies) <= 10


@pytest.mark.parametrize("key", [key for key in ISSUES if ISSUES[key]["course"] != "flood"])
def test_an_issue_is_the_matter_of_five_to_thirty_people(key):
    assert 5 <= len(people(about(key))) <= 30


@pytest.mark.parametrize("key", of_course("rising"))
def test_rising_issues_rise_in_the_last_ten_days(key):
    recent = [row for row in about(key) if row["days_ago"] <= 10]
    assert 5 <= len(people(recent)) <= 12
    assert len(about(key)) - len(recent) <= 1


def test_three_issues_rise():
    assert len(of_course("rising")) == 3


@pytest.mark.parametrize("key", of_course("steady"))
def test_steady_issues_are_still_spoken_of(key):
    weeks = {row["days_ago"] // 7 for row in about(key)}
    assert len(weeks) >= 4
    assert min(row["days_ago"] for row in about(key)) <= 8


def test_one_issue_is_steady_over_all_weeks():
    assert {row["days_ago"] // 7 for row in about("huiyuanka")} == set(range(WEEKS))


@pytest.mark.parametrize("key", of_course("weekly"))
def test_weekly_issues_come_up_on_one_day_of_the_week(key):
    assert len({row["days_ago"] % 7 for row in about(key)}) == 1
    assert len({row["days_ago"] for row in about(key)}) == WEEKS


@pytest.mark.parametrize("key", of_course("past"))
def test_past_issues_are_hardly_spoken_of_after_the_answer(key):
    ages = {story["slug"]: story["days_ago"] for story in content.stories()}
    answer = ISSUES[key].get("answered_by")
    until = ages[answer] if answer else 14
    after = [row for row in about(key) if row["days_ago"] < until]
    assert len(after) <= 2
    assert len(about(key)) >= 10


def test_some_issues_were_answered_by_a_story():
    answered = [issue["answered_by"] for issue in ISSUES.values() if "answered_by" in issue]
    assert len(answered) >= 3
    assert set(answered) <= {story["slug"] for story in content.stories()}


def test_one_flood_is_one_person_and_the_other_many_with_one_text():
    lone, copied = sorted(of_course("flood"), key=lambda key: len(people(about(key))))
    assert len(people(about(lone))) == 1
    assert len(about(lone)) == 30
    texts = [row["text"] for row in about(copied)]
    common = Counter(texts).most_common(1)[0][0]
    assert len(people(about(copied))) == len(texts) == 20
    assert all(SequenceMatcher(None, common, text).ratio() > 0.8 for text in texts)


@pytest.mark.parametrize("key", WORDS)
def test_comments_on_site_and_channels_take_up_every_issue(key):
    said = [*content.comments(), *content.channel_comments()]
    assert sum(bool(re.search(WORDS[key], one["text"])) for one in said) >= 3


def test_some_ask_to_be_told_on_site_and_channels():
    for said in (content.comments(), content.channel_comments()):
        assert sum(bool(re.search("盼复|告诉我一声", one["text"])) for one in said) >= 8


def test_searches_take_up_issues_of_which_the_site_says_nothing():
    named = "|".join(WORDS.values())
    found = [row for row in content.searches() if re.search(named, row["query"])]
    assert len(found) >= 20
    assert sum(row.get("hits") == 0 for row in found) >= 10


@pytest.mark.django_db
def test_records_are_taken_in_once_as_one_import_of_each_kind():
    unions, clerk = load_unions(), make_user()
    assert load_records(unions, clerk) == len(RECORDS)
    assert load_records(unions, clerk) == 0
    assert Voice.objects.count() == len(RECORDS)
    assert Voice.objects.exclude(title="").exists()
    assert Voice.objects.values("person_key").distinct().count() == len(people(RECORDS))
    for batch in ImportBatch.objects.all():
        assert batch.state == ImportBatch.State.DONE
        assert batch.good == batch.voices.filter(source=batch.kind).count() > 0
    assert ImportBatch.objects.count() == len(FILES)
