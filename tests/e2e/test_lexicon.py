"""The lexicon keeper's desk: add a synonym, see its effect, save, and search by it on the site."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.stack import wait_until

PROPER = "高温津贴"
SYNONYM = "烤炉费"
SCREENS = {
    "words": "/admin/lexicon/",
    "add": "/admin/lexicon/new/",
    "new words": "/admin/lexicon/new-words/",
    "history": "/admin/lexicon/history/",
    "files": "/admin/lexicon/files/",
    "apart": "/admin/lexicon/apart/",
}
#: A change reaches running processes within a minute.
REACHES_SECONDS = 60


def fill_synonym(keeper, term: str, proper: str) -> None:
    keeper.go("/admin/lexicon/new/")
    keeper.page.locator("[name=term]").fill(term)
    keeper.page.locator("[name=kind]").select_option(label="同义词")
    keeper.page.get_by_label("规范词").fill(proper)


def found(reader, query) -> list[str]:
    reader.go(f"/search/?q={query}")
    return reader.page.locator("main h2 a, main h3 a").all_inner_texts()


def test_a_synonym_is_added_with_its_effect_seen_and_finds_the_page(visitor):
    reader, keeper = visitor(), visitor().log_in("admin")
    wanted = found(reader, PROPER)
    assert wanted
    assert not set(wanted) & set(found(reader, SYNONYM))

    page = keeper.page
    fill_synonym(keeper, SYNONYM, PROPER)
    page.get_by_role("button", name="看看影响").click()
    effects = page.get_by_role("region", name="保存后会怎样")
    expect(effects).to_contain_text(f"搜“{SYNONYM}”，页面由 0 条变为")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".messages")).to_contain_text(f"已保存：新增同义词“{SYNONYM}”")

    wait_until(
        lambda: set(wanted[:3]) & set(found(reader, SYNONYM)),
        REACHES_SECONDS,
        "the pages of the topic word when its synonym is searched",
    )

    keeper.go("/admin/lexicon/history/")
    page.get_by_role("button", name=re.compile("撤销第 1 次修改")).click()
    expect(page.locator(".messages")).to_contain_text("已撤销第 1 次修改")


def test_words_that_the_law_keeps_apart_are_not_joined(visitor):
    keeper = visitor().log_in("admin")
    page = keeper.page
    fill_synonym(keeper, "赔偿金", "经济补偿")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("main")).to_contain_text("违法解除的赔偿金是 2N")


@pytest.mark.parametrize("width", ["phone", "desk"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_fits_and_can_be_used_by_all(visitor, screen, width):
    keeper = visitor(width).log_in("admin")
    keeper.go(SCREENS[screen])
    expect(keeper.page.locator("main")).to_be_visible()
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert keeper.page.evaluate(too_wide) <= 0
    assert keeper.violations("main") == []
