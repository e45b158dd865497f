"""What WeChat's editor would destroy is not in our HTML to begin with (contract §6)."""

import re

import pytest
from bs4 import BeautifulSoup

from cms.matrix.channels.base import Loss, Overrides
from cms.matrix.channels.wechat.acceptance import differences
from cms.matrix.channels.wechat.render import render

from ..stories import make_picture, make_story


def content_of(body: str, **changes) -> str:
    return render(make_story(body_html=body, **changes), Overrides()).fields["content"]


def lost(body: str, **changes) -> dict[str, int]:
    payload = render(make_story(body_html=body, **changes), Overrides())
    return {loss.what: loss.how_many for loss in payload.losses}


def test_no_class_no_div_no_position_no_style_sheet_no_quotes_in_styles():
    content = render(make_story(), Overrides()).fields["content"]
    soup = BeautifulSoup(content, "html.parser")
    assert {tag.name for tag in soup.find_all()} <= {
        "section", "p", "h2", "h3", "h4", "blockquote", "strong", "em", "span", "img", "br", "a",
        "table", "tr", "th", "td",
    }  # fmt: skip
    assert not soup.find_all(class_=True)
    for style in re.findall(r'style="([^"]*)"', content):
        assert "position" not in style
        assert "&" not in style
        assert "'" not in style
        assert style


def test_every_visible_tag_has_its_style_inline():
    soup = BeautifulSoup(render(make_story(), Overrides()).fields["content"], "html.parser")
    for tag in soup.find_all(["p", "h2", "blockquote", "img", "table", "td", "th", "strong"]):
        assert tag.get("style"), tag


def test_list_marks_are_real_characters_and_numbers_go_on():
    content = content_of("<ol start='3'><li>甲</li><li>乙<ul><li>丙</li></ul></li></ol>")
    text = BeautifulSoup(content, "html.parser").get_text("|")
    assert "3. 甲" in text
    assert "4. 乙" in text
    assert "– 丙" in text
    assert "<li" not in content


def test_outside_links_become_numbers_with_a_list_at_the_end():
    body = (
        '<p><a href="https://a.example/x?y=1&amp;z=2">甲</a>和<a href="https://b.example/">乙</a>'
        '和<a href="https://a.example/x?y=1&amp;z=2">甲</a></p>'
    )
    content = content_of(body)
    assert "<a " not in content
    assert content.count("[1]") == 3
    assert "[2] https://b.example/" in content
    assert "https://a.example/x?y=1&amp;z=2" in content
    assert lost(body)["可点开的站外链接（网址列在文末）"] == 3


def test_links_to_sent_articles_stay():
    content = content_of('<p><a href="https://mp.weixin.qq.com/s?mid=1&amp;idx=1">往期</a></p>')
    assert 'href="https://mp.weixin.qq.com/s?mid=1&amp;idx=1"' in content
    assert "文中链接" not in content


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://[bad",
        "https://mp.weixin.qq.com.evil.example/s?mid=1",
        "https://mp.weixin.qq.com/mp/profile",
        "#top",
        "",
    ],
)
def test_other_addresses_never_become_links(address):
    assert "<a " not in content_of(f'<p><a href="{address}">看</a></p>')


def test_tables_scroll_and_keep_spans():
    content = content_of('<table><tr><td colspan="2" rowspan="x">甲</td></tr></table>')
    assert "overflow-x:auto" in content
    assert 'colspan="2"' in content
    assert "rowspan" not in content


def test_pictures_outside_the_library_and_embeds_are_dropped_and_counted():
    body = (
        '<img src="https://elsewhere.example/a.png"/><img data-picture="404"/>'
        "<iframe src='https://v.example'></iframe><script>x()</script><!-- 注释 -->"
    )
    content = content_of(body)
    assert "<img" not in content
    assert "x()" not in content
    assert "注释" not in content
    assert lost(body)["图片（不在稿件图库里，传不到公众号）"] == 2
    assert lost(body)["脚本"] == 1


