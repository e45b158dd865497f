import pytest

from cms.interactions.models import PollPage
from cms.news.models import ActivityPage, LegalPage, PolicyPage, SectionPage
from cms.news.models.stories import STORY_MODELS
from cms.news.slugs import PinyinSlugForm, pinyin_slug
from tests.factories import make_story

TITLES = {
    "高温津贴怎么发": "gao-wen-jin-tie-zen-me-fa",
    "12351 热线": "12351-re-xian",
    "!?": "story",
}


@pytest.mark.parametrize(("title", "slug"), TITLES.items())
def test_an_address_is_the_title_in_pinyin(title, slug):
    assert pinyin_slug(title) == slug


def test_a_long_title_is_cut_between_syllables():
    slug = pinyin_slug("江州市总工会" * 10)
    assert len(slug) <= 60
    assert set(slug.split("-")) <= {"jiang", "zhou", "shi", "zong", "gong", "hui"}


@pytest.mark.django_db
def test_two_stories_of_one_title_get_two_addresses(newsroom):
    first, second = (
        make_story(newsroom.section, live=False, title="取暖补贴", slug="") for _ in range(2)
    )
    assert first.slug == "qu-nuan-bu-tie"
    assert second.slug == "qu-nuan-bu-tie-2"


@pytest.mark.parametrize("model", [PolicyPage, LegalPage, ActivityPage, PollPage])
@pytest.mark.django_db
def test_editors_need_not_invent_an_address(newsroom, model):
    make_story(newsroom.section, live=False, title="取暖补贴", slug="")
    form_class = model.get_edit_handler().bind_to_model(model).get_form_class()
    form = form_class(
        {"title": "取暖补贴", "slug": "", "body-count": "0"},
        instance=model(),
        parent_page=SectionPage.objects.get(pk=newsroom.section.pk),
        for_user=newsroom.editor,
    )
    form.full_clean()
    assert "slug" not in form.errors
    assert form.cleaned_data["slug"] == "qu-nuan-bu-tie-2"


@pytest.mark.parametrize("model", STORY_MODELS)
def test_the_form_of_a_story_lets_the_address_stay_empty_whoever_adds_to_it(model):
    assert issubclass(model.base_form_class, PinyinSlugForm)
