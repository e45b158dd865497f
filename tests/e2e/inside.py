"""What is cheaper to do by the services than by clicks, done inside the stack's own environment.

`do(stack, "fill_queue", mark)` runs the function of that name in a process of its own and returns
what it returned.
"""

import json
import subprocess
import sys
from datetime import timedelta
from itertools import count

from tests.e2e.stack import ROOT, Stack

SECONDS = 120
ADVERT = "加微信日结三百，名额不多，先到先得"
INSULT = "写稿的就是个大骗子"


def do(stack: Stack, name: str, *arguments: str):
    """Call the function `name` of this module with `arguments` beside the running processes."""
    environment = {
        **stack.environment(),
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "SITE_URL": stack.site,
        "SANDBOX_URL": stack.sandbox,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.inside", name, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        timeout=SECONDS,
        check=True,
    )
    return json.loads(done.stdout)


# --- What waits for the moderators ----------------------------------------------------------------


def fill_queue(mark: str) -> int:
    """Fifty utterances of many people, and nothing else waits: comments on the site, replies on
    WeChat and Weibo; eleven of them are one advert. Returns how many texts differ."""
    from django.utils import timezone

    from cms.interactions.models import ModerationItem
    from cms.interactions.services import items_decide
    from cms.members.models import User

    moderator = User.objects.get(username="moderator")
    waiting = ModerationItem.objects.filter(state=ModerationItem.State.PENDING)
    items_decide(
        ids=list(waiting.values_list("pk", flat=True)),
        user=moderator,
        state=ModerationItem.State.APPROVED,
    )
    assert not waiting.exists()
    advert = f"{ADVERT} {mark}"
    insults = [f"{INSULT}，第{number}句 {mark}" for number in range(5)]
    fair = [f"我们车间第{number}组的加班费也没有算清 {mark}" for number in range(34)]
    on_site = [advert] * 7 + insults[:3] + fair[:20]
    on_wechat = [advert] * 2 + insults[3:4] + fair[20:29]
    on_weibo = [advert] * 2 + insults[4:5] + fair[29:34]
    _say_on_site(on_site)
    _say_elsewhere("wechat", on_wechat, mark, timezone.now())
    _say_elsewhere("weibo", on_weibo, mark, timezone.now())
    assert waiting.count() == 50
    return len({*on_site, *on_wechat, *on_weibo})


def _say_on_site(texts: list[str]) -> None:
    from cms.interactions.services import comment_submit
    from cms.members.models import User
    from cms.news.models import PolicyPage

    story = PolicyPage.objects.live().order_by("pk").first()
    workers = User.objects.filter(username__startswith="worker-").order_by("-pk")
    for worker, text in zip(workers[: len(texts)], texts, strict=True):
        comment_submit(user=worker, page=story, text=text)


def _say_elsewhere(channel: str, texts: list[str], mark: str, now) -> None:
    from cms.matrix.channels.base import ReplyIn
    from cms.matrix.models import Delivery
    from cms.matrix.services import reply_take_in

    delivery = Delivery.objects.filter(account__channel=channel).order_by("pk").first()
    for number, text in zip(count(), texts):
        said = ReplyIn(
            external_id=f"{mark}-{number}",
            author_key=f"reader-{mark}-{number}",
            author_name=f"读者{number}",
            text=text,
            posted_at=now - timedelta(minutes=len(texts) - number),
            kind="comment",
            target={},
        )
        assert reply_take_in(account=delivery.account, reply=said, delivery=delivery)


def queue_as_decided(mark: str) -> list[dict]:
    """Each utterance of `fill_queue`: its text and what became of it."""
    from cms.interactions.models import ModerationItem

    items = ModerationItem.objects.filter(text__contains=mark).order_by("pk")
    return [
        {
            "text": item.text,
            "state": item.state,
            "reason": item.reason,
            "source": item.source,
            "by": item.decided_by and item.decided_by.username,
            "taken_by": item.assigned_to and item.assigned_to.username,
        }
        for item in items
    ]


def answers_asked(mark: str) -> list[str]:
    """The answers that moderators gave to the replies of `fill_queue`."""
    from cms.matrix.models import ReplyAct

    acts = ReplyAct.objects.filter(reply__text__contains=mark, kind=ReplyAct.Kind.ANSWER)
    return list(acts.values_list("text", flat=True))


# --- Polls ----------------------------------------------------------------------------------------

OPTIONS = ("食堂里的热菜和热汤", "晚班之后的班车", "寒假的托管班")
KINDS = ("single", "multiple", "ranked", "rating", "text")


def make_polls(mark: str) -> dict[str, str]:
    """An open poll of each kind in which twelve have voted: kind → address."""
    from cms.interactions.models import ModerationItem, PollOption
    from cms.interactions.services import answers_release, ballot_cast, items_decide
    from cms.members.models import User
    from cms.news.models import SectionPage
    from tests.factories import make_poll

    section = SectionPage.objects.get(slug="hudong")
    editor = User.objects.get(username="editor")
    workers = list(User.objects.filter(username__startswith="worker-").order_by("pk")[:12])
    made = {}
    for kind in KINDS:
        poll = make_poll(
            section,
            title=f"浏览器里的{kind} {mark}",
            slug=f"{kind}-{mark}",
            editor=editor,
            choice=kind,
            options=() if kind == "text" else OPTIONS,
        )
        ids = list(PollOption.objects.filter(poll=poll.pk).values_list("pk", flat=True))
        for number, worker in enumerate(workers):
            asked = _answer_to(kind, ids, number, mark)
            ballot_cast(user=worker, poll=poll, **asked)
        if kind == "text":
            answers_release(poll=poll)
            waiting = ModerationItem.objects.filter(story=poll.pk).values_list("pk", flat=True)
            moderator = User.objects.get(username="moderator")
            items_decide(ids=list(waiting), user=moderator, state="approved")
        made[kind] = poll.get_url()
    return made


def _answer_to(kind: str, ids: list[int], number: int, mark: str) -> dict:
    if kind == "text":
        return {"text": f"晚班的班车再晚一刻钟，第{number}条 {mark}"}
    if kind == "rating":
        return {"scores": {pk: 1 + (number + place) % 5 for place, pk in enumerate(ids)}}
    turned = ids[number % 2 :] + ids[: number % 2]
    return {"option_ids": turned[: 1 if kind == "single" else 2]}


def close_polls(mark: str) -> int:
    """Their time is over, as it would be tomorrow."""
    from django.utils import timezone

    from cms.interactions.models import PollPage
    from cms.news import pagecache

    polls = PollPage.objects.filter(title__contains=mark)
    for poll in polls:
        pagecache.touch(f"poll:{poll.pk}")
    return polls.update(closes_at=timezone.now())


if __name__ == "__main__":
    import django

    django.setup()
    wanted, *given = sys.argv[1:]
    print(json.dumps(globals()[wanted](*given), ensure_ascii=False))
