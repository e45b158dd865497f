"""A small newsroom for the benchmarks of the matrix: people, accounts, stories that pass 三审.

Runs inside Django, in a database that is thrown away. Everything goes through the product's own
services: what is delivered was reviewed by three people and published.
"""

import secrets
from io import BytesIO

import httpx
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.models import Page, Site

from cms.matrix.models import ChannelAccount, ChannelVersion
from cms.members.models import Level, Role, Union, User
from cms.members.services import membership_grant
from cms.news.models import CustomImage, HomePage, PolicyPage, SectionPage
from cms.news.services import review_set_up, section_grant, story_review, story_submit

REVIEWERS = (Role.FIRST_REVIEWER, Role.SECOND_REVIEWER, Role.FINAL_REVIEWER)
TEXT = "高温天气作业的职工，由用人单位按月发放高温津贴，不得以防暑降温饮料充抵。"


class Newsroom:
    """One union with its site, an editor and three reviewers. `site` is the public address."""

    def __init__(self, site: str):
        self.union = Union.add_root(name="江州市总工会", slug="jiangzhou", level=Level.CITY)
        root = Page.get_first_root_node()
        home = root.add_child(
            instance=HomePage(title="江州工会", slug="jiangzhou", union=self.union)
        )
        host, _colon, port = site.removeprefix("http://").partition(":")
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={"hostname": host, "port": int(port or 80), "root_page": home},
        )
        review_set_up(home=home)
        self.section = home.add_child(
            instance=SectionPage(title="政策", slug="policy", union=self.union)
        )
        section_grant(section=self.section)
        self.editor = self._person("editor", Role.EDITOR)
        self.reviewers = [self._person(role.value, role) for role in REVIEWERS]

    def _person(self, name: str, role: Role) -> User:
        user = User.objects.create_user(username=name, nickname=name)
        membership_grant(user=user, union=self.union, role=role)
        return User.objects.get(pk=user.pk)

    def write(self, number: int, accounts: list[ChannelAccount]) -> PolicyPage:
        """A story for `accounts`, with a cover and a picture, not yet sent in."""
        image = picture(number)
        page = PolicyPage(
            title=f"高温津贴发放提示第{number:04d}号",
            slug=f"story-{number}",
            summary="六月到十月，在高温天气里干活的人每月领津贴。",
            body=[
                ("paragraph", f"<p>{TEXT}（{number}）</p>"),
                ("image", {"image": image, "alt": "温度计", "caption": ""}),
            ],
            responsible_editor="林晓雯",
            cover=image,
            owner=self.editor,
            live=False,
        )
        page.channel_versions = [ChannelVersion(account=account) for account in accounts]
        page = SectionPage.objects.get(pk=self.section.pk).add_child(instance=page)
        page.save_revision(user=self.editor)
        story_submit(page=page, user=self.editor)
        for reviewer in self.reviewers[:-1]:
            self._review(page, reviewer)
        return page

    def sign_off(self, page: PolicyPage) -> None:
        """终审: the story is public, and goes out."""
        self._review(page, self.reviewers[-1])

    def _review(self, page: PolicyPage, reviewer: User) -> None:
        page = PolicyPage.objects.get(pk=page.pk)
        story_review(page=page, user=reviewer, approve=True, opinion="事实清楚，同意。")


def picture(number: int) -> CustomImage:
    """A picture that differs from any other."""
    file = BytesIO()
    colour = (180, number * 37 % 256, number * 91 % 256)
    Image.new("RGB", (900, 600), colour).save(file, "JPEG")
    file.seek(0)
    return CustomImage.objects.create(
        title=f"温度计{number}", file=ImageFile(file, name=f"cover-{number}.jpg")
    )


class Platform:
    """The sandbox seen from outside: its control interface, and its books."""

    def __init__(self, address: str):
        self.address = address
        self._http = httpx.Client(base_url=address, timeout=30, trust_env=False)

    def call(self, method: str, path: str, **body):
        answer = self._http.request(method, f"/__sandbox/{path}", json=body or None)
        answer.raise_for_status()
        return answer.json()

    def books(self) -> dict:
        return self.call("GET", "books")

    def wechat(self, union: Union, number: int, **profile) -> ChannelAccount:
        """An account on WeChat, known on both sides. `profile` as the sandbox takes it."""
        app_id, secret, token = f"wxbench{number:04d}", secrets.token_hex(16), secrets.token_hex(8)
        self.call(
            "POST", "accounts", platform="wechat", app_id=app_id, secret=secret,
            name=f"公众号{number}", callback_token=token, **profile,
        )  # fmt: skip
        return ChannelAccount.objects.create(
            union=union, channel="wechat", name=f"公众号{number}", app_id=app_id, secret=secret,
            token=token, base_url=f"{self.address}/wechat",
        )  # fmt: skip

    def weibo(self, union: Union, number: int, **profile) -> ChannelAccount:
        """An account on Weibo, authorised."""
        key, secret, token = f"wbbench{number:04d}", secrets.token_hex(16), secrets.token_hex(16)
        uid = str(7_800_000_000 + number)
        self.call(
            "POST", "accounts", platform="weibo", app_id=key, secret=secret, uid=uid,
            access_token=token, name=f"微博{number}", safe_domains=["127.0.0.1"], **profile,
        )  # fmt: skip
        return ChannelAccount.objects.create(
            union=union, channel="weibo", name=f"微博{number}", app_id=uid, secret=secret,
            token=token, base_url=f"{self.address}/weibo",
            extra={"rip": "127.0.0.1", "app_key": key, "web_url": f"{self.address}/weibo"},
        )  # fmt: skip
