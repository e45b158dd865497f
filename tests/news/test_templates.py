"""What every public page promises: valid HTML, no inline code, nothing personal in shared pages."""

import re
from io import BytesIO

import html5lib
import pytest
from django.core.files.images import ImageFile
from django.template import Context, Template
from django.template.loader import render_to_string
from PIL import Image

from cms.members.forms import SignupExtras
from cms.news.models import ActivityPage, CustomImage, LegalPage, PolicyPage, SectionPage
from cms.news.templatetags.news_tags import clauses, site_frame
from tests.factories import make_story, make_user

INLINE_CODE = re.compile(r"<[^>]+\s(style|on[a-z]+)=|<script(?![^>]*\ssrc=)[^>]*>|<style", re.I)


def assert_clean(html: str) -> None:
    """Valid HTML5 that our content security policy lets through."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    assert parser.errors == []
    assert not INLINE_CODE.search(html)


@pytest.fixture
def picture(db):
    file = BytesIO()
    Image.new("RGB", (1600, 1000), "#8aa").save(file, "JPEG")
    file.seek(0)
    return CustomImage.objects.create(
        title="驿站", file=ImageFile(file, "stop.jpg"), description="驿站里有热水和充电柜"
    )


@pytest.fixture
def story(newsroom, picture):
    return make_story(
        newsroom.section,
        cover=picture,
        body=[
            ("heading", {"text": "温度低到什么程度要调整"}),
            ("paragraph", "<p>停止<b>露天作业</b>。</p>"),
            ("image", {"image": picture, "alt": "手套", "caption": "防寒手套"}),
            ("quote", {"text": "一冬天没摔过。", "attribution": "老秦"}),
            ("qa", {"question": "能只发一次吗", "answer": "<p>不能。</p>"}),
            ("law_citation", {"law": "安全生产法", "article": "第四十五条", "text": "必须提供。"}),
            ("table", {"data": [["工龄", "期限"], ["5 年", "3 个月"]]}),
            ("video", {"title": "三分钟", "url": "https://example.com/v", "cover": None}),
        ],
    )


def test_public_pages_are_valid_and_free_of_inline_code(client, newsroom, story):
    for url in ("/", newsroom.section.url, story.url, "/accounts/login/", "/accounts/signup/"):
        response = client.get(url)
        assert response.status_code == 200, url
        assert_clean(response.content.decode())


def test_a_missing_page_says_what_to_do_next(client, newsroom):
    response = client.get("/nothing-here/")
    assert response.status_code == 404
    assert_clean(response.content.decode())
    assert 'role="search"' in response.content.decode()


def test_each_kind_of_story_shows_its_facts(client, newsroom):
    times = {"starts_at": "2030-05-01T09:00+08:00", "ends_at": "2030-05-01T11:00+08:00"}
    for model, fields, fact in (
        (PolicyPage, {"issuer": "市总工会"}, "发文机关"),
        (LegalPage, {"law_name": "工会法"}, "现行有效"),
        (ActivityPage, {"place": "文化宫", **times}, "无需报名"),
    ):
        page = make_story(newsroom.section, model=model, **fields)
        html = client.get(page.url).content.decode()
        assert_clean(html)
        assert fact in html


def test_shared_pages_hold_nothing_personal(client, newsroom, story):
    response = client.get(story.url)
    assert not response.cookies
    assert "csrf" not in response.content.decode()
    client.force_login(make_user("阿强"))
    html = client.get(story.url).content.decode()
    assert "阿强" in html
    assert "csrf-token" in html


def test_the_frame_costs_no_query_when_warm(newsroom, django_assert_num_queries):
    site_frame()
    with django_assert_num_queries(0):
        assert newsroom.section.title in [link["title"] for link in site_frame()["sections"]]


def test_the_frame_follows_a_renamed_section(newsroom, committed):
    site_frame()
    section = SectionPage.objects.get(pk=newsroom.section.pk)
    section.title = "改了名"
    with committed():
        section.save_revision().publish()
    assert "改了名" in [link["title"] for link in site_frame()["sections"]]


def test_the_server_error_page_needs_no_database():
    html = render_to_string("500.html")
    assert_clean(html)
    assert "暂时打不开" in html


def test_a_removed_picture_or_file_leaves_no_hole():
    for name, value in (("image", {"image": None}), ("attachment", {"document": None})):
        assert not render_to_string(f"news/blocks/{name}.html", {"value": value}).strip()


def test_a_headline_turns_at_its_commas_and_stays_escaped():
    assert clauses("天冷了\uff0c<b>") == (
        '<span class="clause">天冷了\uff0c</span><span class="clause">&lt;b&gt;</span>'
    )


def test_a_cover_offers_webp_in_several_widths_and_a_fallback():
    cover = {"webp": [["/a.webp", 360], ["/b.webp", 720]], "src": "/c.jpg", "alt": "桥"}
    html = render_to_string("components/cover.html", {"cover": cover})
    assert 'srcset="/a.webp 360w, /b.webp 720w"' in html
    assert 'src="/c.jpg"' in html
    assert 'alt="桥"' in html


@pytest.mark.django_db
def test_a_field_names_its_help_and_its_errors():
    form = SignupExtras({})
    html = Template('{% include "components/form.html" %}').render(Context({"form": form}))
    described = re.search(r'aria-describedby="([^"]+)"', html).group(1).split()
    assert described == ["id_nickname_helptext", "id_nickname_error"]
    assert all(f'id="{name}"' in html for name in described)
