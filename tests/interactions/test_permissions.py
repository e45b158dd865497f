"""Who may open and do what: every address of comments, polls, the desk and /my/, for every role."""

import re
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from wagtail.admin import urls as admin_urls

from cms.interactions import services
from cms.interactions import urls as public_urls
from cms.interactions.admin.item import VERBS
from cms.interactions.models import (
    Appeal,
    CommentRule,
    DeskSettings,
    Measure,
    ModerationItem,
    PollOption,
    SavedAnswer,
    UnionComment,
)
from cms.members import urls as members_urls
from cms.members.models import Role, User
from cms.members.services import notify
from tests.factories import (
    committed,
    grant,
    make_poll,
    make_site,
    make_story,
    make_union,
    make_user,
)
from tests.factories.people import PASSWORD
from tests.factories.site import make_section

pytestmark = pytest.mark.django_db

#: Columns of the tables below. `theirs`: the moderator of another union; all others are of the
#: union whose things they are.
ROLES = ("nobody", "worker", "theirs", "moderator", "editor", "manager", "final", "admin", "chief")
OK, LOGIN, NO, GONE = "ok", "login", "no", "404"


def all_may():
    return dict.fromkeys(ROLES, OK)


def signed_in():
    return {**all_may(), "nobody": LOGIN}


def only(*roles, others=NO):
    """Only these roles and superusers; `others`: what the rest of the staff is answered."""
    staff = dict.fromkeys(ROLES[2:], others)
    may = dict.fromkeys((*roles, "chief"), OK)
    return {"nobody": LOGIN, "worker": LOGIN if others == LOGIN else NO, **staff, **may}


def owner(others=GONE):
    """The worker of the scene owns the thing; for everybody else it is not there."""
    return {**dict.fromkeys(ROLES, others), "nobody": LOGIN, "worker": OK}


# --- The scene ------------------------------------------------------------------------------------


@dataclass
class Scene:
    people: dict
    ids: dict


def speak(page, user, text, moderator=None, **kwargs):
    with committed():
        submitted = services.comment_submit(user=user, page=page, text=text, **kwargs)
        if moderator:
            services.item_approve(item=submitted.item, user=moderator)
    return UnionComment.objects.get(pk=submitted.comment.pk), ModerationItem.objects.get(
        pk=submitted.item.pk
    )


@pytest.fixture
def scene(newsroom):
    union, moderator = newsroom.union, newsroom.moderator
    people = {
        "nobody": None,
        "worker": make_user("车间老李"),
        "theirs": grant(make_user(), Role.MODERATOR, make_union()),
        "moderator": moderator,
        "editor": newsroom.editor,
        "manager": grant(make_user(), Role.MANAGER, union),
        "final": newsroom.reviewers[2],
        "admin": grant(make_user(), Role.ADMIN, union),
        "chief": make_user(superuser=True),
    }
    story = make_story(newsroom.section)
    shown, shown_item = speak(story, make_user(), "食堂的菜能不能便宜一点", moderator)
    own, own_item = speak(story, people["worker"], "班车能不能早十分钟到厂门口")
    poll = make_poll(newsroom.section, secrecy="named")
    type(poll).objects.filter(pk=poll.pk).update(closes_at=timezone.now())
    saved = SavedAnswer.objects.create(union=union, title="已转交", text="已经转给权益部。")
    ids = {
        "story": story.pk,
        "shown": shown.pk,
        "own": own.pk,
        "poll": poll.pk,
        "item": own_item.pk,
        "shown_item": shown_item.pk,
        "saved": saved.pk,
        "section": newsroom.section.pk,
    }
    return Scene(people, ids)


def browser(user, **kwargs) -> Client:
    client = Client(**kwargs)
    if user is not None:
        client.force_login(User.objects.get(pk=user.pk))
    return client


def outcome(response) -> str:
    """ok, login, no (403, or Wagtail's way back to its home page) or 404."""
    if response.status_code == 404:
        return GONE
    if response.status_code == 403:
        return NO
    if response.status_code == 302:
        if "/login/" in response.url:
            return LOGIN
        if response.url in ("/admin/", reverse("wagtailadmin_home")):
            return NO
    assert response.status_code < 500
    return OK


# --- The tables -----------------------------------------------------------------------------------

