"""Polls: one person, one vote; what is shown to whom; options that hold still."""

import re
from datetime import timedelta
from threading import Barrier, Thread
from urllib.parse import quote

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, connections
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.interactions import selectors
from cms.interactions.models import PollOption, Tally, Turnout
from cms.interactions.models.polls import OptionsFixed
from cms.interactions.services import ballot_cast
from tests.factories import make_poll, make_site, make_story, make_user, pass_review

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def poll(newsroom):
    return make_poll(newsroom.section)


@pytest.fixture
def worker(db):
    return make_user("车间老李")


def options(poll):
    return list(PollOption.objects.filter(poll=poll.pk).values_list("pk", flat=True))


def vote_address(poll):
    return reverse("interactions:vote", args=[poll.pk])


def vote_of(poll, *choices):
    """One vote of a new person for each of `choices`, places of options."""
    for choice in choices:
        ballot_cast(user=make_user(), poll=poll, option_ids=[options(poll)[choice]])


def cells_of(poll):
    """The count of answers, without days and sources."""
    cells = Tally.objects.get(poll=poll.pk).cells
    return {cell: number for cell, number in cells.items() if not cell.startswith("@")}


def html(client, poll, **kwargs):
    return client.get(poll.url, **kwargs).content.decode()


# --- The service ---------------------------------------------------------------------------------


