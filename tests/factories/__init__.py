"""Things that tests need, made the way people make them: through the real services and 三审."""

from tests.factories.people import grant, make_union, make_user
from tests.factories.site import Newsroom, make_site, reviewers_of
from tests.factories.stories import close_poll, committed, make_poll, make_story, pass_review

__all__ = [
    "Newsroom",
    "close_poll",
    "committed",
    "grant",
    "make_poll",
    "make_site",
    "make_story",
    "make_union",
    "make_user",
    "pass_review",
    "reviewers_of",
]