#: name of an address → (its arguments, {role: what opening it comes to}, method)
PUBLIC = {
    "comments": (["story"], signed_in(), "get"),
    "comment_list": (["story"], all_may(), "get"),
    "comment_state": (["story"], all_may(), "get"),
    "thread": (["story", "shown"], all_may(), "get"),
    "edit": (["own"], owner(), "get"),
    "withdraw": (["own"], owner(), "get"),
    "appeal": (["own"], owner(), "get"),
    "like": (["shown"], signed_in(), "post"),
    "report": (["shown"], signed_in(), "get"),
    "mine": ([], signed_in(), "get"),
    "vote": (["poll"], signed_in(), "get"),
    "receipt": (["poll"], all_may(), "get"),
    "receipts": (["poll"], dict.fromkeys(ROLES, GONE), "get"),
}
MODERATORS = ("theirs", "moderator", "admin")
ADMIN = {
    "interactions_queue": ([], only(*MODERATORS), "get"),
    "interactions_item": (["item"], {**only("moderator", "admin"), "theirs": GONE}, "get"),
    "interactions_act": (["item", "take"], {**only("moderator", "admin"), "theirs": GONE}, "post"),
    "interactions_report": ([], only("manager", "admin"), "get"),
    "interactions_report_file": (["csv"], only("manager", "admin"), "get"),
    "interactions_rules": ([], only("moderator", "editor", "final", "admin"), "get"),
    "interactions_rule": (["section"], only("moderator", "editor", "final", "admin"), "get"),
    "interactions_polls": ([], only("editor", "manager", "admin", "theirs", "moderator", "final"),
                           "get"),
    "interactions_poll": (["poll"], only("editor", "manager", "admin", others=GONE), "get"),
    "interactions_poll_file": (["poll", "csv"], only("editor", "manager", "admin", others=GONE),
                               "get"),
    "interactions_ballots_file": (["poll", "csv"], only("manager", "admin", others=GONE), "get"),
    "saved_answers:index": ([], only(*MODERATORS), "get"),
    "saved_answers:index_results": ([], only(*MODERATORS), "get"),
    "saved_answers:add": ([], only(*MODERATORS), "get"),
    "saved_answers:edit": (["saved"], {**only("moderator", "admin"), "theirs": GONE}, "get"),
    "saved_answers:delete": (["saved"], only("moderator", "admin", others=GONE), "get"),
}  # fmt: skip
MY = {
    "privacy": ([], all_may(), "get"),
    "home": ([], signed_in(), "get"),
    "profile": ([], signed_in(), "get"),
    "phone": ([], signed_in(), "get"),
    "consent": ([], signed_in(), "get"),
    "switch": (["email"], signed_in(), "post"),
    "unsubscribe": (["forged"], dict.fromkeys(ROLES, GONE), "get"),
    "messages": ([], signed_in(), "get"),
    "data": ([], signed_in(), "get"),
    "export": ([], signed_in(), "get"),
    "delete": ([], signed_in(), "get"),
}
TABLES = {
    **{f"interactions:{name}": row for name, row in PUBLIC.items()},
    **ADMIN,
    **{f"members:{name}": row for name, row in MY.items()},
}


def address(name, arguments, scene) -> str:
    return reverse(name, args=[scene.ids.get(each, each) for each in arguments])