def test_second_ballot_of_the_same_person_is_refused(poll, worker):
    first, second, _third = options(poll)
    ballot_cast(user=worker, poll=poll, option_ids=[first])
    with pytest.raises(ValidationError) as refused:
        ballot_cast(user=worker, poll=poll, option_ids=[second])
    assert refused.value.code == "voted"
    assert cells_of(poll) == {str(first): 1}
    assert selectors.recount(poll).agrees


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_ballots_at_the_same_moment_count_once():
    poll, worker = make_poll(make_site().section), make_user()
    first, second, _third = options(poll)
    start, results = Barrier(2), []

    def cast(option):
        start.wait()
        while True:
            try:
                ballot_cast(user=worker, poll=poll, option_ids=[option])
                results.append("counted")
            except ValidationError as refused:
                results.append(refused.code)
            except OperationalError:
                # A database in memory refuses where a real one lets the second writer wait.
                continue
            break
        connections.close_all()

    threads = [Thread(target=cast, args=[option]) for option in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["counted", "voted"]
    assert selectors.recount(poll).agrees
    assert Turnout.objects.count() == 1


def test_ballot_names_no_more_options_than_the_rule_allows(newsroom, worker):
    poll = make_poll(newsroom.section, choice="multiple", max_choices=2)
    for chosen, code in [([], "none"), (options(poll), "many"), (["x"], "unknown")]:
        with pytest.raises(ValidationError) as refused:
            ballot_cast(user=worker, poll=poll, option_ids=chosen)
        assert refused.value.code == code
    ballot_cast(user=worker, poll=poll, option_ids=options(poll)[:2])


def test_single_choice_takes_one_option_whatever_the_limit_says(newsroom, worker):
    poll = make_poll(newsroom.section, max_choices=3)
    with pytest.raises(ValidationError):
        ballot_cast(user=worker, poll=poll, option_ids=options(poll)[:2])


def test_option_of_another_poll_is_refused(newsroom, poll, worker):
    other = make_poll(newsroom.section)
    with pytest.raises(ValidationError):
        ballot_cast(user=worker, poll=poll, option_ids=options(other)[:1])


@pytest.mark.parametrize(
    ("field", "hours", "code"), [("opens_at", 1, "not_open"), ("closes_at", -1, "closed")]
)
def test_vote_outside_opening_hours_is_refused(newsroom, worker, field, hours, code):
    poll = make_poll(newsroom.section, **{field: timezone.now() + timedelta(hours=hours)})
    with pytest.raises(ValidationError) as refused:
        ballot_cast(user=worker, poll=poll, option_ids=options(poll)[:1])
    assert refused.value.code == code


# --- What readers see ----------------------------------------------------------------------------


def test_anonymous_reader_sees_options_and_the_way_to_vote(client, poll):
    page = html(client, poll)
    assert "食堂" in page
    assert vote_address(poll) in page
    assert "<form" not in page.split('id="poll-')[1].split("</section>")[0]
    assert "csrfmiddlewaretoken" not in page


@pytest.mark.parametrize(
    ("rule", "before", "after", "closed"),
    [
        ("always", True, True, True),
        ("after_vote", False, True, True),
        ("after_close", False, False, True),
    ],
)
def test_results_are_shown_when_the_rule_says(
    client, newsroom, worker, rule, before, after, closed
):
    poll = make_poll(newsroom.section, results=rule)
    vote_of(poll, *[0] * 9)
    ballot_cast(user=make_user(), poll=poll, option_ids=options(poll)[:1])
    client.force_login(worker)
    assert ("<meter" in html(client, poll)) == before
    ballot_cast(user=worker, poll=poll, option_ids=options(poll)[:1])
    assert ("<meter" in html(client, poll)) == after
    type(poll).objects.filter(pk=poll.pk).update(closes_at=timezone.now())
    assert ("<meter" in html(client, poll)) == closed


def test_figures_count_people_not_crosses(newsroom, client):
    poll = make_poll(
        newsroom.section, choice="multiple", max_choices=2, results="always", options=("甲", "乙")
    )
    first, second = options(poll)
    for number in range(15):
        chosen = [first, second] if number % 2 else [first]
        ballot_cast(user=make_user(), poll=poll, option_ids=chosen)
    page = html(client, poll)
    assert "已统计 10 人" in page
    assert "100% <small>10 票</small>" in page
    assert "50% <small>5 票</small>" in page


def test_nobody_is_told_the_choice_of_a_secret_vote_not_even_the_voter(client, poll, worker):
    ballot_cast(user=worker, poll=poll, option_ids=options(poll)[:1])
    client.force_login(worker)
    page = html(client, poll)
    assert "您已投票" in page
    assert "您的回答" not in page


def test_own_choice_of_a_named_vote_is_on_my_page_only(client, newsroom, worker):
    poll = make_poll(newsroom.section, secrecy="named")
    client.force_login(worker)
    assert "这是实名投票：工会能看到您选了什么" in html(client, poll)
    ballot_cast(user=worker, poll=poll, option_ids=options(poll)[:1])
    assert "您的回答：食堂" in html(client, poll)
    client.force_login(make_user())
    assert "您的回答" not in html(client, poll)


def test_kept_page_is_renewed_when_the_next_view_is_shown(
    client, newsroom, committed, django_assert_num_queries
):
    poll = make_poll(newsroom.section, results="always")
    vote_of(poll, *[0] * 9)
    html(client, poll)
    with django_assert_num_queries(0):
        assert "暂不公布数字" in html(client, poll)
    with committed():
        vote_of(poll, 0)
    assert "已统计 5 人" in html(client, poll)


def test_kept_page_does_not_outlive_the_closing_time(client, newsroom):
    closes_at = timezone.now() + timedelta(minutes=10)
    poll = make_poll(newsroom.section, closes_at=closes_at)
    assert "投票中" in html(client, poll)
    with time_machine.travel(closes_at + timedelta(seconds=2)):
        assert "已结束" in html(client, poll)


def test_fragment_is_the_box_alone(client, poll):
    fragment = html(client, poll, query_params={"fragment": "1"}, headers=HTMX)
    assert fragment.startswith("<section")
    assert "<html" not in fragment
    assert "<html" in html(client, poll)


def test_queries_do_not_grow_with_options_or_votes(client, newsroom):
    small = make_poll(newsroom.section, options=("甲", "乙"), results="always")
    large = make_poll(newsroom.section, options=[f"选项{n}" for n in range(20)], results="always")
    for place in range(20):
        vote_of(small, place % 2)
        vote_of(large, place)
    html(client, small, headers=HTMX)
    counts = []
    for poll in (small, large):
        with CaptureQueriesContext(connection) as queries:
            html(client, poll, headers=HTMX)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 8


def test_a_vote_costs_the_same_whatever_was_voted_before(client, newsroom):
    """After the first one of a process, which reads the poll for all."""
    poll = make_poll(newsroom.section, options=[f"选项{n}" for n in range(20)])
    counts = []
    for _voter in range(3):
        client.force_login(make_user())
        data = {"option": options(poll)[0], "compact": "1"}
        with CaptureQueriesContext(connection) as queries:
            assert client.post(vote_address(poll), data, headers=HTMX).status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2] <= 9


