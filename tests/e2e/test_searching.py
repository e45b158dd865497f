"""A reader types as he talks: stories are proposed in every search field, by mouse or keyboard."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

FIELDS = {"masthead": ("/", "搜索全站"), "search page": ("/search/", "要找什么")}


@pytest.mark.parametrize("field", FIELDS)
def test_stories_are_proposed_while_typing_and_opened_by_keyboard(visitor, field):
    path, label = FIELDS[field]
    reader = visitor()
    page = reader.page
    reader.go(path)
    box = page.get_by_label(label)
    box.press_sequentially("津贴")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("津贴")
    assert reader.violations() == []
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    address = options.first.get_attribute("data-url")
    box.press("Enter")
    expect(page).to_have_url(f"{reader.site}{quote(address, safe='/?=%')}")


def test_a_phone_gets_its_proposals_on_the_search_page(visitor):
    reader = visitor("phone")
    page = reader.page
    reader.go("/")
    page.get_by_role("link", name="搜索", exact=True).click()
    page.get_by_label("要找什么").press_sequentially("gongzi")
    expect(page.get_by_role("option").first).to_be_visible()
    story = page.get_by_role("option").filter(has_text="看稿件").first
    address = story.get_attribute("data-url")
    story.click()
    expect(page).to_have_url(f"{reader.site}{address}")


def test_proposals_go_away_with_escape_and_the_form_still_searches(visitor):
    reader = visitor()
    page = reader.page
    reader.go("/")
    box = page.get_by_label("搜索全站")
    box.press_sequentially("工伤")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press("Enter")
    expect(page).to_have_url(f"{reader.site}/search/?q=%E5%B7%A5%E4%BC%A4")