def test_no_address_is_missing_from_the_table():
    public = {f"interactions:{each.name}" for each in public_urls.urlpatterns}
    mine = {f"members:{each.name}" for each in members_urls.urlpatterns if each.name}
    admin = {
        each.name
        for each in admin_urls.urlpatterns
        if getattr(each, "name", None) and each.name.startswith("interactions_")
    }
    admin_resolver = dict(get_resolver().namespace_dict)
    saved = set()
    for prefix in ("saved_answers",):
        _path, resolver = admin_resolver[prefix]
        saved = {f"{prefix}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}
    assert public | mine | admin | saved == set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_every_address_opens_for_those_in_the_table_only(scene, name):
    arguments, expected, method = TABLES[name]
    found = {}
    for role in ROLES:
        answer = getattr(browser(scene.people[role]), method)(address(name, arguments, scene))
        found[role] = outcome(answer)
    if name.startswith(("interactions_", "saved_answers")):
        # A worker is no member of staff: the admin's door sends him away, whatever he asked for.
        assert found.pop("worker") in (NO, LOGIN)
        expected = {role: what for role, what in expected.items() if role != "worker"}
    assert found == expected


def test_desk_settings_are_for_administrators(scene):
    path = reverse("wagtailsettings:edit", args=["interactions", "desksettings"])
    opened = {
        role
        for role in ROLES
        if outcome(answer := browser(scene.people[role]).get(path, follow=True)) == OK
        and answer.request["PATH_INFO"].startswith(path)
    }
    assert opened == {"admin", "chief"}


# --- What each verb of the desk does for whom -----------------------------------------------------

#: verb → fields that make it work for those who may
DOINGS = {
    "approve": {},
    "reject": {"reason": "other"},
    "answer": {"text": "已转交食堂"},
    "pin": {},
    "unpin": {},
    "take": {},
    "assign": {"to": ""},
    "delete": {},
    "keep": {},
    "appeal": {"restore": "1", "answer": "可以恢复"},
    "measure": {"kind": "warning", "reason": "other"},
    "lift": {"measure": "1"},
}


def state_of_everything() -> list:
    return [
        list(model.objects.order_by("pk").values())
        for model in (ModerationItem, UnionComment, Measure, Appeal, SavedAnswer, CommentRule)
    ]


def test_every_verb_of_the_desk_is_tried():
    assert set(DOINGS) == set(VERBS)


@pytest.mark.parametrize("verb", DOINGS)
@pytest.mark.parametrize("which", ["item", "shown_item"])
def test_who_may_not_moderate_there_changes_nothing(scene, verb, which):
    before = state_of_everything()
    path = reverse("interactions_act", args=[scene.ids[which], verb])
    for role in ("nobody", "worker", "theirs", "editor", "manager", "final"):
        answer = browser(scene.people[role]).post(path, DOINGS[verb])
        assert outcome(answer) in (LOGIN, NO, GONE), role
    assert state_of_everything() == before


def test_batch_of_the_desk_leaves_what_is_another_unions(scene):
    before = state_of_everything()
    for role in ("nobody", "worker", "theirs", "editor", "manager", "final"):
        browser(scene.people[role]).post(
            reverse("interactions_queue"), {"items": [scene.ids["item"]], "batch": "approved"}
        )
    assert state_of_everything() == before
    browser(scene.people["moderator"]).post(
        reverse("interactions_queue"), {"items": [scene.ids["item"]], "batch": "approved"}
    )
    assert ModerationItem.objects.get(pk=scene.ids["item"]).state == "approved"


# --- The bounds of a union ------------------------------------------------------------------------


def test_moderator_neither_reads_nor_writes_saved_answers_of_another_union(scene):
    theirs = browser(scene.people["theirs"])
    assert "已转交" not in theirs.get(reverse("saved_answers:index")).content.decode()
    saved = SavedAnswer.objects.get(pk=scene.ids["saved"])
    form = {"union": saved.union_id, "title": "改了", "text": "改了"}
    assert theirs.post(reverse("saved_answers:add"), form).status_code == 200
    for verb in ("edit", "delete"):
        path = reverse(f"saved_answers:{verb}", args=[saved.pk])
        assert theirs.post(path, form).status_code == 404
    assert list(SavedAnswer.objects.values_list("title", "text")) == [
        ("已转交", "已经转给权益部。")
    ]


def test_moderator_cannot_give_an_own_answer_to_another_union(scene):
    """Neither by editing it: it would be read there as that union's own."""
    foreign = SavedAnswer.objects.get().union
    own_union = scene.people["theirs"].memberships.get().union
    mine = SavedAnswer.objects.create(union=own_union, title="我们的", text="谢谢您。")
    form = {"union": foreign.pk, "title": "我们的", "text": "谢谢您。"}
    path = reverse("saved_answers:edit", args=[mine.pk])
    page = browser(scene.people["theirs"]).get(path).content.decode()
    assert foreign.name not in page
    browser(scene.people["theirs"]).post(path, form)
    mine.refresh_from_db()
    assert mine.union == own_union


def test_saved_answer_of_ones_own_union_is_written_changed_and_deleted(scene):
    client, union = browser(scene.people["moderator"]), SavedAnswer.objects.get().union
    form = {"union": union.pk, "title": "谢谢", "text": "谢谢您的建议。"}
    assert client.post(reverse("saved_answers:add"), form).status_code == 302
    saved = SavedAnswer.objects.get(title="谢谢")
    path = reverse("saved_answers:edit", args=[saved.pk])
    assert client.post(path, {**form, "text": "已转交。"}).status_code == 302
    assert client.post(reverse("saved_answers:delete", args=[saved.pk])).status_code == 302
    assert not SavedAnswer.objects.filter(title="谢谢").exists()


@pytest.fixture
def two_unions(newsroom):
    """A worker whose text of one union led to a measure, and who also wrote to a second one."""
    second = make_site(make_union())
    worker = make_user()
    _comment, item = speak(make_story(newsroom.section), worker, "第一家工会那里说的话")
    _comment, other = speak(make_story(second.section), worker, "第二家工会这里说的话")
    measure = services.measure_take(
        item=item, user=newsroom.moderator, kind="block", reason="insult"
    )
    return newsroom, second, item, other, measure


def test_measure_is_lifted_only_where_it_was_taken(two_unions):
    newsroom, second, item, other, measure = two_unions
    for person, which, lifted in (
        (second.moderator, other, False),
        (newsroom.moderator, item, True),
    ):
        path = reverse("interactions_act", args=[which.pk, "lift"])
        browser(person).post(path, {"measure": measure.pk})
        measure.refresh_from_db()
        assert bool(measure.lifted_at) == lifted


def test_account_that_an_administrator_closed_is_not_opened_by_a_moderator(newsroom):
    worker = make_user()
    _comment, item = speak(make_story(newsroom.section), worker, "这句话让账号被关闭了")
    admin = grant(make_user(), Role.ADMIN, newsroom.union)
    measure = services.measure_take(item=item, user=admin, kind="bar", reason="illegal")
    path = reverse("interactions_act", args=[item.pk, "lift"])
    browser(newsroom.moderator).post(path, {"measure": measure.pk})
    assert not User.objects.get(pk=worker.pk).is_active
    browser(admin).post(path, {"measure": measure.pk})
    assert User.objects.get(pk=worker.pk).is_active


def test_numbers_of_foreign_items_tell_nothing_about_their_authors(two_unions):
    _newsroom, second, item, other, _measure = two_unions
    queue = reverse("interactions_queue")
    client = browser(second.moderator)
    assert other.text in client.get(queue, {"person": other.pk}).content.decode()
    assert other.text not in client.get(queue, {"person": item.pk}).content.decode()


# --- Guessing ids ---------------------------------------------------------------------------------

ABSENT = 987654321
GUESSED = {
    "interactions:edit": "own",
    "interactions:withdraw": "own",
    "interactions:appeal": "own",
}
GUESSED_IN_ADMIN = {
    "interactions_item": "item",
    "interactions_poll": "poll",
    "saved_answers:edit": "saved",
    "saved_answers:delete": "saved",
}


def sameness(response):
    """What somebody can tell two answers by, without tokens and the address itself."""
    page = response.content.decode()
    page = re.sub(r'(nonce|value)="[^"]{20,}"|content="[A-Za-z0-9]{64}"', "", page)
    return response.status_code, re.sub(r"\d{1,12}", "N", page)


ONLY_READ = {"interactions_item", "interactions_poll"}


@pytest.mark.parametrize(
    ("name", "method"),
    [
        (name, method)
        for name in (*GUESSED, *GUESSED_IN_ADMIN)
        for method in ("get", "post")
        if method == "get" or name not in ONLY_READ
    ],
)
def test_not_yours_and_not_there_look_the_same(scene, name, method):
    stranger = make_user() if name in GUESSED else scene.people["theirs"]
    pk = scene.ids[{**GUESSED, **GUESSED_IN_ADMIN}[name]]
    client = browser(stranger)
    there, absent = (
        getattr(client, method)(reverse(name, args=[number])) for number in (pk, ABSENT)
    )
    assert there.status_code == 404
    assert sameness(there) == sameness(absent)


@pytest.mark.parametrize("verb", DOINGS)
def test_verbs_on_foreign_items_and_on_none_answer_alike(scene, verb):
    client = browser(scene.people["theirs"])
    there, absent = (
        client.post(reverse("interactions_act", args=[number, verb]), DOINGS[verb])
        for number in (scene.ids["item"], ABSENT)
    )
    assert sameness(there) == sameness(absent)
    assert there.status_code == 404


@pytest.mark.parametrize("name", ["like", "report"])
def test_comment_that_waits_is_not_there_for_others(scene, name):
    client = browser(make_user())
    for pk in (scene.ids["own"], ABSENT):
        path = reverse(f"interactions:{name}", args=[pk])
        assert client.post(path, {"reason": "other"}).status_code == 404


def test_thread_of_a_waiting_comment_and_reply_to_it_tell_nothing(scene):
    client = browser(make_user())
    path = reverse("interactions:thread", args=[scene.ids["story"], scene.ids["own"]])
    assert client.get(path).status_code == 404
    path = reverse("interactions:comments", args=[scene.ids["story"]])
    pages = [
        client.post(path, {"comment": "同意", "reply_to": pk}).content.decode()
        for pk in (scene.ids["own"], ABSENT)
    ]
    assert all("班车能不能早十分钟" not in page for page in pages)


def test_measure_of_another_person_is_not_lifted_through_ones_item(newsroom, scene):
    _comment, item = speak(make_story(newsroom.section), make_user(), "另一位职工在这里说的话")
    measure = services.measure_take(
        item=item, user=newsroom.moderator, kind="block", reason="insult"
    )
    client = browser(newsroom.moderator)
    path = reverse("interactions_act", args=[scene.ids["item"], "lift"])
    for number in (measure.pk, ABSENT):
        assert client.post(path, {"measure": number}).status_code == 404
    measure.refresh_from_db()
    assert measure.lifted_at is None


def test_receipt_of_another_poll_is_not_found(newsroom):
    poll, other = make_poll(newsroom.section), make_poll(newsroom.section)
    option = PollOption.objects.filter(poll=poll.pk).first()
    code = services.ballot_cast(user=make_user(), poll=poll, option_ids=[option.pk])
    for which, found in ((poll, True), (other, False)):
        path = reverse("interactions:receipt", args=[which.pk])
        answer = Client().post(path, {"code": code})
        assert answer.context["found"] is found


def test_messages_and_data_are_ones_own(scene):
    notify(users=[scene.people["worker"]], kind="reply", text="只说给老李听的话")
    stranger, worker = browser(make_user()), browser(scene.people["worker"])
    for name in ("messages", "data"):
        path = reverse(f"members:{name}")
        assert "只说给老李听的话" in worker.get(path).content.decode()
        assert (
            "只说给老李听的话"
            not in stranger.get(path, {"user": scene.people["worker"].pk}).content.decode()
        )


# --- Forms without a token, and with more fields than they have -----------------------------------

POSTS = {
    "interactions:comments": ("story",),
    "interactions:edit": ("own",),
    "interactions:withdraw": ("own",),
    "interactions:appeal": ("own",),
    "interactions:like": ("shown",),
    "interactions:report": ("shown",),
    "interactions:vote": ("poll",),
    "interactions:receipt": ("poll",),
    "interactions_queue": (),
    "interactions_rule": ("section",),
    **{f"act {verb}": (verb,) for verb in DOINGS},
    "saved_answers:add": (),
    "saved_answers:edit": ("saved",),
    "saved_answers:delete": ("saved",),
    "members:profile": (),
    "members:consent": (),
    "members:switch": ("email",),
    "members:export": (),
    "members:delete": (),
}


@pytest.mark.parametrize("name", POSTS)
def test_no_form_is_taken_without_its_token(scene, name):
    arguments = POSTS[name]
    if name.startswith("act "):
        path = reverse("interactions_act", args=[scene.ids["shown_item"], *arguments])
    else:
        path = address(name, arguments, scene)
    inside = name.startswith(("interactions_", "saved", "act"))
    person = scene.people["chief" if inside else "worker"]
    before = state_of_everything()
    answer = browser(person, enforce_csrf_checks=True).post(path, {"reason": "other"})
    assert answer.status_code == 403
    assert state_of_everything() == before


EXTRA = {
    "state": "approved",
    "union": "1",
    "union_id": "1",
    "official": "全国总工会",
    "is_public": "1",
    "shown": "1",
    "listed": "1",
    "user": "1",
    "user_id": "1",
    "user_name": "别人",
    "shown_name": "别人",
    "author_key": "user:1",
    "likes": "999",
    "replies": "999",
    "pinned_at": "2026-01-01",
    "submit_date": "2001-01-01",
    "ip_address": "203.0.113.9",
    "body_html": "<script>1</script>",
    "level": "0",
    "is_removed": "",
    "object_pk": "1",
    "content_type": "news.homepage",
    "is_staff": "on",
    "is_superuser": "on",
    "is_active": "on",
    "phone": "13900000000",
    "phone_verified_at": "2001-01-01",
    "username": "root",
    "groups": "1",
    "first_name": "别人",
    "email": "a@b.example",
    "ballots": "9",
    "set_by": "1",
}


def sent_form(client, story, text) -> dict:
    """The form as a browser sends it, with all that is in it."""
    page = client.get(reverse("interactions:comments", args=[story])).content.decode()
    hidden = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
        for name in ("timestamp", "security_hash", "content_type", "object_pk")
    }
    return {**{name: found[1] for name, found in hidden.items() if found}, "comment": text}


