"""Issues found in groups of like voices: order-free, incremental, and as people left them."""

import random
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cms.topics.models import (
    Checkpoint,
    GroupMerge,
    Progress,
    Topic,
    TopicGroup,
    Voice,
    VoiceTopic,
)
from cms.topics.services import (
    groups_rebuild,
    topic_merge,
    topic_rename,
    topic_set_state,
    topic_split,
    topic_unmerge,
    voice_place,
    voice_withdraw,
    voices_group,
)
from tests.factories import make_user
from tests.factories.topics import CHARGER, KITCHEN, make_voice

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_user(superuser=True)


def say(texts, *, start=20, prefix="v", step=1):
    for number, text in enumerate(texts):
        make_voice(
            text,
            origin=f"{prefix}:{number}",
            person=f"user:{prefix}{number}",
            days_ago=max(0, start - step * number),
        )


def found():
    """All that grouping decides, as bytes would be compared."""
    return (
        sorted(Voice.objects.values_list("origin", "group", "copy_of")),
        sorted(GroupMerge.objects.values_list("gone", "kept", "day")),
        [(row.day, bytes(row.state)) for row in Checkpoint.objects.order_by("day")],
    )


def issue(word="充电桩") -> Topic:
    groups = Voice.objects.filter(text__contains=word).values("group")
    return Topic.objects.get(groups__key__in=groups, merged_into=None)


def test_like_voices_of_enough_people_become_a_proposal_that_waits():
    say(CHARGER)
    voices_group()
    topic = issue()
    assert (topic.kind, topic.state) == (Topic.Kind.EMERGENT, Topic.State.PROPOSED)
    assert topic.links.count() == len(CHARGER)
    assert topic.subtitle in CHARGER


def test_one_person_alone_proposes_nothing():
    for number, text in enumerate(CHARGER):
        make_voice(text, person="user:loud", days_ago=number)
    voices_group()
    assert not Topic.objects.filter(kind=Topic.Kind.EMERGENT).exists()


def test_near_copies_of_many_accounts_propose_nothing():
    for number in range(20):
        make_voice(f"{CHARGER[0]}{'。' * (number % 4)}", person=f"user:{number}")
    voices_group()
    assert not Topic.objects.filter(kind=Topic.Kind.EMERGENT).exists()


def test_the_order_of_coming_in_and_the_rhythm_of_runs_do_not_matter():
    texts = list(enumerate(CHARGER + KITCHEN))
    outcomes = []
    for seed in (None, 1, 2):
        Voice.objects.all().delete()
        Topic.objects.all().delete()
        for model in (TopicGroup, GroupMerge, Checkpoint, Progress):
            model.objects.all().delete()
        if seed:
            random.Random(seed).shuffle(texts)
        for number, text in texts:
            make_voice(text, origin=f"v:{number}", person=f"user:{number}", days_ago=20 - number)
            if seed == 2:
                voices_group()
        voices_group()
        outcomes.append(found())
    assert outcomes[0] == outcomes[1] == outcomes[2]


def test_a_late_voice_and_a_withdrawn_one_give_what_a_rebuild_gives():
    say(CHARGER)
    say(KITCHEN, prefix="k", start=15)
    voices_group()
    make_voice("锦江物流园的充电桩早就坏了", origin="late", days_ago=30)
    voice_withdraw(origin="k:0")
    voices_group()
    after = found()
    groups_rebuild()
    voices_group()
    assert found() == after
    assert not Voice.objects.filter(group="k:0").exists()


def test_new_voices_start_from_the_checkpoint_of_yesterday():
    say(CHARGER, start=3)
    voices_group()
    make_voice("锦江物流园充电桩还没修", origin="new")
    assert voices_group()["days"] == 1


def test_nothing_is_grouped_twice():
    say(CHARGER)
    voices_group()
    before = found()
    assert not any(voices_group().values())
    assert found() == before


def test_what_was_withdrawn_is_in_no_checkpoint():
    say(CHARGER)
    voices_group()
    voice_withdraw(origin="v:2")
    assert not Checkpoint.objects.filter(day__gte=timezone.localdate() - timedelta(18)).exists()


def test_a_run_that_died_is_taken_up():
    say(CHARGER)
    stopped = timezone.now() - timedelta(hours=1)
    Progress.objects.update(
        claimed_from=Voice.objects.earliest("day").day, dirty_from=None, seen_at=stopped
    )
    assert voices_group()["days"] == len(CHARGER)