def test_pictures_are_named_by_key_whatever_the_key_looks_like():
    picture = make_picture('a"b/图')
    body = "<figure><img data-picture='a\"b/图' alt='x'/></figure>"
    payload = render(make_story(body_html=body, pictures=(picture,)), Overrides())
    assert payload.fields["pictures"] == ['a"b/图']
    assert 'src="picture:a%22b%2F%E5%9B%BE"' in payload.fields["content"]


def test_a_gif_loses_its_animation():
    picture = make_picture("11", "image/gif")
    payload = render(make_story(pictures=(picture,)), Overrides())
    assert Loss("动图的动画（只留第一帧）", 1) in payload.losses


def test_links_within_our_site_are_listed_with_their_whole_address():
    content = content_of('<p><a href="/documents/3/a.pdf">附件</a></p>')
    assert "[1] https://union.example.cn/documents/3/a.pdf" in content


def test_an_icon_is_no_loss():
    assert "矢量图" not in lost('<p><svg aria-hidden="true"></svg>附件</p>')
    assert lost("<p><svg></svg></p>")["矢量图"] == 1


def test_the_editors_own_text_stands_in_for_the_body():
    overrides = Overrides(text="第一段\r\n换行<b>\r\n \r\n第二段", tail="电话 12351")
    payload = render(make_story(), overrides)
    soup = BeautifulSoup(payload.fields["content"], "html.parser")
    shown = [str(part) for part in soup.find_all("p")]
    assert any("第一段<br/>换行&lt;b&gt;</p>" in part for part in shown)
    assert any(part.endswith(">第二段</p>") for part in shown)
    assert "按月发放" not in soup.get_text()
    assert payload.fields["pictures"] == []
    assert payload.losses == ()


def test_the_editors_own_cover_and_digest_stand_in_for_the_storys():
    cover = make_picture("cover-77")
    payload = render(make_story(), Overrides(cover=cover, digest="只在这里说"))
    assert payload.fields["cover"] == "cover-77"
    assert payload.fields["digest"] == "只在这里说"
    assert "只在这里说" in payload.fields["content"]


def test_unknown_tags_dissolve_and_text_is_escaped():
    content = content_of("<div><custom-tag>1 &lt; 2 &amp; 3</custom-tag></div>")
    assert "1 &lt; 2 &amp; 3" in content
    assert "custom" not in content


def test_broken_html_and_template_marks_do_no_harm():
    content = content_of("<p>价格 $body ${x} <strong>没有关上<table><td>格")
    assert "$body ${x}" in content


def test_the_digest_follows_the_summary_and_the_tail_names_source_and_author():
    payload = render(make_story(summary="摘" * 150), Overrides())
    assert payload.fields["digest"] == "摘" * 120
    assert "来源：市总工会" in payload.fields["content"]
    assert "作者：王小明" in payload.fields["content"]
    tailed = render(make_story(), Overrides(tail="责任编辑：李\n<b>监制</b>：赵"))
    assert "看网页版。<br/>责任编辑：李<br/>&lt;b&gt;监制&lt;/b&gt;：赵" in tailed.fields["content"]
    assert "来源：市总工会" in tailed.fields["content"]


def test_the_author_keeps_whole_names_within_sixteen_characters():
    payload = render(make_story(author="工人日报记者 王小明、李大勇、欧阳建国"), Overrides())
    assert payload.fields["author"] == "工人日报记者 王小明、李大勇"


def test_the_source_address_keeps_its_query():
    payload = render(make_story(url="https://u.example/a?x=1#c"), Overrides())
    assert payload.fields["content_source_url"] == "https://u.example/a?x=1&from=wechat#c"


def test_acceptance_names_each_kind_of_damage():
    sent = '<section style="color:red"><p style="margin:0">甲</p><img src="a"/></section>'
    assert differences(sent, sent.replace("src=", "data-src=")) == []
    damaged = differences(sent, '<p style="">乙</p>')
    assert any("文字" in item for item in damaged)
    assert "少了 1 张图片" in damaged
    assert "1 处样式被清空" in damaged
    assert "标签 section 从 1 个变成 0 个" in damaged