def test_extra_fields_of_a_comment_change_nothing(scene):
    worker = make_user("塔吊上的风")
    client, story = browser(worker), scene.ids["story"]
    form = sent_form(client, story, "这条评论里多带了许多字段")
    extra = {name: value for name, value in EXTRA.items() if name not in form}
    client.post(reverse("interactions:comments", args=[story]), {**extra, **form})
    comment = UnionComment.objects.get(user=worker)
    assert (comment.is_public, comment.shown, comment.listed, comment.likes, comment.replies) == (
        False, False, False, 0, 0,
    )  # fmt: skip
    assert (comment.official, comment.shown_name, comment.user_name) == (
        "", "塔吊上的风", "塔吊上的风",
    )  # fmt: skip
    assert comment.ip_address != "203.0.113.9"
    assert comment.pinned_at is None
    assert comment.submit_date.year > 2001
    assert "script" not in comment.body_html
    item = ModerationItem.objects.get(origin=f"comment:{comment.pk}")
    assert (item.state, item.author_key) == ("pending", f"user:{worker.pk}")


def test_extra_fields_of_an_edit_change_nothing(scene):
    path = reverse("interactions:edit", args=[scene.ids["own"]])
    browser(scene.people["worker"]).post(path, {**EXTRA, "comment": "班车能不能早二十分钟到"})
    comment = UnionComment.objects.get(pk=scene.ids["own"])
    assert comment.comment == "班车能不能早二十分钟到"
    assert (comment.is_public, comment.official, comment.likes) == (False, "", 0)
    assert comment.user == scene.people["worker"]


