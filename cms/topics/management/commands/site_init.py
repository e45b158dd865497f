"""`manage.py site_init`: the empty newsroom of one union, ready for its first story."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from wagtail.models import Page, Site

from cms.members.models import Level, Union
from cms.news.models import HomePage, SectionPage
from cms.news.services import review_set_up
from cms.topics.services import answers_page_set_up, concerns_page_set_up
from search.vocabulary import vocabulary_refresh

SECTIONS = {
    "要闻": "yaowen",
    "通知公告": "tongzhi",
    "政策法规": "zhengce",
    "维权服务": "weiquan",
    "职工活动": "huodong",
    "互动": "hudong",
}


class Command(BaseCommand):
    help = "首次安装：建立本级工会、首页、三审、常用栏目、职工关切和您说我办。可以重复运行。"

    def add_arguments(self, parser):
        parser.add_argument("name", help="工会全称，例如：青石县总工会")
        parser.add_argument("--slug", default="union", help="工会的英文标识")
        parser.add_argument("--level", choices=Level.values, default=Level.COUNTY)
        parser.add_argument("--without-sections", action="store_true", help="不建常用栏目")

    @transaction.atomic
    def handle(self, *args, name, slug, level, without_sections, **options):
        address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        if not address.hostname:
            raise CommandError(
                "请先在环境变量 SITE_URL 里写明网站地址，例如 https://www.example.org"
            )
        union = Union.objects.filter(slug=slug).first() or Union.add_root(
            name=name, slug=slug, level=level
        )
        home = HomePage.objects.first() or self._home(union)
        review_set_up(home=home)
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={
                "hostname": address.hostname,
                "port": address.port or (443 if address.scheme == "https" else 80),
                "root_page": home,
                "site_name": name,
            },
        )
        for title, part in {} if without_sections else SECTIONS.items():
            if not SectionPage.objects.child_of(home).filter(slug=part).exists():
                self._section(home, union, title, part)
        for set_up in (concerns_page_set_up, answers_page_set_up):
            set_up(home=HomePage.objects.get(pk=home.pk))
        vocabulary_refresh(force=True)
        self.stdout.write(f"{name}的网站已建好：{settings.WAGTAILADMIN_BASE_URL}/admin/")

    def _home(self, union: Union) -> HomePage:
        root = Page.get_first_root_node()
        welcome = root.get_children()
        # Wagtail's own welcome page gives way; pages somebody made never do.
        if welcome.exclude(content_type__model="page").exists():
            raise CommandError("页面树里已有内容，请在后台手动调整。")
        welcome.delete()
        home = HomePage(title=union.name, slug="home", union=union)
        Page.objects.get(pk=root.pk).add_child(instance=home)
        home.save_revision().publish()
        return home

    def _section(self, home: HomePage, union: Union, title: str, slug: str) -> None:
        section = SectionPage(title=title, slug=slug, union=union, show_in_menus=True)
        Page.objects.get(pk=home.pk).add_child(instance=section)
        section.save_revision().publish()
