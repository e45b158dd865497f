"""The demo's past on WeChat and Weibo: delivered over real HTTP to the sandbox, read by a crowd.

The sandbox's clock is set to each story's day, so that quotas and dates come out as they would
have; then it is set right again.
"""

import math
import time
from datetime import datetime, timedelta
from random import Random

import httpx
from django.conf import settings
from django.utils import timezone
from wagtail.models import Page

from cms.demo import content
from cms.demo.loader.clock import moment
from cms.matrix import services
from cms.matrix.models import ChannelAccount, Delivery, StatSnapshot

STEPS = 60
BETWEEN_STEPS = 0.05  # seconds; the platform publishes in the background
# An account that may not publish leaves its drafts for a person; the demo keeps a few recent ones.
MANUAL_DAYS = 10


class Sandbox:
    """The sandbox's own API, for setting its clock and sending a crowd."""

    def __init__(self):
        self.http = httpx.Client(base_url=settings.SANDBOX_URL, timeout=30)

    def set_clock(self, when: datetime | None) -> None:
        offset = (when - timezone.now()).total_seconds() if when else 0
        self.http.put("/__sandbox/clock", json={"offset_seconds": offset}).raise_for_status()

    def set_delay(self, seconds: float) -> None:
        """How long the platform takes to publish."""
        for row in content.accounts():
            if row["channel"] == "wechat":
                address = f"/__sandbox/accounts/wechat/{row['app_id']}"
                self.http.put(address, json={"publish_delay": seconds}).raise_for_status()

    def send_crowd(self, **body) -> None:
        self.http.post("/__sandbox/crowd", json=body).raise_for_status()


def load_channels(pages: dict[str, Page], accounts: dict[str, ChannelAccount]) -> int:
    """Deliver every story that has not gone out; returns how many deliveries were made."""
    sandbox = Sandbox()
    made = 0
    sandbox.set_delay(0)
    try:
        for row in sorted(content.stories(), key=lambda row: -row["days_ago"]):
            page = pages[row["slug"]].specific
            if row.get("accounts") and not Delivery.objects.filter(page=page).exists():
                made += _deliver(page, row, sandbox)
    finally:
        sandbox.set_clock(None)
        sandbox.set_delay(2)
    for account in accounts.values():
        services.account_probe(account=account)
    return made


def _deliver(page: Page, row: dict, sandbox: Sandbox) -> int:
    when = moment(row["days_ago"], 9 * 60 + 40)
    sandbox.set_clock(when)
    deliveries = services.deliveries_approve(page=page, revision=page.live_revision)
    for delivery in deliveries:
        if row["days_ago"] > MANUAL_DAYS and not _publishes(delivery.account):
            delivery.delete()
            continue
        _carry_out(delivery, when)
        if delivery.state == Delivery.State.PUBLISHED:
            _send_readers(delivery, row, sandbox)
    return len(deliveries)


def _publishes(account: ChannelAccount) -> bool:
    kinds = {row["app_id"]: row["kind"] for row in content.accounts()}
    return kinds[account.app_id] != "unverified"


def _carry_out(delivery: Delivery, when: datetime) -> None:
    for _step in range(STEPS):
        services.delivery_advance(delivery_id=delivery.pk)
        delivery.refresh_from_db()
        if delivery.state not in Delivery.MOVING:
            break
        time.sleep(BETWEEN_STEPS)
        Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
    day = timezone.localtime(when).date().isoformat()
    published = {**delivery.external, "published_on": day}
    delivery.events.update(at=when)
    Delivery.objects.filter(pk=delivery.pk).update(
        created_at=when,
        moved_at=when,
        external=published if "published_on" in delivery.external else delivery.external,
        published_at=when if delivery.state == Delivery.State.PUBLISHED else None,
    )


def _send_readers(delivery: Delivery, row: dict, sandbox: Sandbox) -> None:
    """A crowd over the days since; the same numbers for the same story, whatever day it is."""
    days = _days(f"{row['slug']}:{delivery.account.app_id}", row["days_ago"], delivery)
    said = [
        {
            "nickname": comment["nickname"],
            "content": comment["text"],
            "at": moment(comment["days_ago"], comment["minute"]).timestamp(),
        }
        for comment in content.channel_comments()
        if comment["story"] == row["slug"] and _is(comment["account"], delivery.account)
    ]
    sandbox.send_crowd(url=delivery.url, days=days, comments=said)
    _remember(delivery, days, [datetime.fromtimestamp(item["at"]).date() for item in said])


def _is(key: str, account: ChannelAccount) -> bool:
    return any(row["key"] == key and row["app_id"] == account.app_id for row in content.accounts())


def _days(seed: str, age: int, delivery: Delivery) -> list[dict]:
    """Reads that fade by half every two days, and what readers did besides."""
    chance = Random(seed)
    total = chance.randint(140, 620)
    today = timezone.localdate()
    days = []
    for n in range(min(age, 21) + 1):
        read = round(total * math.exp(-n / 2.2) * 0.36 * chance.uniform(0.7, 1.3))
        if read == 0:
            break
        days.append(
            {
                "day": (today - timedelta(days=age - n)).isoformat(),
                "read": read if delivery.account.channel == "wechat" else 0,
                "like": round(read * chance.uniform(0.02, 0.07)),
                "share": round(read * chance.uniform(0.03, 0.10)),
            }
        )
    return days


def _remember(delivery: Delivery, days: list[dict], said: list) -> None:
    """The snapshots that daily statistics would have left, up to yesterday."""
    totals = {"read": 0, "like": 0, "share": 0}
    rows = []
    for day in days:
        for kind in totals:
            totals[kind] += day[kind]
        date = datetime.fromisoformat(day["day"]).date()
        rows.append(
            StatSnapshot(
                delivery=delivery,
                day=date,
                reads=totals["read"] if delivery.account.channel == "wechat" else None,
                likes=totals["like"],
                shares=totals["share"],
                comments=sum(at <= date for at in said),
            )
        )
    StatSnapshot.objects.bulk_create(rows, ignore_conflicts=True)


def load_replies(accounts: dict[str, ChannelAccount]) -> int:
    """Bring in what readers said on the channels."""
    return sum(
        services.replies_fetch(account=account, at_once=True) for account in accounts.values()
    )