def test_extra_fields_of_the_profile_change_nothing(scene):
    worker = scene.people["worker"]
    columns = ("is_staff", "is_superuser", "phone", "username", "first_name", "email")
    before = User.objects.filter(pk=worker.pk).values(*columns).get()
    form = {**EXTRA, "nickname": "新名字", "union": ""}
    assert browser(worker).post(reverse("members:profile"), form).status_code == 302
    assert User.objects.filter(pk=worker.pk).values(*columns).get() == before
    assert User.objects.get(pk=worker.pk).nickname == "新名字"
    assert not worker.groups.exists()


def test_extra_fields_on_the_desk_change_nothing(scene, newsroom):
    path = reverse("interactions_act", args=[scene.ids["item"], "take"])
    extra = {name: value for name, value in EXTRA.items() if name not in ("to",)}
    browser(newsroom.moderator).post(path, extra)
    item = ModerationItem.objects.get(pk=scene.ids["item"])
    assert (item.state, item.union, item.assigned_to) == (
        "pending", newsroom.union, newsroom.moderator,
    )  # fmt: skip


def test_extra_fields_of_a_rule_change_nothing(scene, newsroom):
    other = make_section(newsroom.home, newsroom.union)
    path = reverse("interactions_rule", args=[scene.ids["section"]])
    form = {**EXTRA, "mode": "closed", "page": other.pk, "page_id": other.pk}
    browser(newsroom.moderator).post(path, form)
    rule = CommentRule.objects.get()
    assert (rule.page_id, rule.set_by) == (scene.ids["section"], newsroom.moderator)


def test_leaving_and_copies_want_the_password_from_whoever_holds_the_phone(scene):
    for name in ("export", "delete"):
        answer = browser(scene.people["worker"]).post(reverse(f"members:{name}"), {"word": "注销"})
        assert "/accounts/reauthenticate/" in answer.url
    assert User.objects.get(pk=scene.people["worker"].pk).check_password(PASSWORD)
    assert DeskSettings.load().keep_days >= 184