def test_editors_see_a_preview_before_the_poll_exists(newsroom):
    draft = make_poll(newsroom.section, live=False)
    response = draft.make_preview_request()
    assert response.status_code == 200
    assert "食堂" in response.content.decode()


# --- Voting --------------------------------------------------------------------------------------


def test_anonymous_vote_leads_to_sign_in_and_back(client, poll):
    answer = client.post(vote_address(poll), {"option": options(poll)[0]})
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/?next=")
    assert not Turnout.objects.exists()


def test_plain_form_votes_and_returns_to_the_poll_with_a_receipt(client, poll, worker):
    client.force_login(worker)
    answer = client.post(vote_address(poll), {"option": options(poll)[0], "from": "wechat"})
    assert (answer.status_code, answer.url) == (302, poll.url)
    assert any(cell.endswith("/wechat") for cell in Tally.objects.get(poll=poll.pk).cells)
    page = client.get(answer.url).content.decode()
    code = re.search(r"收据码是 ([A-Z0-9]{5}-[A-Z0-9]{5})", page)[1]
    found = client.post(reverse("interactions:receipt", args=[poll.pk]), {"code": code.lower()})
    assert "已计入" in found.content.decode()


def test_htmx_vote_gets_a_receipt_and_writes_no_session(client, poll, worker):
    vote_of(poll, *[0] * 10)
    client.force_login(worker)
    data = {"option": options(poll)[0], "compact": "1"}
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(vote_address(poll), data, headers=HTMX)
    page = answer.content.decode()
    assert page.startswith("<section")
    assert "投票成功" in page
    assert "poll-code" in page
    assert "<meter" in page
    written = [q["sql"] for q in queries if re.match("INSERT|UPDATE|WITH", q["sql"].strip())]
    assert not any("django_session" in sql for sql in written)


@pytest.mark.parametrize("header", ["Referer", "HX-Current-URL"])
def test_where_a_voter_came_from_is_kept_through_the_login(client, poll, header):
    """Kept pages are the same for all: the page that holds the link or the box still knows."""
    answer = client.get(
        vote_address(poll), headers={header: "http://testserver/a/?from=wechat&x=1"}
    )
    assert answer.url.endswith(f"?next={quote(poll.url, safe='')}%3Ffrom%3Dwechat")


