"""What the machine suspects: marked for moderators, refused only at its gravest."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cms.interactions import suspicions
from cms.interactions.models import ModerationItem, UnionComment
from cms.interactions.services import comment_submit, item_register
from tests.factories import make_user

pytestmark = pytest.mark.django_db

QUEUE = "/admin/moderation/"


@pytest.fixture
def register(newsroom):
    def put(text, origin="test:1"):
        return item_register(
            origin=origin,
            source="wechat",
            story_id=None,
            union=newsroom.union,
            author_name="网友",
            author_key="wechat:1",
            text=text,
            said_at=timezone.now(),
        )

    return put


def test_marks_are_kept_with_the_item_and_point_into_its_masked_text(register):
    item = register("电话13800138000，加薇信")
    assert item.text.startswith("电话[手机号已隐去]")
    (mark,) = item.marks
    assert item.text[mark["start"] : mark["end"]] == "加薇信"
    assert (mark["category"], mark["level"], mark["way"]) == ("引流", "hold", "sound")


def test_desk_marks_the_words_and_says_why(client, newsroom, register):
    register("<b>快来</b>加薇信，领福利")
    client.force_login(newsroom.moderator)
    page = client.get(QUEUE).content.decode()
    assert "疑似引流：加薇信（谐音）" in page
    assert re.search(
        r'<mark class="queue-hold" title="疑似引流：加薇信（谐音）">加薇信</mark>', page
    )
    assert "&lt;b&gt;快来&lt;/b&gt;" in page


def test_doubtful_words_are_named_as_doubtful(register):
    item = register("内部消息，明天停电")
    (found,) = suspicions.read(item.text, item.marks)
    assert (found.level, found.reason) == ("hint", "可能是传言：内部消息")


def test_marked_text_is_escaped_inside_and_outside_the_marks():
    text = '<i>加<微<信"</i>'
    shown = suspicions.marked(text, suspicions.read(text, suspicions.find(text)))
    assert "<mark" in shown
    assert "<i>" not in shown
    assert re.sub(r"</?mark[^>]*>", "", shown) == "&lt;i&gt;加&lt;微&lt;信&quot;&lt;/i&gt;"


def test_ordinary_words_have_no_marks(register):
    item = register("讨薪路上工会陪着走，罢工权也能讨论")
    assert item.marks == []


def test_suspected_comment_waits_like_any_other(story, worker):
    submitted = comment_submit(user=worker, page=story, text="楼上的傻逼懂什么")
    assert submitted.item.state == ModerationItem.State.PENDING
    assert submitted.item.marks


def test_gravest_words_are_refused_in_kind_words_and_nothing_is_kept(story, worker):
    with pytest.raises(ValidationError) as refused:
        comment_submit(user=worker, page=story, text="出 售 枪 支，货到付款")
    assert "“出 售 枪 支”不能发布" in refused.value.messages[0]
    assert not UnionComment.objects.exists()
    assert not ModerationItem.objects.exists()


def test_refused_words_stay_in_the_form(client, story):
    client.force_login(make_user())
    address = f"/comments/{story.pk}/"
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    answer = client.post(address, {**hidden, "comment": "谁要？出售枪支", "homepage": ""})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "不能发布，请改一改再发表" in shown
    assert "谁要？出售枪支</textarea>" in shown


def test_gravest_words_disguised_are_left_to_people(story, worker):
    submitted = comment_submit(user=worker, page=story, text="出售木仓支")
    assert [mark["level"] for mark in submitted.item.marks] == ["hold"]


def test_gravest_words_of_a_channel_are_marked_for_people(register):
    item = register("出售枪支，货到付款")
    assert item.marks[0]["level"] == "block"
