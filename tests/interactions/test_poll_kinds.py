"""What each kind of poll takes, counts, shows and refuses, with a browser and without scripts."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from cms.interactions import selectors, tally
from cms.interactions.models import Ballot, ModerationItem, PollOption, Tally
from cms.interactions.services import (
    Vote,
    answers_release,
    ballot_cast,
    ballots_count,
    item_approve,
    item_reject,
    poll_answer_publish,
)
from cms.interactions.signals import poll_answered
from cms.members.models import Notice
from cms.topics.models import Voice
from tests.factories import close_poll, make_poll, make_story, make_user, pass_review

pytestmark = pytest.mark.django_db

KINDS = ("single", "multiple", "ranked", "rating", "text")


@pytest.fixture
def make(newsroom):
    def of_kind(choice, **fields):
        options = () if choice == "text" else ("食堂", "班车", "托管班")
        return make_poll(
            newsroom.section, choice=choice, options=fields.pop("options", options), **fields
        )

    return of_kind


def ids(poll):
    return list(PollOption.objects.filter(poll=poll.pk).values_list("pk", flat=True))


def answer_to(poll):
    """A valid answer, as keywords of ballot_cast and as fields of the form."""
    options = ids(poll)
    match poll.choice:
        case "ranked":
            return {"option_ids": options[:2]}, {"rank-1": options[0], "rank-2": options[1]}
        case "rating":
            return {"scores": dict.fromkeys(options, 4)}, {f"score-{pk}": 4 for pk in options}
        case "text":
            return {"text": "多开一个窗口"}, {"text": "多开一个窗口"}
    return {"option_ids": options[:1]}, {"option": options[:1]}


@pytest.mark.parametrize("secrecy", ["secret", "named"])
@pytest.mark.parametrize("choice", KINDS)
def test_each_kind_counts_through_the_service_and_through_the_form(client, make, choice, secrecy):
    poll = make(choice, secrecy=secrecy)
    asked, fields = answer_to(poll)
    ballot_cast(user=make_user(), poll=poll, **asked)
    client.force_login(make_user())
    assert client.get(poll.url).status_code == 200
    answer = client.post(reverse("interactions:vote", args=[poll.pk]), fields)
    assert answer.status_code == 302
    recount = selectors.recount(poll)
    assert (recount.turnout, recount.ballots, recount.receipts) == (2, 2, 2)
    assert recount.agrees
    assert Ballot.objects.count() == (2 if secrecy == "named" else 0)
    cells = Tally.objects.get(poll=poll.pk).cells
    assert {n for cell, n in cells.items() if not cell.startswith("@")} <= {2}


@pytest.mark.parametrize("choice", KINDS)
def test_editors_preview_each_kind(make, choice):
    assert make(choice, live=False).make_preview_request().status_code == 200


@pytest.mark.parametrize("choice", KINDS)
def test_closed_poll_of_each_kind_shows_bars_and_a_table(client, make, newsroom, choice):
    poll = make(choice)
    for _voter in range(6):
        ballot_cast(user=make_user(), poll=poll, **answer_to(poll)[0])
    poll = close_poll(poll)
    answers_release(poll=poll)
    for item in ModerationItem.objects.all():
        item_approve(item=item, user=newsroom.moderator)
    page = client.get(poll.url).content.decode()
    assert "6 人参与" in page
    assert ("多开一个窗口" in page) if choice == "text" else ("<meter" in page and "<table" in page)


@pytest.mark.parametrize(
    ("choice", "asked", "code"),
    [
        ("single", {"option_ids": []}, "none"),
        ("multiple", {"option_ids": [0]}, "few"),
        ("multiple", {"option_ids": [0, 1, 2]}, "many"),
        ("ranked", {"option_ids": [0, 0]}, "twice"),
        ("ranked", {"option_ids": ["", 0]}, "gap"),
        ("ranked", {"option_ids": [0]}, "few"),
        ("rating", {"scores": {0: 5}}, "unrated"),
        ("rating", {"scores": {0: 6, 1: 5, 2: 5}}, "score"),
        ("rating", {"scores": {0: "x", 1: 5, 2: 5}}, "score"),
        ("text", {"text": " \u200b "}, "none"),
        ("text", {"text": "长" * 201}, "long"),
    ],
)
def test_what_the_rules_forbid_is_refused_in_words(make, choice, asked, code):
    poll = make(choice, min_choices=2, max_choices=2)
    options = ids(poll)

    def real(place):
        return options[place] if isinstance(place, int) else place

    asked = {**asked}
    if "option_ids" in asked:
        asked["option_ids"] = [real(place) for place in asked["option_ids"]]
    if "scores" in asked:
        asked["scores"] = {real(place): points for place, points in asked["scores"].items()}
    with pytest.raises(ValidationError) as refused:
        ballot_cast(user=make_user(), poll=poll, **asked)
    assert refused.value.code == code
    assert selectors.recount(poll).turnout == 0


@pytest.mark.parametrize(
    ("choice", "fields", "kept"),
    [
        ("ranked", {"rank-1": 0, "rank-2": 0}, "selected>食堂"),
        ("rating", {"score-0": 4}, "checked"),
        ("text", {"text": "长" * 201}, "长长长"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(client, make, choice, fields, kept):
    poll = make(choice)
    options = ids(poll)
    if choice == "ranked":
        fields = {name: options[place] for name, place in fields.items()}
    if choice == "rating":
        fields = {f"score-{options[0]}": 4}
    client.force_login(make_user())
    answer = client.post(reverse("interactions:vote", args=[poll.pk]), fields)
    assert answer.status_code == 422
    assert kept in answer.content.decode()


def test_without_a_phone_number_nobody_votes(make):
    poll = make("single")
    with pytest.raises(ValidationError, match="手机号"):
        ballot_cast(user=make_user(phone=None), poll=poll, option_ids=ids(poll)[:1])


def test_fewer_than_five_voters_are_told_of_nowhere(client, make):
    poll = make("single", results="always")
    for _voter in range(4):
        ballot_cast(user=make_user(), poll=poll, option_ids=ids(poll)[:1])
    poll = close_poll(poll)
    page = client.get(poll.url).content.decode()
    assert "参与人数不足 5 人，不公布结果" in page
    assert selectors.standing(poll).table is None
    assert selectors.turnout_by_union(poll) == []
    assert client.get(reverse("interactions:receipts", args=[poll.pk])).status_code == 404


def test_a_cell_of_a_few_is_hidden_with_another(client, make):
    poll = make("single")
    first, second, third = ids(poll)
    for option, number in ((first, 20), (second, 2), (third, 9)):
        for _voter in range(number):
            ballot_cast(user=make_user(), poll=poll, option_ids=[option])
    table = selectors.standing(close_poll(poll)).table
    assert [line.cells for line in table.lines] == [
        ("20", "65%"), ("不足 5", "—"), ("不单列", "—"),
    ]  # fmt: skip


# --- Many at once --------------------------------------------------------------------------------


def test_votes_in_a_batch_are_counted_as_if_cast_one_by_one(make):
    one, many = make("single"), make("single")
    people = [make_user() for _voter in range(13)]
    for place, user in enumerate(people):
        ballot_cast(user=user, poll=one, option_ids=[ids(one)[place % 3]])
    votes = [
        Vote(user, tally.Asked.of([ids(many)[place % 3]]), timezone.now())
        for place, user in enumerate([*people, people[0]])
    ]
    assert ballots_count(poll=many, votes=votes) == 13
    assert ballots_count(poll=many, votes=votes) == 0
    assert selectors.recount(many).agrees
    assert selectors.standing(many).voters == selectors.standing(one).voters == 5


# --- Texts ---------------------------------------------------------------------------------------


def texts_waiting(poll):
    return Tally.objects.get(poll=poll.pk).answers


def test_texts_reach_the_moderators_five_at_once_and_five_stay_behind(make):
    poll = make("text")
    for number in range(9):
        ballot_cast(user=make_user(), poll=poll, text=f"第{number}句")
    assert answers_release(poll=poll) == 0
    ballot_cast(user=make_user(), poll=poll, text="第十句")
    assert texts_waiting(poll) == sorted(texts_waiting(poll))
    assert answers_release(poll=poll) == 5
    assert len(texts_waiting(poll)) == 5
    assert answers_release(poll=close_poll(poll)) == 5
    items = ModerationItem.objects.filter(origin__startswith="answer:")
    assert items.count() == 10
    assert set(items.values_list("author_key", "author_name")) == {("", "")}
    assert len(set(items.values_list("said_at", flat=True))) == 1


def test_texts_of_fewer_than_five_are_never_handed_over(make):
    poll = make("text")
    for _voter in range(4):
        ballot_cast(user=make_user(), poll=poll, text="一句话")
    assert answers_release(poll=close_poll(poll)) == 0
    assert not ModerationItem.objects.exists()


def test_an_approved_text_is_on_the_kept_page_and_a_withdrawn_one_is_gone(
    client, make, newsroom, committed
):
    poll = make("text")
    for _voter in range(5):
        ballot_cast(user=make_user(), poll=poll, text="夜里没有热饭")
    poll = close_poll(poll)
    answers_release(poll=poll)
    assert "夜里没有热饭" not in client.get(poll.url).content.decode()
    item = ModerationItem.objects.first()
    with committed():
        item_approve(item=item, user=newsroom.moderator)
    assert "夜里没有热饭" in client.get(poll.url).content.decode()
    with committed():
        item_reject(item=item, user=newsroom.moderator, reason="other")
    assert "夜里没有热饭" not in client.get(poll.url).content.decode()


def test_what_many_wrote_stands_once_and_first_with_their_number_if_they_are_enough(
    client, make, newsroom, committed
):
    poll = make("text")
    for text in ["多开窗口"] * 5 + ["加热水"] * 4:
        ballot_cast(user=make_user(), poll=poll, text=text)
    answers_release(poll=close_poll(poll))
    with committed():
        for item in ModerationItem.objects.all():
            item_approve(item=item, user=newsroom.moderator)
    assert tally.approved_answers(poll) == [tally.Said("多开窗口", 5), tally.Said("加热水")]
    page = client.get(poll.url).content.decode()
    assert (page.count("多开窗口"), page.count("加热水"), "5 人这样写" in page) == (1, 1, True)


def test_approved_answers_become_voices_each_of_one_person(make, newsroom, committed):
    poll = make("text")
    for _voter in range(5):
        ballot_cast(user=make_user(), poll=poll, text="老板拖欠工资")
    with committed():
        answers_release(poll=close_poll(poll))
        for item in ModerationItem.objects.all():
            item_approve(item=item, user=newsroom.moderator)
    voices = Voice.objects.filter(source=Voice.Source.POLL)
    assert voices.values("person_key").distinct().count() == 5


# --- The union's answer --------------------------------------------------------------------------


def test_the_answer_is_told_of_once_to_those_who_voted(client, make, newsroom, committed):
    told = []

    def listen(sender, poll, voters, **kwargs):
        told.append((poll.pk, set(voters)))

    poll_answered.connect(listen)
    try:
        poll = make("single")
        voter = make_user()
        ballot_cast(user=voter, poll=poll, option_ids=ids(poll)[:1])
        editor = make_user()
        for words in ("<p>食堂下月开工。</p>", "<p>食堂下月初开工。</p>"):
            draft = type(poll).objects.get(pk=poll.pk).get_latest_revision_as_object()
            draft.answer = words
            draft.save_revision(user=editor)
            answered = pass_review(type(poll).objects.get(pk=poll.pk), editor)
    finally:
        poll_answered.disconnect(listen)
    assert told == [(poll.pk, {voter.pk})]
    notice = Notice.objects.get(kind="poll_answered")
    assert (notice.user, notice.url) == (voter, poll.url)
    assert poll.title in notice.text
    assert answered.answered_at
    assert not poll_answer_publish(poll=answered)
    page = client.get(poll.url).content.decode()
    assert "工会答复" in page
    assert "食堂下月初开工" in page


# --- In a story ----------------------------------------------------------------------------------


def test_a_story_tells_the_result_in_a_table_that_channels_keep(client, make, newsroom):
    poll = make("single", results="always")
    for _voter in range(10):
        ballot_cast(user=make_user(), poll=poll, option_ids=ids(poll)[:1])
    story = make_story(newsroom.section, body=[("poll_result", {"poll": poll})])
    page = client.get(story.url).content.decode()
    assert "<table>" in page
    assert "5 人参与" in page
    now = client.get(poll.url, query_params={"standing": "1"}).content.decode()
    assert now.startswith("<section")
    assert "hx-get" not in now
    assert 'class="bars"' in now
    assert "<table>" in now


def test_a_story_tells_no_result_before_the_poll_does(client, make, newsroom):
    poll = make("single", results="after_vote")
    for _voter in range(10):
        ballot_cast(user=make_user(), poll=poll, option_ids=ids(poll)[:1])
    story = make_story(newsroom.section, body=[("poll_result", {"poll": poll})])
    assert "结果还没有公布" in client.get(story.url).content.decode()
