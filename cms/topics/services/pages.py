"""The public pages of this room."""

from typing import TypeVar

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.news import pagecache
from cms.news.models import HomePage
from cms.topics import public
from cms.topics.models import AnswersPage, ConcernsPage

Kind = TypeVar("Kind", ConcernsPage, AnswersPage)


def concerns_page_set_up(*, home: HomePage) -> ConcernsPage:
    """The page of concerns below `home`, made and published once."""
    return _set_up(
        home,
        ConcernsPage,
        title=str(_("职工关切")),
        slug="concerns",
        intro=str(_("最近四周，大家在网站、微信和微博上说得最多的事。")),
    )


def answers_page_set_up(*, home: HomePage) -> AnswersPage:
    """您说我办 below `home`, made and published once."""
    return _set_up(
        home,
        AnswersPage,
        title=str(_("您说我办")),
        slug="answers",
        intro=str(_("大家问到的事，工会一件一件答复。")),
    )


def _set_up(home: HomePage, kind: type[Kind], **fields: str) -> Kind:
    page = kind.objects.child_of(home).first()
    if page is None:
        page = home.add_child(instance=kind(show_in_menus=True, **fields))
        page.save_revision().publish()
    return page


def concerns_touch() -> None:
    """What readers see of the concerns has changed."""
    pagecache.touch(public.CACHE_TAG)
    transaction.on_commit(lambda: cache.delete(public.STRIP_KEY))
