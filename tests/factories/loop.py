"""Cases, briefs and those who asked, made through the services."""

from cms.interactions.services import comment_submit, item_approve
from cms.topics.models import Brief, Case, Topic
from cms.topics.services import brief_make, case_open
from tests.factories.stories import committed, pass_review


def make_case(topic: Topic, newsroom, user, **fields) -> Case:
    """An open case of `topic` for the newsroom's union, opened by `user`."""
    return case_open(topic=topic, user=user, union=newsroom.union, **fields)


def make_brief(case: Case, newsroom, user, **fields) -> Brief:
    """A draft in the newsroom's section for its editor."""
    return brief_make(
        **{
            "case": case,
            "user": user,
            "editor": newsroom.editor,
            "section": newsroom.section,
            "kind": "legal",
            "title": "欠薪了怎么办：大家在问的 5 件事",
            "unions": None,
            **fields,
        }
    )


def publish_brief(brief: Brief):
    """The brief's draft goes through 三审 and is public; returns the story."""
    story = brief.page.specific
    return pass_review(story, story.owner)


def say(user, story, text: str, moderator):
    """A comment of `user` that a moderator approved, and thus a voice; returns its item."""
    with committed():
        item = comment_submit(user=user, page=story, text=text).item
    with committed():
        item_approve(item=item, user=moderator)
    return item
