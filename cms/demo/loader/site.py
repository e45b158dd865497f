"""The frame: home page, sections, pictures, accounts and feed sources."""

from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.images import ImageFile
from wagtail.models import Page, Site

from cms.demo import content, pictures
from cms.demo.loader.people import NEWSROOM
from cms.matrix.models import ChannelAccount
from cms.members.models import Union, User
from cms.news.models import CustomImage, FeedSource, HomePage, SectionPage
from cms.news.services import review_set_up
from cms.topics.models import ConcernsPage
from cms.topics.services import answers_page_set_up

LICENCE = "CC0 1.0"


def load_frame(unions: dict[str, Union]) -> dict[str, SectionPage]:
    """Home page, 三审, sections, concerns and answers; returns the sections by slug."""
    home = HomePage.objects.first() or _make_home(unions[NEWSROOM])
    review_set_up(home=home)
    for row in content.sections():
        if not SectionPage.objects.child_of(home).filter(slug=row["slug"]).exists():
            _add(
                home,
                SectionPage(
                    title=row["title"],
                    slug=row["slug"],
                    intro=row["intro"],
                    union=unions[row["union"]],
                    show_in_menus=True,
                ),
            )
    if not ConcernsPage.objects.exists():
        _add(home, ConcernsPage(title="职工关切", slug="concerns", show_in_menus=True))
    answers_page_set_up(home=HomePage.objects.get(pk=home.pk))
    point_site_here(home)
    return {page.slug: page for page in SectionPage.objects.child_of(home)}


def _make_home(union: Union) -> HomePage:
    root = Page.get_first_root_node()
    root.get_children().delete()  # Wagtail's welcome page.
    root = Page.objects.get(pk=root.pk)
    home = HomePage(
        title="江州市总工会融媒", slug="home", motto="说职工的事，听职工的话。", union=union
    )
    return _add(root, home)


def _add(parent: Page, page: Page) -> Page:
    page = Page.objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision().publish()
    return page


def point_site_here(home: HomePage | None = None) -> None:
    """Make the site answer under SITE_URL; the port may be another one on each run."""
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname,
            "port": address.port or (443 if address.scheme == "https" else 80),
            "root_page": home or HomePage.objects.first(),
            "site_name": "江州市总工会融媒",
        },
    )


def load_pictures(owner: User) -> dict[str, CustomImage]:
    """The pictures drawn by code; returns them by key."""
    known = {image.title: image for image in CustomImage.objects.all()}
    found = {}
    for key, spec in pictures.PICTURES.items():
        image = known.get(spec.title)
        if image is None:
            image = CustomImage.objects.create(
                title=spec.title,
                file=ImageFile(BytesIO(pictures.render(key)), name=f"demo-{key}.jpg"),
                description=spec.alt,
                credit="本站用程序绘制",
                licence=LICENCE,
                uploaded_by_user=owner,
            )
        found[key] = image
    return found


def load_accounts(unions: dict[str, Union]) -> dict[str, ChannelAccount]:
    """The matrix, pointed at the sandbox; returns the accounts by key."""
    accounts = {}
    for row in content.accounts():
        base_url = f"{settings.SANDBOX_URL}/{row['channel']}"
        account, _made = ChannelAccount.objects.update_or_create(
            channel=row["channel"],
            app_id=row["app_id"],
            defaults={
                "union": unions[row["union"]],
                "name": row["name"],
                "secret": row["secret"],
                "token": row["token"],
                "aes_keys": row.get("aes_keys", ""),
                "base_url": base_url,
                # Where posts are read: the channel builds Weibo's addresses itself.
                "extra": {**row.get("extra", {}), "web_url": base_url},
            },
        )
        accounts[row["key"]] = account
    return accounts


def load_feeds(sections: dict[str, SectionPage]) -> list[FeedSource]:
    """Two feeds that the sandbox serves; the address follows the sandbox's port."""
    return [
        FeedSource.objects.update_or_create(
            name=row["name"],
            defaults={
                "url": f"{settings.SANDBOX_URL}{row['path']}",
                "section": sections[row["section"]],
                "source_name": row["name"].split("（")[0].split("·")[0],
                "auto_adopt": row.get("auto_adopt", False),
            },
        )[0]
        for row in content.feeds()
    ]
