"""What needs somebody in the matrix, for a timer of the operating system: also tells when no worker
is alive, which no worker can tell. Exits with 1 when there is something."""

import sys

from django.core.management.base import BaseCommand

from cms.matrix import watchdog
from cms.matrix.models import ChannelAccount, Delivery


class Command(BaseCommand):
    help = "列出分发中要处理的事；有事时以 1 退出，便于定时任务报警。"

    def add_arguments(self, parser):
        parser.add_argument("--mail", action="store_true", help="同时给各工会管理员发邮件")

    def handle(self, *args, **options):
        found = watchdog.troubles(Delivery.objects.all(), ChannelAccount.objects.all())
        for trouble in found:
            self.stdout.write(f"{'!' if trouble.grave else '·'} {trouble.text}")
        if options["mail"]:
            watchdog.tell_of_trouble()
        if found:
            sys.exit(1)
        self.stdout.write("一切正常。")
