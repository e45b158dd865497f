"""What a media manager decides about issues and single utterances, on screen."""

import pytest
from wagtail.models import ModelLogEntry

from cms.members.models import Role
from cms.topics.models import GroupMerge, Topic, Voice, VoiceTopic
from cms.topics.services import topic_merge, voices_group
from tests.factories import grant, make_union, make_user
from tests.factories.topics import CHARGER, KITCHEN, make_voice
from tests.looking import read

pytestmark = pytest.mark.django_db

BOARD = "/admin/concerns/"


@pytest.fixture
def issues(union) -> tuple[Topic, Topic]:
    """Two proposed issues."""
    for prefix, texts in (("c", CHARGER), ("k", KITCHEN)):
        for number, text in enumerate(texts):
            make_voice(
                text,
                origin=f"{prefix}:{number}",
                person=f"user:{prefix}{number}",
                days_ago=number,
                union=union,
            )
    voices_group()
    found = [
        Topic.objects.filter(links__voice__origin__startswith=f"{prefix}:", kind="emergent").first()
        for prefix in ("c", "k")
    ]
    return found[0], found[1]


def address(topic: Topic) -> str:
    return f"{BOARD}{topic.slug}/"


def act(client, topic, **given):
    return client.post(f"{address(topic)}act/", given, follow=True).content.decode()


def test_proposals_wait_in_a_section_of_their_own(client, manager, issues):
    text = read(client, f"{BOARD}?days=28")
    _board, _heading, waiting = text.partition('id="proposed"')
    for issue in issues:
        assert f"{issue.name}</a>" in waiting
    assert "人" in waiting


def test_a_proposal_is_accepted_under_its_name_or_under_a_new_one(client, manager, issues):
    charger, kitchen = issues
    act(client, charger, action="accept", name=charger.name)
    act(client, kitchen, action="accept", name="食堂饭菜")
    charger.refresh_from_db()
    kitchen.refresh_from_db()
    assert (charger.state, charger.named_by_hand) == (Topic.State.SHOWN, False)
    assert (kitchen.state, kitchen.name) == (Topic.State.SHOWN, "食堂饭菜")


def test_a_name_that_is_taken_accepts_nothing_and_stays_typed(client, manager, issues):
    charger, kitchen = issues
    text = act(client, charger, action="accept", name=kitchen.name, back="board")
    charger.refresh_from_db()
    assert charger.state == Topic.State.PROPOSED
    assert "请换一个名称" in text
    assert text.count(f'value="{kitchen.name}"') == 2


def test_a_proposal_can_be_refused(client, manager, issues):
    charger, _kitchen = issues
    act(client, charger, action="reject", back="board")
    charger.refresh_from_db()
    assert charger.state == Topic.State.HIDDEN


def test_issues_are_merged_and_taken_apart_again(client, manager, issues):
    charger, kitchen = issues
    response = client.post(f"{address(kitchen)}merge/", {"other": charger.slug}, follow=True)
    assert "已并入" in response.content.decode()
    assert charger.links.count() == len(CHARGER) + len(KITCHEN)
    assert "已并入" in read(client, address(kitchen))
    assert "撤销合并" in read(client, f"{address(charger)}?days=28")
    act(client, kitchen, action="unmerge")
    assert kitchen.links.count() == len(KITCHEN)


def test_likely_mergers_come_first_with_their_reason(client, manager, issues):
    charger, kitchen = issues
    text = read(client, f"{address(kitchen)}merge/")
    assert "可能是同一件事" not in text
    GroupMerge.objects.create(
        gone=kitchen.groups.get().key,
        kept=charger.groups.get().key,
        day=Voice.objects.latest("day").day,
    )
    text = read(client, f"{address(kitchen)}merge/")
    assert "可能是同一件事" in text
    assert "两边的话越说越像" in text


@pytest.mark.parametrize("into", ["", "nothing", "wages"])
def test_a_merger_into_nothing_or_into_a_theme_is_refused_in_words(client, manager, issues, into):
    charger, _kitchen = issues
    response = client.post(f"{address(charger)}merge/", {"into": into})
    assert 'role="alert"' in response.content.decode()
    charger.refresh_from_db()
    assert charger.merged_into is None