def test_two_runs_do_not_work_at_once():
    say(CHARGER)
    Progress.objects.update(claimed_from=timezone.localdate(), seen_at=timezone.now())
    assert voices_group()["days"] == 0


def test_an_issue_stays_itself_when_an_earlier_voice_founds_its_group(manager):
    say(CHARGER)
    voices_group()
    topic = issue()
    topic_rename(topic=topic, name="物流园充电难", user=manager)
    make_voice("锦江物流园的充电桩全坏了没地方充电", origin="earlier", days_ago=40)
    voices_group()
    assert Voice.objects.get(origin="v:3").group == "earlier"
    assert issue() == topic
    assert topic.links.count() == len(CHARGER) + 1
    assert Topic.objects.filter(kind=Topic.Kind.EMERGENT).count() == 1


def test_an_issue_stays_itself_when_its_first_voice_is_withdrawn():
    say(CHARGER)
    voices_group()
    topic = issue()
    voice_withdraw(origin="v:0")
    voices_group()
    assert issue() == topic
    assert topic.links.count() == len(CHARGER) - 1


def test_a_merge_holds_for_words_that_come_later_and_can_be_undone(manager):
    say(CHARGER)
    say(KITCHEN, prefix="k")
    voices_group()
    charger, kitchen = issue("充电桩"), issue("食堂")
    topic_merge(topic=kitchen, into=charger, user=manager)
    assert charger.links.count() == len(CHARGER) + len(KITCHEN)
    make_voice("宏远电子食堂饭菜变质还不换人", origin="new")
    voices_group()
    assert Voice.objects.get(origin="new").links.get(topic__kind="emergent").topic == charger
    groups_rebuild()
    voices_group()
    assert charger.links.count() == len(CHARGER) + len(KITCHEN) + 1
    kitchen.refresh_from_db()
    topic_unmerge(topic=kitchen, user=manager)
    assert kitchen.links.count() == len(KITCHEN) + 1
    assert charger.links.count() == len(CHARGER)


def test_a_split_holds_for_words_that_come_later(manager):
    say(CHARGER)
    voices_group()
    topic = issue()
    new = topic_split(topic=topic, words=["什么时候", "又坏"], name="", user=manager)
    assert new.links.count() == 3
    assert topic.links.count() == len(CHARGER) - 3
    make_voice("锦江物流园充电桩又坏了一个", origin="new")
    groups_rebuild()
    voices_group()
    assert Voice.objects.get(origin="new").links.get(topic__kind="emergent").topic == new


@pytest.mark.parametrize("words", [["没有这个词"], ["充电桩"], [" "]])
def test_a_split_that_divides_nothing_is_refused(manager, words):
    say(CHARGER)
    voices_group()
    with pytest.raises(ValidationError):
        topic_split(topic=issue(), words=words, name="", user=manager)


def test_themes_are_neither_merged_nor_split(manager):
    say(CHARGER)
    voices_group()
    theme = Topic.objects.get(slug="wages")
    with pytest.raises(ValidationError):
        topic_merge(topic=theme, into=issue(), user=manager)
    with pytest.raises(ValidationError):
        topic_split(topic=theme, words=["工资"], name="", user=manager)


def test_what_a_person_placed_stays_placed(manager):
    say(CHARGER)
    voices_group()
    topic, wages = issue(), Topic.objects.get(slug="wages")
    voice = Voice.objects.get(origin="v:1")
    voice_place(voice=voice, topic=topic, belongs=False, user=manager)
    voice_place(voice=voice, topic=wages, belongs=True, user=manager)
    groups_rebuild()
    voices_group()
    links = VoiceTopic.objects.filter(voice=voice)
    assert [(link.topic, link.by) for link in links] == [(wages, VoiceTopic.By.HAND)]


def test_an_accepted_issue_keeps_its_name(manager):
    say(CHARGER)
    voices_group()
    topic = issue()
    topic_set_state(topic=topic, state=Topic.State.SHOWN, user=manager)
    name = topic.name
    for number in range(12):
        make_voice(f"锦江物流园充电桩坏了，第{number}次报修，师傅说缺配件", days_ago=number % 3)
    voices_group()
    topic.refresh_from_db()
    assert (topic.name, topic.state) == (name, Topic.State.SHOWN)