@pytest.mark.parametrize("came", ["http://[", "http://testserver/?from=evil", ""])
def test_an_address_that_says_no_channel_is_the_site(client, poll, came):
    answer = client.get(vote_address(poll), headers={"Referer": came})
    assert "from" not in answer.url


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_refused_vote_keeps_what_was_ticked(client, newsroom, worker, headers):
    poll = make_poll(newsroom.section, choice="multiple", max_choices=2)
    client.force_login(worker)
    answer = client.post(vote_address(poll), {"option": options(poll)}, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "最多选 2 项，您选了 3 项。" in page
    assert page.count(" checked") == 3


def test_second_vote_from_the_form_says_so(client, poll, worker):
    client.force_login(worker)
    client.post(vote_address(poll), {"option": options(poll)[0]})
    answer = client.post(vote_address(poll), {"option": options(poll)[1]})
    assert answer.status_code == 422
    assert "您已经投过票了" in answer.content.decode()


# --- Options hold still --------------------------------------------------------------------------


def test_option_with_votes_cannot_be_deleted(poll, worker):
    first = options(poll)[0]
    ballot_cast(user=worker, poll=poll, option_ids=[first])
    with pytest.raises(ProtectedError):
        PollOption.objects.get(pk=first).delete()


def test_republishing_keeps_options_and_their_votes(poll, worker):
    before = options(poll)
    ballot_cast(user=worker, poll=poll, option_ids=before[:1])
    editor = make_user()
    draft = poll.get_latest_revision_as_object()
    draft.summary = "补充说明"
    draft.save_revision(user=editor)
    again = pass_review(type(poll).objects.get(pk=poll.pk), editor)
    assert again.summary == "补充说明"
    assert options(again) == before
    assert cells_of(poll) == {str(before[0]): 1}


def test_changed_options_never_go_live_over_votes(poll, worker):
    editor = make_user()
    draft = poll.get_latest_revision_as_object()
    draft.options = [PollOption(text="换掉的选项", sort_order=0), *draft.options.all()]
    draft.save_revision(user=editor)
    ballot_cast(user=worker, poll=poll, option_ids=options(poll)[:1])
    with pytest.raises(OptionsFixed):
        pass_review(type(poll).objects.get(pk=poll.pk), editor)


def edit_data(poll, **changes):
    rows = list(poll.options.all())
    data = {
        "title": poll.title,
        "slug": poll.slug,
        "summary": poll.summary,
        "choice": poll.choice,
        "min_choices": poll.min_choices,
        "max_choices": poll.max_choices,
        "secrecy": poll.secrecy,
        "results": poll.results,
        "opens_at": "",
        "closes_at": "",
        "answer": "null",
        "options-TOTAL_FORMS": len(rows),
        "options-INITIAL_FORMS": len(rows),
        "options-MIN_NUM_FORMS": 0,
        "options-MAX_NUM_FORMS": 1000,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "comments-MIN_NUM_FORMS": 0,
        "comments-MAX_NUM_FORMS": 1000,
    }
    for index, row in enumerate(rows):
        data |= {
            f"options-{index}-id": row.pk,
            f"options-{index}-text": row.text,
            f"options-{index}-ORDER": index + 1,
        }
    return {**data, **changes}


def edit(client, newsroom, poll, **changes):
    client.force_login(make_user(superuser=True))
    return client.post(
        reverse("wagtailadmin_pages:edit", args=[poll.pk]), edit_data(poll, **changes)
    )


@pytest.mark.parametrize("changes", [{"options-0-text": "改写的选项"}, {"options-0-DELETE": "on"}])
def test_editor_is_told_that_voted_options_stay(client, newsroom, poll, worker, changes):
    ballot_cast(user=worker, poll=poll, option_ids=options(poll)[1:2])
    answer = edit(client, newsroom, poll, title="改过的标题", **changes)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "已经有人投票，选项不能再改、再加或删除" in page
    assert "改过的标题" in page


def test_editor_may_still_change_the_rest(client, newsroom, poll, worker):
    ballot_cast(user=worker, poll=poll, option_ids=options(poll)[:1])
    assert edit(client, newsroom, poll, title="改过的标题").status_code == 302
    again = type(poll).objects.get(pk=poll.pk)
    assert again.get_latest_revision_as_object().title == "改过的标题"


@pytest.mark.parametrize(
    ("name", "value"),
    [("choice", "ranked"), ("secrecy", "named"), ("min_choices", 2), ("max_choices", 3)],
)
def test_rules_stay_once_somebody_has_voted(client, newsroom, worker, name, value):
    poll = make_poll(newsroom.section, choice="multiple")
    ballot_cast(user=worker, poll=poll, option_ids=options(poll)[:1])
    answer = edit(client, newsroom, poll, **{name: value})
    assert "这一项不能再改" in answer.content.decode()
    draft = poll.get_latest_revision_as_object()
    setattr(draft, name, value)
    draft.live = True
    with pytest.raises(OptionsFixed):
        draft.save()


def test_a_poll_whose_result_was_final_is_not_opened_again(client, newsroom, worker):
    poll = make_poll(newsroom.section)
    ballot_cast(user=worker, poll=poll, option_ids=options(poll)[:1])
    type(poll).objects.filter(pk=poll.pk).update(closes_at=timezone.now())
    assert "不能重新开放" in edit(client, newsroom, poll).content.decode()
    again = type(poll).objects.get(pk=poll.pk)
    again.closes_at = None
    with pytest.raises(OptionsFixed):
        again.save()


def test_two_equal_options_are_refused(client, newsroom, poll):
    answer = edit(client, newsroom, poll, **{"options-1-text": "食堂"})
    assert "重复" in answer.content.decode()


def test_poll_with_votes_is_not_deleted(client, newsroom, poll, worker):
    ballot_cast(user=worker, poll=poll, option_ids=options(poll)[:1])
    client.force_login(make_user(superuser=True))
    for page in (poll, newsroom.section):
        client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert type(poll).objects.filter(pk=poll.pk).exists()


# --- The front page ------------------------------------------------------------------------------


def test_front_page_lists_the_newest_open_polls(client, newsroom):
    open_poll = make_poll(newsroom.section, title="正在进行的投票")
    make_poll(newsroom.section, title="结束了的投票", closes_at=timezone.now() - timedelta(hours=1))
    make_story(newsroom.section)
    page = client.get("/").content.decode()
    box = page.split("正在投票")[1].split("</section>")[0]
    assert open_poll.url in box
    assert "结束了的投票" not in box