def test_a_split_shows_both_sides_before_it_is_done(client, manager, issues):
    charger, _kitchen = issues
    given = {"more": "什么时候、又坏", "name": "充电桩何时修好"}
    text = client.post(f"{address(charger)}split/", {**given, "action": "look"}).content.decode()
    assert "新话题得 <b>3</b> 条，3 人" in text
    assert f"剩 <b>{len(CHARGER) - 3}</b> 条" in text
    assert 'value="充电桩何时修好"' in text
    assert not Topic.objects.filter(name="充电桩何时修好").exists()
    client.post(f"{address(charger)}split/", {**given, "action": "split"})
    assert Topic.objects.get(name="充电桩何时修好").links.count() == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"more": " "}, "请选一个词"),
        ({"more": "没有这个词"}, "没有哪句话说到"),
        ({"more": "充电桩"}, "每句话都说到"),
    ],
)
def test_a_split_that_divides_nothing_says_so_and_keeps_what_was_typed(
    client, manager, issues, given, said
):
    charger, _kitchen = issues
    response = client.post(
        f"{address(charger)}split/", {**given, "name": "名字", "action": "split"}
    )
    text = response.content.decode()
    assert said in text
    assert 'value="名字"' in text


def test_the_words_to_split_by_are_those_of_the_issue(client, manager, issues):
    charger, _kitchen = issues
    text = read(client, f"{address(charger)}split/")
    assert 'name="words"' in text
    assert "食堂" not in text


def test_an_utterance_is_moved_from_one_topic_to_another(client, manager, issues):
    charger, kitchen = issues
    voice = charger.links.first().voice
    where = f"{BOARD}voices/{voice.pk}/"
    assert "依据：相似的话" in read(client, where)
    client.post(where, {"topic": charger.slug, "action": "displace"})
    client.post(where, {"topic": kitchen.slug, "action": "place"})
    links = VoiceTopic.objects.filter(voice=voice, topic__kind=Topic.Kind.EMERGENT)
    assert [(link.topic, link.by) for link in links] == [(kitchen, VoiceTopic.By.HAND)]
    assert f"归入“{kitchen.name}”" in read(client, where)


def test_no_topic_chosen_says_so(client, manager, issues):
    voice = Voice.objects.get(origin="c:1")
    response = client.post(f"{BOARD}voices/{voice.pk}/", {"topic": "", "action": "place"})
    assert "请选择一个话题" in response.content.decode()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_is_a_page_of_this_site(client, manager, issues, back):
    charger, _kitchen = issues
    voice = Voice.objects.get(origin="c:1")
    response = client.post(
        f"{BOARD}voices/{voice.pk}/", {"topic": charger.slug, "action": "place", "back": back}
    )
    assert response["Location"] == f"{BOARD}voices/{voice.pk}/"


def test_what_other_unions_heard_is_out_of_reach(client, manager, issues):
    charger, _kitchen = issues
    voice = make_voice("别处的话", union=make_union())
    where = f"{BOARD}voices/{voice.pk}/"
    assert client.get(where).status_code == 404
    response = client.post(where, {"topic": charger.slug, "action": "place"})
    assert response.status_code == 404


@pytest.mark.parametrize("way", ["act", "merge", "split"])
def test_who_may_not_change_topics_decides_nothing(client, union, issues, way):
    charger, kitchen = issues
    client.force_login(grant(make_user(), Role.EDITOR, union))
    client.post(
        f"{address(charger)}{way}/",
        {"action": "accept", "name": "x", "into": kitchen.slug, "more": "又坏"},
    )
    charger.refresh_from_db()
    assert (charger.state, charger.merged_into) == (Topic.State.PROPOSED, None)


def test_the_history_tells_weeks_and_decisions(client, manager, issues):
    charger, kitchen = issues
    name = charger.name
    act(client, charger, action="accept", name="充电桩没人修")
    topic_merge(topic=kitchen, into=charger, user=manager)
    text = read(client, f"{address(charger)}history/")
    assert "第 1" in text
    assert f"“{name}”改为“充电桩没人修”" in text
    assert f"“{kitchen.name}”" in text
    assert text.count("本周未完") == 1


def test_decisions_are_logged_with_who_took_them(client, manager, issues):
    charger, _kitchen = issues
    act(client, charger, action="accept", name=charger.name)
    entry = ModelLogEntry.objects.for_instance(charger).get()
    assert (entry.user, entry.action) == (manager, "topics.shown")
