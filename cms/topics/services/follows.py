"""Those who asked and agreed to be told: found in what they wrote, told once, the same way."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.interactions.models import ModerationItem
from cms.interactions.models.moderation import user_of_key
from cms.interactions.origins import reply_id
from cms.matrix.models import Reply, ReplyAct
from cms.matrix.services import CannotAct, act_request
from cms.matrix.services.inbox import answer_length, answer_limit
from cms.members.models import User
from cms.members.services import notify
from cms.topics.asking import asks_back, may_ask_back
from cms.topics.models import Case, Follow, Topic, Voice
from cms.topics.selectors.answers import answers_address
from cms.topics.services.voices import MODERATION

#: A question of so many days before the case was opened still waits: three months are the longest
#: that a message may go unanswered (国办秘函〔2019〕19号).
ASKED_WITHIN = timedelta(days=90)
BATCH = 200
ASKED_IN = (Voice.Source.SITE, Voice.Source.WECHAT, Voice.Source.WEIBO)


# --- Found ---------------------------------------------------------------------------------------


@transaction.atomic
def follows_gather(*, case: Case) -> int:
    """A follow for everybody who spoke of the case's topic and asked to be told. Safe to repeat;
    who was told before and asks anew is renewed. Returns how many were added or renewed."""
    asked: dict[str, Voice] = {}
    for voice in _asking(case):
        asked[voice.person_key] = voice  # The latest of each person.
    known = {
        follow.person_key: follow
        for follow in Follow.objects.filter(topic=case.topic_id, person_key__in=asked)
    }
    wanted = {
        key: voice
        for key, voice in asked.items()
        if key not in known or _asks_anew(known[key], voice)
    }
    ways = _ways(wanted.values())
    changed = 0
    for key, voice in wanted.items():
        if way := ways.get(voice.pk):
            follow_set(
                topic=case.topic, person_key=key, voice=voice, agreed_at=voice.said_at, **way
            )
            changed += 1
    return changed


def follow_set(*, topic: Topic, person_key: str, voice: Voice, agreed_at, user=None, reply=None):
    """Have one person told of the next answer on a topic, by his account or where he wrote."""
    return Follow.objects.update_or_create(
        topic=topic,
        person_key=person_key,
        defaults={
            "user": user,
            "reply": reply,
            "voice": voice,
            "agreed_at": agreed_at,
            "told_of": None,
            "told_at": None,
            "problem": "",
        },
    )[0]


def _asking(case: Case) -> list[Voice]:
    found = Voice.objects.filter(
        may_ask_back(),
        links__topic=case.topic_id,
        source__in=ASKED_IN,
        said_at__gte=case.opened_at - ASKED_WITHIN,
    ).exclude(person_key="")
    if case.answered_at:
        found = found.filter(said_at__lte=case.answered_at)
    return [voice for voice in found.order_by("said_at", "pk") if asks_back(voice.text)]


def _asks_anew(follow: Follow, voice: Voice) -> bool:
    return follow.told_at is not None and voice.said_at > follow.told_at


def _ways(voices) -> dict[int, dict]:
    """voice → {"user": …} or {"reply": …}; nothing for those who can be told in no way."""
    items = {
        int(voice.origin.removeprefix(MODERATION)): voice.pk
        for voice in voices
        if voice.origin.startswith(MODERATION)
    }
    rows = ModerationItem.objects.filter(pk__in=items, state=ModerationItem.State.APPROVED)
    keys = list(rows.values_list("pk", "author_key", "origin"))
    people = User.objects.filter(is_active=True).in_bulk(
        [user for _pk, key, _origin in keys if (user := user_of_key(key))]
    )
    replies = Reply.objects.in_bulk(
        [reply for _pk, _key, origin in keys if (reply := reply_id(origin))]
    )
    ways: dict[int, dict] = {}
    for pk, key, origin in keys:
        if user := people.get(user_of_key(key)):
            ways[items[pk]] = {"user": user}
        elif reply := replies.get(reply_id(origin)):
            ways[items[pk]] = {"reply": reply}
    return ways


# --- Told ----------------------------------------------------------------------------------------


def waiting(case: Case) -> QuerySet[Follow]:
    """Those who are to be told of the case's answer and were not yet, those in trouble included."""
    topics = topics_counted(case.topic_id)
    found = Follow.objects.filter(topic__in=topics, told_of=None)
    return found.filter(agreed_at__lte=case.answered_at) if case.answered_at else found


