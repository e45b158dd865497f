"""What workers type stays text on every screen and in every file, and nothing that a browser can
send breaks the site: a clear answer, and what was typed comes back."""

import csv
import io
import re
import unicodedata
from pathlib import Path

import html5lib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.interactions import services
from cms.interactions.models import (
    DeskSettings,
    ModerationItem,
    PollOption,
    SavedAnswer,
    UnionComment,
)
from cms.matrix.models import ChannelAccount, Reply
from cms.matrix.signals import reply_received
from cms.members.export import export_zip, table
from cms.members.forms import ProfileForm
from cms.members.models import Role, User
from tests.factories import committed, grant, make_poll, make_story, make_user

pytestmark = pytest.mark.django_db

PAYLOADS = [
    line
    for line in (Path(__file__).parent / "data" / "xss.txt").read_text("utf-8").split("\n")
    if line
]
MARK = "xss"
SHORT = ["<svg/onload=xss(1)>", "<b onwheel=xss(1)>", '"onclick="xss(1)', "'onblur='xss(1)"]
HTMX = {"HX-Request": "true"}


def test_list_of_payloads_is_long_and_every_one_bears_the_mark():
    assert len(set(PAYLOADS)) >= 100
    assert all(MARK in payload for payload in PAYLOADS)


def chunks(length: int) -> list[str]:
    """The payloads, as many in one text as fit."""
    texts = [""]
    for payload in PAYLOADS:
        if len(texts[-1]) + len(payload) + 1 > length:
            texts.append("")
        texts[-1] += f"{payload}\n"
    return texts


# --- Nothing typed becomes part of a page ---------------------------------------------------------

#: Attributes that are read to people or given back to a form: text, not code.
TEXTUAL = {"title", "value", "aria-label", "content", "placeholder", "alt", "data-text", "label"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "background", "poster", "srcdoc"}


