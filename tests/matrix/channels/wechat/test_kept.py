"""Our model of what WeChat does to HTML (contract §6), and the marks where something is lost."""

import pytest
from bs4 import BeautifulSoup

from cms.matrix.channels.base import Overrides
from cms.matrix.channels.wechat.addresses import is_ours
from cms.matrix.channels.wechat.kept import keep
from cms.matrix.channels.wechat.marks import kept_html, marked_digest, marked_html
from cms.matrix.channels.wechat.render import digest_cut, render

from ..stories import make_picture, make_story


def kept(html: str) -> str:
    return keep(html, ours=is_ours).html


def lost(html: str) -> dict[str, int]:
    return {loss.what: loss.how_many for loss in keep(html, ours=is_ours).losses}


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("<p>甲<script>x()</script></p>", "<p>甲</p>"),
        ("<style>p{}</style><iframe src='https://v.example'></iframe>", ""),
        ("<form><input name='a'/></form>", ""),
        ('<section class="lead">甲</section>', "<section>甲</section>"),
        ('<p onclick="x()" id="a">甲</p>', "<p>甲</p>"),
        ('<p style="position:fixed;color:red">甲</p>', '<p style="color:red;">甲</p>'),
        ("<div>甲</div>", "<p>甲</p>"),
        ('<div style="color:red;padding:3px">甲</div>', '<p style="color:red;">甲</p>'),
        ("<div><p>甲</p></div>", "<p>甲</p>"),
        ("<div></div>", ""),
        ('<img src="https://elsewhere.example/a.png"/>', ""),
        ('<img src="picture:7" alt="乙"/>', '<img src="picture:7" alt="乙"/>'),
        ('<a href="https://a.example/">甲</a>', "甲"),
        (
            '<a href="https://mp.weixin.qq.com/s?mid=1">甲</a>',
            '<a href="https://mp.weixin.qq.com/s?mid=1">甲</a>',
        ),
        ('<p style="font-family:&quot;Kai&quot;">甲</p>', '<p style="">甲</p>'),
        ("<p style='content:&#39;a&#39;'>甲</p>", '<p style="">甲</p>'),
        ("<p>style=&quot;a&quot;</p>", '<p>style="a"</p>'),
        ("<custom-tag>甲</custom-tag>", "甲"),
        ("<!-- 注释 --><p>1 &lt; 2</p>", "<p>1 &lt; 2</p>"),
        ('<td colspan="2">甲</td>', '<td colspan="2">甲</td>'),
    ],
)
def test_what_is_stored_of_what_is_sent(sent, stored):
    assert kept(sent) == stored


def test_losses_are_named_and_counted():
    html = (
        "<div>甲</div><div>乙</div><img src='a.png'/><a href='https://a.example'>丙</a>"
        "<p class='x' style='position:fixed'>丁</p><iframe></iframe>"
        '<p style="font-family:&quot;a&quot;">戊</p>'
    )
    assert lost(html) == {
        "版式框（变成普通段落，样式大半丢失）": 2,
        "站外图片": 1,
        "可点开的站外链接": 1,
        "用 class 写的样式": 1,
        "定位（position）": 1,
        "嵌入的网页或视频": 1,
        "含引号的样式（整条被清空）": 1,
    }


def test_nothing_of_what_our_renderer_writes_is_lost():
    content = render(make_story(), Overrides()).fields["content"]
    stored = kept_html(content)
    assert stored.losses == ()
    sent = BeautifulSoup(content, "html.parser")
    back = BeautifulSoup(stored.html, "html.parser")
    assert back.get_text() == sent.get_text()
    assert [tag.name for tag in back.find_all()] == [tag.name for tag in sent.find_all()]


# --- Marks ----------------------------------------------------------------------------------------


def marked(body: str, **changes) -> BeautifulSoup:
    return BeautifulSoup(
        marked_html(make_story(body_html=body, **changes), Overrides()), "html.parser"
    )


def test_a_link_that_becomes_a_number_is_marked_with_its_words():
    less = marked('<p>见<a href="https://a.example/">规定</a></p>').select_one("ins.less")
    assert less.get_text() == "规定[1]"
    assert less["title"] == "链接变成编号，网址列在文末"


def test_what_vanishes_leaves_its_name_in_its_place():
    soup = marked('<p>前</p><iframe></iframe><p><img src="x.png" alt="清凉站"/></p><p>后</p>')
    names = [mark.get_text() for mark in soup.select("del.lost")]
    assert names == ["嵌入的网页或视频", "图片（不在稿件图库里，传不到公众号）：清凉站"]
    text = soup.get_text()
    assert text.index("前") < text.index("嵌入的网页") < text.index("后")


def test_without_losses_the_marked_article_is_the_kept_one():
    story = make_story(body_html="<p>一段</p>")
    content = render(story, Overrides()).fields["content"]
    assert marked_html(story, Overrides()) == kept_html(content).html


@pytest.mark.parametrize("hostile", ["\ue0000\ue001", "\ue00099\ue001", "\ue000", "<del>&"])
def test_text_that_looks_like_a_mark_makes_no_mark(hostile):
    soup = marked(f"<p>{hostile}甲</p>")
    assert not soup.select("del.lost, ins.less")
    assert "甲" in soup.get_text()


def test_words_of_a_vanished_picture_are_text():
    soup = marked('<p><img src="x.png" alt="&lt;script&gt;x&lt;/script&gt;"/></p>')
    assert not soup.find("script")
    assert "<script>" in soup.select_one("del.lost").get_text()


def test_the_part_of_the_digest_without_room_is_struck_through():
    story = make_story(summary="摘" * 119 + "<i>要")
    cut = digest_cut(story, Overrides())
    assert cut == "i>要"
    assert marked_digest("甲&", cut) == '甲&amp;<del class="lost">i&gt;要</del>'
    assert digest_cut(story, Overrides(digest="短")) == ""
    assert marked_digest("短", "") == "短"


def test_a_gif_is_kept_as_a_picture():
    picture = make_picture("11", "image/gif")
    story = make_story(pictures=(picture,))
    assert marked_html(story, Overrides()).count("<img") == 1