def topics_counted(topic_id: int) -> set[int]:
    """A topic with all that were merged into it."""
    found, fresh = {topic_id}, {topic_id}
    while fresh:
        below = Topic.objects.filter(merged_into__in=fresh).values_list("pk", flat=True)
        fresh = set(below) - found
        found |= fresh
    return found


def followers_tell(*, case_id: int, most: int = BATCH) -> int:
    """Tell up to `most` of those who wait for the answer of a case; returns how many were dealt
    with, 0 when nobody is left. Each is told once: the mark and the message are one transaction."""
    case = (
        Case.objects.select_related("topic", "answer_page", "owner")
        .filter(pk=case_id, answered_at__isnull=False)
        .first()
    )
    if case is None:
        return 0
    dealt = _tell_accounts(case, most)
    channels = waiting(case).filter(problem="", user=None).order_by("pk")
    for pk in list(channels.values_list("pk", flat=True)[: most - dealt]):
        _tell_on_channel(case, pk)
        dealt += 1
    return dealt


def followers_retry(*, case: Case) -> int:
    """Put those who could not be told in line again; returns how many."""
    return waiting(case).exclude(problem="").update(problem="")


@transaction.atomic
def _tell_accounts(case: Case, most: int) -> int:
    rows = waiting(case).filter(problem="", user__isnull=False).select_for_update(of=("self",))
    follows = list(rows.select_related("user").order_by("pk")[:most])
    gone = [follow.pk for follow in follows if not follow.user.is_active]
    if gone:
        Follow.objects.filter(pk__in=gone).update(problem=_("账号已停用。"))
    told = [follow for follow in follows if follow.user.is_active]
    if told:
        notify(
            users=[follow.user for follow in told],
            kind="case_answered",
            text=_("您关心的“%(topic)s”，工会有答复了：%(answer)s")
            % {"topic": case.topic, "answer": _headline(case)},
            url=_path(case),
            key=f"case:{case.pk}",
        )
        _mark([follow.pk for follow in told], case)
    return len(follows)


@transaction.atomic
def _tell_on_channel(case: Case, pk: int) -> None:
    rows = waiting(case).filter(pk=pk, problem="").select_for_update(of=("self",))
    follow = rows.select_related("reply__account").first()
    if follow is None:  # Another worker was quicker.
        return
    if not Follow.objects.filter(told_of=case, person_key=follow.person_key).exists():
        try:
            act_request(
                reply=follow.reply,
                kind=ReplyAct.Kind.ANSWER,
                by=case.owner,
                text=_in_the_chat(case, follow.reply),
            )
        except CannotAct as refused:
            Follow.objects.filter(pk=pk).update(problem=str(refused)[:200])
            return
    _mark([pk], case)


def _mark(pks: list[int], case: Case) -> None:
    Follow.objects.filter(pk__in=pks).update(told_of=case, told_at=timezone.now())


def _headline(case: Case) -> str:
    return case.answer_page.title if case.answer_page else case.answer


def _path(case: Case) -> str:
    return (case.answer_page and case.answer_page.get_url()) or answers_address()


def _in_the_chat(case: Case, reply: Reply) -> str:
    """As much of the headline as the platform's limit leaves room for; the link stays whole."""
    path = _path(case)
    site = settings.WAGTAILADMIN_BASE_URL if path.startswith("/") else ""
    link = f"{site}{path}"
    whole = _headline(case)
    for length in range(len(whole), 0, -1):
        said = whole if length == len(whole) else f"{whole[:length]}…"
        text = _("您问到的“%(topic)s”，工会有答复了：%(answer)s %(link)s") % {
            "topic": case.topic,
            "answer": said,
            "link": link,
        }
        if answer_length(reply, text.strip()) <= answer_limit(reply):
            break
    return text.strip()