def dangers(html: str) -> list[str]:
    """Elements, handlers and addresses in `html` that came out of a payload."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    found = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue  # A comment.
        tag = element.tag.rpartition("}")[2]
        if tag in ("script", "style", "xss", "iframe", "object") and MARK in (element.text or ""):
            if element.get("type") == "application/json":
                continue
            found.append(f"<{tag}> {element.text[:80]}")
        for name, value in element.attrib.items():
            name = str(name).lower()
            address = re.sub(r"[\x00-\x20]", "", value).lower()
            runs = name in ADDRESSES and address.startswith(("javascript:", "vbscript:", "data:t"))
            # Addresses of our own carry what was asked for, as a query.
            if runs or MARK in name or (MARK in value and name not in TEXTUAL | {"href", "action"}):
                found.append(f"<{tag} {name}={value[:80]}>")
    return found


def test_the_check_itself_sees_every_kind_of_danger():
    for payload in [*PAYLOADS[:2], "<img src=x onerror=xss(1)>", '<a href="javascript:xss(1)">']:
        assert dangers(f"<p>{payload}</p>"), payload
    assert not dangers("<p>&lt;script&gt;xss(1)&lt;/script&gt;</p>")


@pytest.fixture
def world(newsroom):
    """All payloads through every way in, the texts public where they can be."""
    desk = DeskSettings.load()
    desk.per_minute, desk.per_day = 1000, 1000
    desk.save()
    moderator = newsroom.moderator
    colleague = grant(make_user(), Role.MODERATOR, newsroom.union)
    story = make_story(newsroom.section)
    worker = make_user(SHORT[0])
    with committed():
        for place, text in enumerate(chunks(900)):
            author = worker if place % 2 else make_user(SHORT[place % 4])
            item = services.comment_submit(user=author, page=story, text=text).item
            services.item_approve(item=item, user=moderator)
            first = UnionComment.objects.get(pk=int(item.origin.split(":")[1]))
        reply = services.comment_submit(
            user=worker, page=story, text=f"回复{chunks(900)[0]}", parent=first
        ).item
        services.item_approve(item=reply, user=moderator)
        last_item = ModerationItem.objects.get(origin=f"comment:{first.pk}")
        services.answer_give(item=last_item, user=moderator, text=chunks(900)[1])
        services.comment_pin(item=last_item, user=moderator, pinned=True)
        services.comment_report(
            comment=first, user=make_user(), reason="other", note=chunks(180)[0]
        )
        # One's own: edited, refused with a note, appealed, with a measure.
        edited = services.comment_submit(user=worker, page=story, text="先写一句平常的话")
        services.comment_edit(comment=edited.comment, user=worker, text=chunks(900)[2])
        services.items_decide(
            ids=[edited.item.pk], user=moderator, state="rejected", reason="other",
            note=chunks(190)[1],
        )  # fmt: skip
        refused = ModerationItem.objects.get(pk=edited.item.pk)
        appeal = services.appeal_make(item=refused, user=worker, text=chunks(490)[0])
        services.measure_take(
            item=refused, user=moderator, kind="warning", reason="other", note=chunks(190)[2]
        )
        second = services.comment_submit(user=worker, page=story, text="另外一句平常的话")
        services.item_reject(item=second.item, user=moderator, reason="other")
        answered = services.appeal_make(item=second.item, user=worker, text=chunks(490)[1])
        services.appeal_decide(
            appeal=answered, user=colleague, restore=False, answer=chunks(490)[2]
        )
    saved = SavedAnswer.objects.create(union=newsroom.union, title=SHORT[1], text=chunks(490)[3])
    account = ChannelAccount.objects.create(
        union=newsroom.union, channel="wechat", name="公众号", app_id="wx1"
    )
    replies = []
    for place, text in enumerate(chunks(900)):
        row = Reply.objects.create(
            account=account,
            external_id=f"r-{place}",
            kind=Reply.Kind.MESSAGE if place % 2 else Reply.Kind.COMMENT,
            author_key=f"wechat:o-{place}",
            author_name=SHORT[place % 4],
            text=text,
            posted_at=timezone.now(),
        )
        reply_received.send(sender=Reply, reply=row)
        replies.append(ModerationItem.objects.get(origin=f"reply:{row.pk}"))
    poll = make_poll(
        newsroom.section, secrecy="named", results="always", title=SHORT[0],
        options=[payload[:80] for payload in PAYLOADS[:12]],
    )  # fmt: skip
    option = PollOption.objects.filter(poll=poll.pk).first()
    for voter in [worker, *(make_user(SHORT[n % 4], last_name=SHORT[1]) for n in range(9))]:
        services.ballot_cast(user=voter, poll=poll, option_ids=[option.pk])
    texts = make_poll(newsroom.section, choice="text", options=(), results="always")
    for text in chunks(190)[:20]:
        services.ballot_cast(user=make_user(), poll=texts, text=text)
    type(poll).objects.filter(pk=texts.pk).update(closes_at=timezone.now())
    texts = type(poll).objects.get(pk=texts.pk)
    services.answers_release(poll=texts)
    answers = list(ModerationItem.objects.filter(origin__startswith="answer:"))
    services.items_decide(ids=[a.pk for a in answers], user=moderator, state="approved")
    return {
        "newsroom": newsroom, "story": story, "worker": worker, "first": first, "poll": poll,
        "texts": texts, "refused": refused, "appeal": appeal, "saved": saved, "reply": replies[0],
        "message": replies[1], "answer": answers[0], "edited": edited.comment,
        "reported": last_item,
    }  # fmt: skip


def screens(world) -> dict[str, tuple[str, str, dict]]:
    """name → (who looks, address, headers)."""
    story, first, poll = world["story"], world["first"], world["poll"]
    site = {
        "story": (story.url, {}),
        "list": (reverse("interactions:comment_list", args=[story.pk]), {}),
        "list fragment": (reverse("interactions:comment_list", args=[story.pk]), HTMX),
        "newest": (reverse("interactions:comment_list", args=[story.pk]) + "?order=new", HTMX),
        "thread": (reverse("interactions:thread", args=[story.pk, first.thread_id]), {}),
        "box": (reverse("interactions:comments", args=[story.pk]), {}),
        "answering": (
            reverse("interactions:comments", args=[story.pk]) + f"?reply_to={first.pk}", {},
        ),
        "my comments": (reverse("interactions:mine"), {}),
        "edit": (reverse("interactions:edit", args=[world["edited"].pk]), {}),
        "withdraw": (reverse("interactions:withdraw", args=[world["edited"].pk]), {}),
        "appeal": (reverse("interactions:appeal", args=[world["edited"].pk]), {}),
        "report": (reverse("interactions:report", args=[first.pk]), {}),
        "poll": (poll.url, {}),
        "poll of texts": (world["texts"].url, {}),
        "messages": (reverse("members:messages"), {}),
        "my data": (reverse("members:data"), {}),
        "me": (reverse("members:home"), {}),
        "profile": (reverse("members:profile"), {}),
    }  # fmt: skip
    queue = reverse("interactions_queue")
    admin = {
        **{f"queue {tab}": (f"{queue}?queue={tab}", {})
           for tab in ("pending", "appeals", "reports", "approved", "rejected")},
        **{f"item {name}": (reverse("interactions_item", args=[world[name].pk]), {})
           for name in ("refused", "reply", "message", "answer", "reported")},
        "pane": (reverse("interactions_item", args=[world["refused"].pk]) + "?pane", {}),
        "saved": (reverse("saved_answers:index"), {}),
        "saved edit": (reverse("saved_answers:edit", args=[world["saved"].pk]), {}),
        "home": ("/admin/", {}),
        "polls": (reverse("interactions_polls"), {}),
        "poll results": (reverse("interactions_poll", args=[poll.pk]), {}),
        "texts results": (reverse("interactions_poll", args=[world["texts"].pk]), {}),
    }  # fmt: skip
    return {
        **{name: ("worker", *rest) for name, rest in site.items()},
        **{name: ("chief", *rest) for name, rest in admin.items()},
    }


def test_no_screen_makes_code_of_what_people_typed(world):
    readers = {"worker": Client(), "chief": Client()}
    readers["worker"].force_login(User.objects.get(pk=world["worker"].pk))
    readers["chief"].force_login(make_user(superuser=True))
    quiet, found = [], {}
    for name, (who, address, headers) in screens(world).items():
        answer = readers[who].get(address, headers=headers)
        assert answer.status_code == 200, name
        html = answer.content.decode()
        if MARK not in html:
            quiet.append(name)
        if bad := dangers(html):
            found[name] = bad[:3]
    assert found == {}
    # These show none of it, whatever there is; all others must, or nothing was tried.
    assert set(quiet) <= {"home"}


def test_no_file_carries_a_formula(world):
    chief = Client()
    chief.force_login(make_user(superuser=True))
    poll = world["poll"]
    files = [
        chief.get(reverse("interactions_poll_file", args=[poll.pk, "csv"])).content,
        chief.get(reverse("interactions_poll_file", args=[world["texts"].pk, "csv"])).content,
        chief.get(reverse("interactions_ballots_file", args=[poll.pk, "csv"])).content,
        table([{"内容": payload} for payload in PAYLOADS]),
    ]
    for content in files:
        assert MARK.encode() in content
        for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
            assert not [cell for cell in line if cell.startswith(("=", "+", "@", "\t", "\r"))]
    assert export_zip(world["worker"])


# --- Odd texts ------------------------------------------------------------------------------------

ODD = {
    "a megabyte": "食" * 350_000,
    "newlines": "\n" * 100_000 + "a",
    "NUL": "食堂\x00便宜点",
    "controls": "食堂" + "".join(map(chr, range(32))) + "\x7f\x9b便宜点",
    "family": "👨‍👩‍👧‍👦全家都来了🏴󠁧󠁢󠁥󠁮󠁧󠁿🇨🇳👍🏽",
    "bidi": "食堂\u202e点宜便\u202c和\u2066\u2067\u2068\u2069\u202a\u202b\u202d完",
    "zalgo": "食" + "\u0301\u0336\u0489" * 200 + "堂便宜点",
    "only marks": "\u0301" * 500,
    "only invisible": "\u200b\u2060\ufeff",
    "replacement": "食堂\ufffd\ufffe\uffff便宜点",
    "slow for patterns": "a-" * 30_000 + "!",
    "digits": "9" * 60_000,
    "one long word": "W" * 990,
    "html bomb": "<" * 990,
    "right to left": "مرحبا بالعمال والعاملات",
    "line separators": "食堂\u2028便宜\u2029点\x85了",
    "percent": "%s %d %(a)s {0} {a}",
}
FORBIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\ud800-\udfff]")


def heap(text: str) -> int:
    """The most marks in a row."""
    most = run = 0
    for sign in text:
        run = run + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        most = max(most, run)
    return most


def fill(client, poll_of_texts, story, comment, text):
    """Every form of the site with this text: (name, the answer)."""
    comments = reverse("interactions:comments", args=[story.pk])
    yield "comment", client.post(comments, {"comment": text})
    yield "comment htmx", client.post(comments, {"comment": text}, headers=HTMX)
    for name, fields in {
        "edit": {"comment": text, "numbers": text[:50]},
        "appeal": {"text": text},
        "report": {"reason": text[:50], "note": text},
        "like": {"liked": text[:50]},
    }.items():
        yield name, client.post(reverse(f"interactions:{name}", args=[comment.pk]), fields)
    vote = reverse("interactions:vote", args=[poll_of_texts.pk])
    yield "vote", client.post(vote, {"text": text, "option": text[:9], "from": text[:9]})
    receipt = reverse("interactions:receipt", args=[poll_of_texts.pk])
    yield "receipt", client.post(receipt, {"code": text})
    yield "profile", client.post(reverse("members:profile"), {"nickname": text, "union": text[:9]})
    yield "profile", client.post(reverse("members:profile"), {"nickname": text[:18]})
    yield "leave", client.post(reverse("members:delete"), {"word": text})
    yield (
        "list",
        client.get(
            reverse("interactions:comment_list", args=[story.pk]),
            {"order": text[:200], "page": text[:200]},
        ),
    )
    yield "mine", client.get(reverse("interactions:mine"), {"page": text[:200]})


@pytest.mark.parametrize("name", ODD)
def test_no_text_breaks_a_form_of_the_site(newsroom, story, worker, say, name):
    text = ODD[name]
    own = say(story, "平常写的一句话", user=worker)
    poll = make_poll(newsroom.section, choice="text", options=())
    client = Client(raise_request_exception=False)
    client.force_login(worker)
    for form, answer in fill(client, poll, story, own, text):
        assert answer.status_code < 500, form
    for comment in UnionComment.objects.all():
        for kept in (comment.comment, comment.body_html, comment.shown_name):
            assert not FORBIDDEN.search(kept)
            assert heap(kept) <= 3
    nickname = User.objects.get(pk=worker.pk).nickname
    assert not FORBIDDEN.search(nickname)
    assert heap(nickname) <= 3
    assert nickname


@pytest.mark.parametrize("name", ODD)
def test_no_text_breaks_the_desk(newsroom, story, say, name):
    text = ODD[name]
    item = ModerationItem.objects.get(origin=f"comment:{say(story, '平常写的一句话').pk}")
    client = Client(raise_request_exception=False)
    client.force_login(make_user(superuser=True))
    fields = {
        "reason": "other", "note": text, "text": text, "answer": text, "restore": "1",
        "kind": "warning", "to": text[:30], "measure": text[:30], "back": text[:300],
    }  # fmt: skip
    for verb in ("reject", "measure", "answer", "appeal", "assign", "lift", "approve"):
        answer = client.post(reverse("interactions_act", args=[item.pk, verb]), fields)
        assert answer.status_code < 500, verb
    asked = dict.fromkeys(("queue", "source", "story", "level", "mine", "person", "p"), text[:300])
    assert client.get(reverse("interactions_queue"), asked).status_code < 500
    for one, value in asked.items():
        assert client.get(reverse("interactions_queue"), {one: value}).status_code < 500, one
    batch = {"items": [text[:30]], "batch": text[:30], "reason": text[:30], "approve": text[:30]}
    assert client.post(reverse("interactions_queue"), batch).status_code < 500
    saved = {"union": newsroom.union.pk, "title": text[:30], "text": text[:500]}
    assert client.post(reverse("saved_answers:add"), saved).status_code < 500
    for row in SavedAnswer.objects.all():
        assert not FORBIDDEN.search(row.title + row.text)


def test_bidi_marks_of_a_channel_do_not_reach_the_desk(newsroom, client):
    services.item_register(
        origin="test:1", source="wechat", story_id=None, union=newsroom.union,
        author_name="小\u202e王", author_key="wechat:1", text=ODD["bidi"], said_at=timezone.now(),
    )  # fmt: skip
    client.force_login(newsroom.moderator)
    page = client.get(reverse("interactions_queue")).content.decode()
    assert "食堂点宜便" in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)


@pytest.mark.parametrize("text", ["塔吊\u202e上的风", "塔\x00吊上的风", "塔吊\u2067上\n的风"])
def test_nickname_loses_what_turns_lines_round(worker, text):
    form = ProfileForm({"nickname": text}, instance=worker)
    if form.is_valid():
        assert form.cleaned_data["nickname"].replace(" ", "") == "塔吊上的风"


@pytest.mark.parametrize(
    ("field", "name", "kept"),
    [
        ("comment", "comments", "说得太长" * 300),
        ("note", "report", "他是骗子<b>"),
        ("text", "appeal", "理由" * 300),
    ],
)
def test_what_was_typed_comes_back_when_it_is_refused(
    newsroom, story, worker, say, client, field, name, kept
):
    own = say(story, "没有通过的一句话", user=worker)
    shown = say(story, "别人公开的一句话", approve=True)
    item = ModerationItem.objects.get(origin=f"comment:{own.pk}")
    services.item_reject(item=item, user=newsroom.moderator, reason="other")
    client.force_login(worker)
    pk = {"comments": story.pk, "report": shown.pk, "appeal": own.pk}[name]
    answer = client.post(reverse(f"interactions:{name}", args=[pk]), {field: kept})
    assert answer.status_code == 422
    tree = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    areas = [element.text or "" for element in tree.iter() if element.tag == "textarea"]
    areas += [e.get("value", "") for e in tree.iter() if e.tag == "input"]
    assert kept in areas


# --- Odd requests ---------------------------------------------------------------------------------

HUGE = [2**31, 2**63, 2**64, 10**30]
NUMBERED = [
    *(f"/comments/{{}}/{rest}" for rest in ("", "list/", "state/", "thread/1/")),
    *(f"/comment/{{}}/{rest}/" for rest in ("edit", "withdraw", "appeal", "like", "report")),
    *(f"/polls/{{}}/{rest}" for rest in ("vote/", "receipt/", "receipts.txt")),
]
NUMBERED_IN_ADMIN = [
    "/admin/moderation/{}/",
    "/admin/moderation/{}/take/",
    "/admin/comment-rules/{}/",
    "/admin/polls/{}/",
    "/admin/polls/{}/results.csv",
    "/admin/polls/{}/ballots.csv",
    "/admin/saved_answers/edit/{}/",
    "/admin/saved_answers/delete/{}/",
]


@pytest.mark.parametrize("number", HUGE)
def test_numbers_that_no_row_has_are_not_there(worker, story, number):
    client = Client(raise_request_exception=False)
    client.force_login(worker)
    for path in (*NUMBERED, f"/comments/{story.pk}/thread/{{}}/"):
        for method in ("get", "post"):
            answer = getattr(client, method)(path.format(number))
            assert answer.status_code in (404, 405), (path, method)
    path = reverse("interactions:comments", args=[story.pk])
    assert client.get(path, {"reply_to": number}).status_code == 200
    answer = client.post(path, {"comment": "食堂便宜点", "reply_to": number})
    assert answer.status_code == 422
    client.force_login(make_user(superuser=True))
    for path in NUMBERED_IN_ADMIN:
        for method in ("get", "post"):
            answer = getattr(client, method)(path.format(number))
            # Without a slash at the end Wagtail first asks for one.
            assert answer.status_code in (301, 404, 405), (path, method)


BOUNDARY = "xxBOUNDxx"


def multipart(charset: str, value: bytes, field: str = "comment") -> dict:
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n'.encode()
        + value
        + f"\r\n--{BOUNDARY}--\r\n".encode()
    )
    kind = f"multipart/form-data; charset={charset}; boundary={BOUNDARY}"
    return {"data": body, "content_type": kind}


FORM = "application/x-www-form-urlencoded"
BODIES = {
    "not UTF-8": {"data": b"comment=%ff%fe%80&text=\xff\xfe&note=\xff", "content_type": FORM},
    "GBK": {"data": "comment=食堂".encode("gbk"), "content_type": FORM + "; charset=gbk"},
    "surrogates": {"data": b"comment=%ED%A0%80abc&nickname=%ED%A0%80", "content_type": FORM},
    "NUL": {"data": b"comment=%00abc&note=%00&text=%00&code=%00", "content_type": FORM},
    "broken escapes": {"data": b"comment=%zz%&%=%&=&&&", "content_type": FORM},
    "repeated": {"data": b"comment=a&comment=b&reply_to=1&reply_to=x", "content_type": FORM},
    "JSON": {"data": b'{"comment": "abc"}', "content_type": "application/json"},
    "XML": {"data": b"<!DOCTYPE x><x/>", "content_type": "text/xml"},
    "no type": {"data": b"comment=abc", "content_type": ""},
    "broken multipart": {"data": b"--x", "content_type": "multipart/form-data; boundary=y"},
    "no boundary": {"data": b"--x", "content_type": "multipart/form-data"},
    "escaped": multipart("unicode_escape", b"abc\\ud800\\udfff"),
    "raw escaped": multipart("raw_unicode_escape", b"abc\\ud800"),
    "utf-7": multipart("utf-7", b"+ADw-script+AD4-"),
    "unknown charset": multipart("nonsense", b"abc"),
    "no text codec": multipart("hex", b"abc"),
    "many fields": {"data": b"a=1&" * 20_000, "content_type": FORM},
    "too much": {"data": b"comment=" + b"a" * 6_000_000, "content_type": FORM},
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_no_body_breaks_a_form(newsroom, story, worker, say, name):
    own, poll = say(story, "平常写的一句话", user=worker), make_poll(newsroom.section)
    client = Client(raise_request_exception=False)
    client.force_login(worker)
    ids = {"comments": story.pk, "vote": poll.pk, "receipt": poll.pk}
    for form in ("comments", "edit", "appeal", "like", "report", "vote", "receipt"):
        path = reverse(f"interactions:{form}", args=[ids.get(form, own.pk)])
        for field in ("comment", "text", "note", "code"):
            body = BODIES[name]
            if isinstance(body["data"], bytes) and body["data"].startswith(b"--xxB"):
                data = body["data"].replace(b'"comment"', f'"{field}"'.encode())
                body = {**body, "data": data}
            elif field != "comment":
                continue
            answer = client.generic("POST", path, **body)
            assert answer.status_code < 500, (form, field)
    answer = client.generic("POST", reverse("members:profile"), **BODIES[name])
    assert answer.status_code < 500
    for comment in UnionComment.objects.all():
        assert not FORBIDDEN.search(comment.comment)
