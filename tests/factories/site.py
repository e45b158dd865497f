"""The frame of a site: a home page with 三审 on it, one section and the people who work there."""

from dataclasses import dataclass
from itertools import count

from wagtail.models import Page, Site

from cms.members.models import Role, Union, User
from cms.members.selectors import users_with_role
from cms.news.models import HomePage, SectionPage
from cms.news.services import review_set_up, section_grant
from tests.factories.people import grant, make_union, make_user

REVIEW_ROLES = (Role.FIRST_REVIEWER, Role.SECOND_REVIEWER, Role.FINAL_REVIEWER)

_numbers = count(1)


@dataclass(frozen=True)
class Newsroom:
    """A union with its site: `editor` writes, `reviewers` do 初审, 复审 and 终审 in this order."""

    union: Union
    home: HomePage
    section: SectionPage
    editor: User
    reviewers: tuple[User, User, User]
    moderator: User


def make_site(union: Union | None = None) -> Newsroom:
    """The home page (made once), a section of `union`, and one person for each role."""
    union = union or make_union()
    home = HomePage.objects.first() or _make_home(union)
    section = make_section(home, union)
    return Newsroom(
        union=union,
        home=home,
        section=section,
        editor=grant(make_user("采编"), Role.EDITOR, union),
        reviewers=reviewers_of(union),
        moderator=grant(make_user("审核员"), Role.MODERATOR, union),
    )


def make_section(home: HomePage, union: Union, title: str = "") -> SectionPage:
    number = next(_numbers)
    section = home.add_child(
        instance=SectionPage(title=title or f"栏目{number}", slug=f"section-{number}", union=union)
    )
    section_grant(section=section)
    return section


def reviewers_of(union: Union) -> tuple[User, User, User]:
    """Who does 初审, 复审 and 终审 for `union`; people are made for roles nobody holds."""
    return tuple(
        users_with_role(role, union).first() or grant(make_user(role.label), role, union)
        for role in REVIEW_ROLES
    )


def _make_home(union: Union) -> HomePage:
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="首页", slug="front", union=union))
    welcome = root.get_children().exclude(pk=home.pk)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": 80, "root_page": home, "site_name": "融媒工会"},
    )
    Site.clear_site_root_paths_cache()
    for page in welcome:
        page.delete()
    review_set_up(home=home)
    return home
