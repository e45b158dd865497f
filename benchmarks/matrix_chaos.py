"""Nothing lost, nothing twice: deliveries under faults, kills and restarts, audited from outside.

    python benchmarks/matrix_chaos.py --deliveries 300 --accounts 12 --seed 1 [--database postgres]

Real web, worker and beat processes send real stories (reviewed and published through the product's
services) to the real sandbox. Meanwhile calls fail at --faults (15 %) with every error class of
contract §14 and §18, lost answers among them; workers get SIGKILL at random moments; database and
broker are restarted once each. A person on duty does what the product asks of one: resumes a
paused account, publishes by hand what waits for a hand, looks at what cannot be told. Days go by
(the sandbox's clock and the times kept in our tables are moved together), so that quotas return.

At the end the sandbox's own books are compared with ours. Prints one JSON object:

lost       published by our ledger but not on the platform, or on the platform and not so by us
twice      on the platform more than once
stuck      waiting for a next step that does not come
unsettled  whose outcome nobody knows
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.matrix_stack import BACKENDS, Stack  # noqa: E402
from benchmarks.server import free_port  # noqa: E402

# Contract §14: every class, each with all the codes it names that a call may answer.
WECHAT_CODES = (
    40001, 40014, 42001, -1, 45011, 42010, 45066, 53501, 45009, 45028, 48006, 48001, 48004, 50001,
    50002, 50007, 53500, 88000, 40200, 40013, 40125, 40164, 40243, 41002, 41004, 89503, 89506,
    89507, 53503, 53504, 53505, 48021, 89504, 89505, 40007, 44003, 45002, 45003, 45004, 45005,
    45166, 41039, 40137, 40005, 40009, 45001, 88007, 40008, 40114, 41001, 41005, 41006, 43001,
    43002, 44001, 44002, 47001, 88010, 76021, 45065, 61503, 61500, 61501, 53600, 88001, 88004,
)  # fmt: skip
# Contract §18.
WEIBO_CODES = (
    10001, 10002, 10003, 10009, 10010, 10011, 10004, 10022, 10005, 10014, 10006, 10007, 10008,
    10012, 10016, 10018, 10020, 10021, 10013, 10017, 10023, 10024, 20003, 20005, 20006, 20007,
    20008, 20012, 20013, 20016, 20017, 20019, 20111, 20018, 20020, 20021, 20031, 20033, 20023,
    20101, 20102, 20112, 20120, 20201, 20203, 20204, 20206, 20207, 21301, 21314, 21315, 21316,
    21317, 21319, 21327, 21332, 21322, 21323, 21324, 21325, 21326, 21328, 21329, 21330, 21331,
)  # fmt: skip
# Beside answered codes: broken connections before and after the work is done, HTTP errors, delay.
EFFECTS = ("timeout", "lost", "http", "delay")
LEAST_KILLS = 20
DUTY_SECONDS = 3
NIGHT_SECONDS = 20


def main() -> None:
    options = parse()
    with tempfile.TemporaryDirectory(prefix="rongmei-chaos-", ignore_cleanup_errors=True) as folder:
        stack = Stack(
            Path(folder), options.database, port=_two_ports(), workers=options.workers,
            threads=options.threads, pace=options.pace,
        )  # fmt: skip
        os.environ.update(stack.env)
        import django

        django.setup()
        try:
            report = Rehearsal(stack, options).run()
        finally:
            stack.stop()
            if options.logs:
                stack.keep_logs(options.logs)
    print(json.dumps(report, ensure_ascii=False, indent=2))
    sys.exit(0 if all(report[name] == 0 for name in ("lost", "twice", "stuck", "unsettled")) else 1)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--deliveries", type=int, default=300)
    parser.add_argument("--accounts", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=list(BACKENDS), default="sqlite")
    parser.add_argument("--faults", type=float, default=0.15, help="part of all calls")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--threads", type=int, default=4, help="of each worker")
    parser.add_argument("--pace", type=float, default=0.1, help="multiplies waiting times")
    parser.add_argument("--kill-every", type=float, default=5, help="seconds, on average")
    parser.add_argument("--at-most", type=float, default=1200, help="seconds for everything")
    parser.add_argument("--logs", type=Path, help="keep the processes' words here")
    return parser.parse_args()


def _two_ports() -> int:
    return free_port()


class Rehearsal:
    """One run: prepare, let it rage, let it calm down, audit."""

    def __init__(self, stack: Stack, options: argparse.Namespace):
        self.stack, self.options = stack, options
        self.chance = random.Random(options.seed)
        self.kills = 0
        self.restarts = {"database": 0, "broker": 0}
        self.nights = 0
        self.duties: Counter[str] = Counter()

    def run(self) -> dict:
        self._prepare()
        started = time.monotonic()
        self._rage(started)
        settled = self._calm_down(started)
        report = self._audit()
        return {
            **report,
            "settled_in_time": settled,
            "seconds": round(time.monotonic() - started),
            "meta": {name: str(value) for name, value in vars(self.options).items()},
        }

    # --- before ---------------------------------------------------------------------------------

    def _prepare(self) -> None:
        from django.core.management import call_command

        from benchmarks.matrix_newsroom import Newsroom, Platform

        say("database, newsroom, stories")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.newsroom = Newsroom(self.stack.site)
        self.stack.start()
        self.platform = Platform(self.stack.sandbox_address)
        self.accounts = self._accounts()
        stories = -(-self.options.deliveries // len(self.accounts))
        self.stories = [self.newsroom.write(n + 1, self.accounts) for n in range(stories)]
        self._plan_faults()

    def _accounts(self) -> list:
        """Two in three on WeChat, one of them without the publishing interface; one on the feed."""
        union, made = self.newsroom.union, []
        for number in range(self.options.accounts):
            if number % 3 == 2:
                made.append(self.platform.weibo(union, number, hourly_shares=60))
            else:
                kind = "uncertified" if number == 4 else "certified_service"
                profile = {"kind": kind, "publish_delay": 0.5, "comments": number % 2 == 0}
                made.append(self.platform.wechat(union, number, **profile))
        return made

    def _plan_faults(self) -> None:
        """One rule for each code and effect, so rare that all of them together hit `faults`."""
        self.platform.call("PUT", "seed", seed=self.options.seed)
        for platform, codes in (("wechat", WECHAT_CODES), ("weibo", WEIBO_CODES)):
            rules = [{"effect": "error", "code": code} for code in codes]
            # Broken connections are half of all that goes wrong.
            each = len(rules) // len(EFFECTS)
            rules += [{"effect": effect, "seconds": 0.2} for effect in EFFECTS for _ in range(each)]
            self.chance.shuffle(rules)
            rate = 1 - (1 - self.options.faults) ** (1 / len(rules))
            for rule in rules:
                self.platform.call("POST", "faults", platform=platform, rate=rate, **rule)

    # --- the storm ------------------------------------------------------------------------------

    def _rage(self, started: float) -> None:
        """Stories are signed off one by one while workers are killed and servers restarted."""
        say("storm")
        waiting = list(self.stories)
        next_kill = next_duty = time.monotonic()
        while waiting or self.kills < LEAST_KILLS:
            self._check_time(started)
            if waiting:
                self._safely(lambda: self.newsroom.sign_off(waiting[0]))
                if self._safely(lambda: self._is_public(waiting[0])):
                    waiting.pop(0)
            if time.monotonic() >= next_kill:
                self._kill_one()
                next_kill = time.monotonic() + self.chance.uniform(0.4, 1.6) * (
                    self.options.kill_every
                )
            done = len(self.stories) - len(waiting)
            if done == len(self.stories) // 3 and not self.restarts["broker"]:
                say("broker restarts")
                self.stack.backend.restart_broker()
                self.restarts["broker"] += 1
            if done == 2 * len(self.stories) // 3 and not self.restarts["database"]:
                say("database restarts")
                self.stack.backend.restart_database()
                self.restarts["database"] += 1
            if time.monotonic() >= next_duty:
                self._on_duty()
                next_duty = time.monotonic() + DUTY_SECONDS
            time.sleep(0.5 if waiting else 1)

    def _kill_one(self) -> None:
        worker = self.chance.choice(self.stack.workers)
        worker.kill()
        worker.start()
        self.kills += 1

    def _calm_down(self, started: float) -> bool:
        """No more kills; faults go on. Until everything rests, or the time is up."""
        say(f"{self.kills} kills; settling")
        night = time.monotonic() + NIGHT_SECONDS
        while time.monotonic() - started < self.options.at_most:
            self._on_duty()
            left = self._safely(self._moving)
            if left == 0:
                return True
            if time.monotonic() >= night:
                say(f"{left} to go; a day passes")
                self._safely(self._let_a_day_pass)
                night = time.monotonic() + NIGHT_SECONDS
            time.sleep(2)
        return False

    def _check_time(self, started: float) -> None:
        if time.monotonic() - started > self.options.at_most:
            raise SystemExit("the storm took too long")

    def _is_public(self, page) -> bool:
        from wagtail.models import Page

        return Page.objects.get(pk=page.pk).live

    def _moving(self) -> int:
        from cms.matrix.lifecycle import MOVING, State
        from cms.matrix.models import Delivery

        return Delivery.objects.filter(
            state__in=(*MOVING, State.DRAFT, State.NEEDS_CONSOLE)
        ).count()

    def _safely(self, act):
        """The database may be away just now: try again at the next turn."""
        from django.core.exceptions import PermissionDenied
        from django.db import Error, close_old_connections, connection

        close_old_connections()
        try:
            return act()
        except (Error, PermissionDenied) as error:
            say(f"not now: {type(error).__name__}")
            connection.close()
            time.sleep(0.5)
            return None

    # --- the person on duty ---------------------------------------------------------------------

    def _on_duty(self) -> None:
        self._safely(self._resume_accounts)
        self._safely(self._publish_by_hand)

    def _resume_accounts(self) -> None:
        """再试一次, as an administrator does when the trouble is over."""
        from cms.matrix.models import ChannelAccount
        from cms.matrix.services import accounts

        for account in ChannelAccount.objects.filter(state=ChannelAccount.State.PAUSED):
            accounts.account_resume(account=account, by=None)
            self.duties["resumed"] += 1

    def _publish_by_hand(self) -> None:
        """待人工发表: drafts are published in the platform's console, the rest is looked up."""
        from cms.matrix import services
        from cms.matrix.models import Delivery

        waiting = Delivery.objects.filter(state="console").select_related("account")
        if not waiting:
            return
        books = self._books()
        for delivery in waiting:
            url = books.get((delivery.account.channel, delivery.account.app_id, delivery.title))
            media_id = delivery.external.get("media_id") or delivery.progress.get("media_id")
            if url:
                services.delivery_published_by_hand(delivery=delivery, url=url[0], by=None)
                self.duties["linked"] += 1
            elif media_id and self._console_publish(delivery.account.app_id, media_id):
                self.duties["published in the console"] += 1
            elif not media_id or delivery.attempts > 3:
                services.delivery_give_up(delivery=delivery, by=None)
                self.duties["given up"] += 1

    def _console_publish(self, app_id: str, media_id: str) -> bool:
        import httpx

        try:
            self.platform.call(
                "POST", f"accounts/wechat/{app_id}/console-publish", media_id=media_id
            )
        except httpx.HTTPStatusError:
            return False
        return True

    def _let_a_day_pass(self) -> None:
        """Move the sandbox's clock and the times in our tables together by a day."""
        from django.db.models import F

        from cms.matrix.models import CallCount, Delivery

        day = timedelta(days=1)
        self.platform.call("PUT", "clock", advance_seconds=day.total_seconds())
        Delivery.objects.filter(next_try_at__isnull=False).update(
            next_try_at=F("next_try_at") - day
        )
        CallCount.objects.all().delete()
        self.nights += 1

    # --- the audit ------------------------------------------------------------------------------

    def _books(self) -> dict[tuple, list[str]]:
        """(platform, our app_id, title) → addresses, of everything that was ever published."""
        found: dict[tuple, list[str]] = {}
        for item in self.platform.books()["published"]:
            for title in self._titles_in(item["title"]):
                key = (item["platform"], self._ours(item), title)
                found.setdefault(key, []).append(item["url"])
        return found

    def _titles_in(self, text: str) -> list[str]:
        return [story.title for story in self.stories if story.title in text]

    def _ours(self, item: dict) -> str:
        """Weibo accounts are known to us by their uid, to the app by its key."""
        return item.get("uid") or item["app_id"]

    def _audit(self) -> dict:
        from cms.matrix.lifecycle import MOVING, State
        from cms.matrix.models import Delivery

        books = self._books()
        deliveries = list(Delivery.objects.select_related("account"))
        by_key: dict[tuple, list] = {}
        for delivery in deliveries:
            key = (delivery.account.channel, delivery.account.app_id, delivery.title)
            by_key.setdefault(key, []).append(delivery)
        expected = len(self.stories) * len(self.accounts)
        published = [d for d in deliveries if d.state == State.PUBLISHED]
        failed = [d for d in deliveries if d.state == State.FAILED]
        lost = [key for key, rows in by_key.items() if self._is_lost(rows, books.get(key, []))]
        lost += [key for key in books if key not in by_key]
        air = (State.SUBMITTING, State.SUBMITTED, State.UNKNOWN)
        resting = (*(s for s in MOVING if s not in air), State.NEEDS_CONSOLE, State.DRAFT)
        mute = [d for d in failed if not (d.error_class and d.error_text)]
        dealt = self.platform.books()["faults"]
        return {
            "deliveries": len(deliveries),
            "expected": expected,
            "published": len(published),
            "failed": len(failed),
            "lost": len(lost) + expected - len(deliveries),
            "twice": sum(len(urls) > 1 for urls in books.values()),
            "stuck": sum(d.state in resting for d in deliveries),
            "unsettled": sum(d.state in air for d in deliveries),
            "failed_without_class_or_sentence": len(mute),
            "failed_by_class": dict(Counter(d.error_class for d in failed)),
            "kills": self.kills,
            "restarts": self.restarts,
            "days_passed": self.nights,
            "person_on_duty": dict(self.duties),
            "calls": sum(self.platform.books()["calls"].values()),
            "faults": sum(fault["count"] for fault in dealt),
            "faults_by_class": _by_class(dealt),
            "details": [f"{key}: {[d.state for d in by_key.get(key, [])]}" for key in lost[:20]],
        }

    @staticmethod
    def _is_lost(rows: list, urls: list[str]) -> bool:
        said = any(row.state == "published" for row in rows)
        return said != bool(urls)


def _by_class(dealt: list[dict]) -> dict[str, int]:
    """Faults by what the product takes them for; broken connections by their effect."""
    from cms.matrix.channels.wechat.errors import RULES as WECHAT
    from cms.matrix.channels.weibo.errors import RULES as WEIBO

    found: Counter[str] = Counter()
    for fault in dealt:
        if fault["effect"] != "error":
            found[fault["effect"]] += fault["count"]
            continue
        rules = WECHAT if fault["platform"] == "wechat" else WEIBO
        rule = rules.get(str(fault["code"]))
        found[rule.kind.__name__ if rule else "system error"] += fault["count"]
    return dict(found)


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
