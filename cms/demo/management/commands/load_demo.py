"""`manage.py load_demo`: the fictional 江州市总工会, complete. A second run changes nothing."""

import logging
import time

import httpx
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cms.demo.loader import channels, concerns, decisions, people, site, stories, voices
from cms.matrix import receivers
from cms.matrix.models import Delivery
from cms.news.services import feed_fetch
from cms.topics.services import voices_group
from search.vocabulary import vocabulary_refresh


class Command(BaseCommand):
    help = "装入演示内容：工会、稿件、评论、投票和渠道数据。重复运行不会重复装入。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--without-channels", action="store_true", help="不连接沙箱，只装入网站内容"
        )

        parser.add_argument("--migrate", action="store_true", help="先更新数据库结构")

    def handle(self, *args, without_channels=False, migrate=False, **options):
        started = time.monotonic()
        if migrate:
            call_command("migrate", verbosity=0)
        for name in ("wagtail", "django_tasks", "modelsearch"):
            logging.getLogger(name).setLevel(logging.WARNING)
        # Deliveries of the past are made one by one below, with the sandbox's clock set back.
        receivers.disconnect()
        try:
            self.load(without_channels)
        except httpx.ConnectError as error:
            raise CommandError(
                "连不上微信/微博沙箱。请用 make run 启动全部进程，或加上 --without-channels。"
            ) from error
        finally:
            receivers.connect()
        self.say(f"演示数据就绪，用时 {time.monotonic() - started:.0f} 秒")

    def load(self, without_channels: bool) -> None:
        self.say("工会与人员")
        unions = people.load_unions()
        staff = people.load_staff(unions)
        workers = people.load_workers()
        sections = site.load_frame(unions)
        self.say("图片")
        pictures = site.load_pictures(staff["admin"])
        accounts = site.load_accounts(unions)
        self.say("稿件与投票，逐篇三审")
        pages = stories.StoryLoader(staff, sections, pictures, accounts).load()
        feeds = site.load_feeds(sections)
        self.say("阅读、投票与搜索")
        voices.load_reads(pages)
        voices.load_votes(pages, workers, staff["moderator"])
        voices.load_searches()
        self.say("评论与审核")
        voices.load_comments(pages, workers, staff["moderator"])
        if not without_channels and not Delivery.objects.exists():
            self.say("分发到微信和微博沙箱")
            channels.load_channels(pages, accounts)
            channels.load_replies(accounts)
            voices.decide_old_replies(staff["moderator"])
            for source in feeds:
                feed_fetch(source=source)
        self.say("热线与问卷")
        concerns.load_records(unions, staff["moderator"])
        self.say("搜索用词")
        vocabulary_refresh(force=True)
        self.say("职工关切")
        voices_group()
        decisions.load_decisions(staff["manager"], unions[people.NEWSROOM], pages)

    def say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()
