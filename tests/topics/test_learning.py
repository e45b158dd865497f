"""The classifier learns from corrections, on request, and is used only when adopted."""

import pytest
from django.core.exceptions import ValidationError

from cms.members.models import Role, Union
from cms.topics.models import LearnedModel, Topic, Voice, VoiceTopic
from cms.topics.services import (
    learning_start,
    model_adopt,
    model_retire,
    model_train,
    voice_place,
    voices_group,
)
from tests.factories import grant, make_union, make_user
from tests.factories.topics import make_voice

pytestmark = pytest.mark.django_db

WAGES = ["老板拖欠工资三个月", "欠薪找谁讨", "工资一直拖着，讨薪没用", "拖欠工资不给"]
HOURS = ["天天加班没有加班费", "强制加班到半夜", "周末还要加班", "加班费从来不给"]
#: What the lexicon does not know, and a manager files under 生活服务.
PARKING = [
    "厂门口没地方停车",
    "停车位被外来车占了",
    "停车要绕两圈找位子",
    "停车位划得太窄，车门打不开",
    "夜班停车被贴条",
    "停车场的灯坏了，看不清车位",
]
URL = "/admin/concerns/learning/"


@pytest.fixture
def manager():
    return make_user(superuser=True)


@pytest.fixture
def corrected(manager):
    """Voices of two themes, and some that a manager has filed under a third."""
    for text in WAGES + HOURS:
        make_voice(text)
    parking = [make_voice(text) for text in PARKING]
    voices_group()
    theme = Topic.objects.get(slug="daily-life")
    for voice in parking:
        voice_place(voice=voice, topic=theme, belongs=True, user=manager)
    return theme


def learnt(manager) -> LearnedModel:
    model = learning_start(user=manager)
    model_train(model=model)
    model.refresh_from_db()
    return model


def themes(voice):
    return list(voice.links.filter(topic__kind=Topic.Kind.LEXICON).select_related("topic"))


def theme_of(text):
    voice = make_voice(text)
    voices_group()
    return {(link.topic.slug, link.by) for link in themes(voice)}


def test_nothing_changes_before_a_version_is_adopted(manager, corrected):
    model = learnt(manager)
    assert model.state == LearnedModel.State.TRIAL
    assert model.corrections == len(PARKING)
    assert theme_of("厂里停车没有车位") == set()


def test_an_adopted_version_files_what_is_like_the_corrections(manager, corrected):
    model_adopt(model=learnt(manager), user=manager)
    assert theme_of("厂里停车没有车位") == {("daily-life", VoiceTopic.By.MODEL)}
    assert theme_of("老板拖欠工资两个月") == {("wages", VoiceTopic.By.LEXICON)}


def test_what_was_read_before_is_read_again(manager, corrected):
    old = make_voice("厂里停车没有车位")
    voices_group()
    assert not themes(old)
    model = learnt(manager)
    model_adopt(model=model, user=manager)
    voices_group()
    assert [link.topic for link in themes(old)] == [corrected]
    model_retire(model=model, user=manager)
    voices_group()
    assert not themes(old)


def test_a_version_says_beforehand_what_it_would_change_and_why(manager, corrected):
    make_voice("厂里停车没有车位")
    voices_group()
    change = next(
        row for row in learnt(manager).figures["changes"] if row["theme"] == corrected.name
    )
    assert change["added"] == 1
    assert all(sample["because"] for sample in change["samples"])


def test_the_same_corrections_give_the_same_version(manager, corrected):
    assert learnt(manager).weights == learnt(manager).weights


def test_one_version_is_in_force(manager, corrected):
    first, second = learnt(manager), learnt(manager)
    model_adopt(model=first, user=manager)
    model_adopt(model=second, user=manager)
    first.refresh_from_db()
    assert first.state == LearnedModel.State.RETIRED
    with pytest.raises(ValidationError):
        model_adopt(model=second, user=manager)


def test_too_few_corrections_are_refused_in_words(manager):
    with pytest.raises(ValidationError, match="满 5 条再学"):
        learning_start(user=manager)


def test_the_page_shows_changes_within_reach_only(client, manager, corrected, committed):
    union, other = make_union(), Union.objects.exclude(pk=None).first()
    Voice.objects.update(union=other)
    client.force_login(grant(make_user(), Role.MANAGER, union))
    with committed():
        response = client.post(URL, follow=True)
    assert "开始学习了" in response.content.decode()
    model = LearnedModel.objects.get()
    model_train(model=model)
    text = client.get(URL).content.decode()
    assert "采用这一版" in text
    assert PARKING[0] not in text or other.is_descendant_of(union)
    response = client.post(f"{URL}{model.pk}/", {"action": "adopt"}, follow=True)
    assert "已采用这个版本" in response.content.decode()


def test_those_without_the_right_are_turned_away(client):
    client.force_login(grant(make_user(), Role.EDITOR, make_union()))
    assert client.get(URL).status_code == 302
    assert client.post(URL).status_code == 302
    assert not LearnedModel.objects.exists()
