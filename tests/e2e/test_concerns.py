"""The loop closed, as people meet it: from workers' words to the newsroom's answer and back.

Comes before test_one_command, which starts the stack elsewhere: articles in the sandbox keep the
addresses that its pictures had when they were sent.
"""

import re
from dataclasses import dataclass

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from tests.e2e.newsroom import add_block, pass_comments, pass_step, send_in
from tests.e2e.stack import wait_until
from tests.e2e.visitors import Visitor
from tests.factories.tables import messy_workbook

STORY = "/falv/shebao-duanjiao/"
WECHAT = "微信公众号 · 江州市总工会"
WORKER = "13900000008"
THEME = "退休与养老"
BOARD = "/admin/concerns/?days=84"
OPINIONS = {"first": "已核对，同意。", "second": "准确，同意。", "final": "同意签发。"}
#: Voices are read and grouped by tasks.
PATIENCE = 90


# --- From a concern to its answer -----------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One concern in the words of two people, and the story that answers it."""

    site: str
    wechat: str
    title: str
    summary: str
    paragraph: str


@pytest.fixture
def asked(mark) -> Asked:
    return Asked(
        site=f"差两年退休，断缴的养老保险怎么补，请答复我 {mark}",
        wechat=f"提前退休的条件有哪些，求答复 {mark}",
        title=f"退休前养老保险怎么补 {mark}",
        summary="断缴的养老保险能不能补、提前退休要什么条件，一次说清。",
        paragraph="到退休年龄时养老保险没有缴满年限的，可以延长缴费，到社保经办窗口办理。",
    )


def test_a_concern_goes_from_the_board_to_its_answer(visitor, mark, asked):
    worker = visitor("phone").log_in_by_phone(WORKER)
    say_on_the_site(worker, asked.site)
    manager = visitor("desk").log_in("manager")
    editor, fan = visitor().log_in("editor"), visitor("phone")
    say_on_wechat(fan, published_on_wechat(editor), asked.wechat)
    editor.page.get_by_role("button", name="立即收取留言和数据").click()
    pass_comments(visitor().log_in("moderator"), [asked.site, asked.wechat])

    find_behind_the_figure(manager, {"网站评论": asked.site, "微信": asked.wechat})
    brief(manager, asked)
    write(editor, asked)
    for login, opinion in OPINIONS.items():
        pass_step(visitor().log_in(login), asked.title, opinion)

    see_it_answered(manager, asked)
    see_it_told(worker, fan, asked)
    read_the_answer(visitor("phone"), asked)


def say_on_the_site(worker: Visitor, text: str) -> None:
    worker.go(STORY)
    worker.page.get_by_label("说说您的看法").fill(text)
    worker.page.get_by_role("button", name="发表").click()
    expect(worker.page.locator(".comment-held").filter(has_text=text)).to_be_visible()


def published_on_wechat(editor: Visitor) -> str:
    """Where fans read a story on WeChat; its delivery is open afterwards."""
    editor.go("/admin/matrix/delivery/")
    row = editor.page.get_by_role("row").filter(has_text=WECHAT).filter(has_text="已发布").first
    address = row.get_by_role("link", name="在平台上查看").get_attribute("href")
    row.get_by_role("link").first.click()
    return address


def say_on_wechat(fan: Visitor, address: str, text: str) -> None:
    fan.page.goto(address)
    fan.page.get_by_label("昵称").fill("看大门的老周")
    fan.page.get_by_label("写留言").fill(text)
    fan.page.get_by_role("button", name="发出留言").click()
    expect(fan.page.locator("#comments")).to_contain_text(text)


def find_behind_the_figure(manager: Visitor, words: dict[str, str]) -> None:
    """On the board the theme; its number of people leads to what they said."""
    page = manager.page
    row = page.locator(".rank-row").filter(has=page.get_by_role("link", name=THEME, exact=True))

    def heard() -> bool:
        manager.go("/admin/concerns/")
        if not row.count():
            return False
        row.locator(".rank-people a").click()
        return all(behind(manager, text).count() == 1 for text in words.values())

    wait_until(heard, PATIENCE, "the voices behind the figure")
    for source, text in words.items():
        expect(behind(manager, text)).to_contain_text(source)
        expect(behind(manager, text).locator("mark").first).to_be_visible()


def behind(manager: Visitor, text: str) -> Locator:
    return manager.page.get_by_role("listitem").filter(has_text=text)


def brief(manager: Visitor, asked: Asked) -> None:
    """From the gap to the editor's desk."""
    page = manager.page
    page.get_by_role("link", name="缺口", exact=True).click()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=THEME, exact=True))
    expect(row).to_contain_text("天前")
    row.get_by_role("link", name="派选题单").click()
    expect(page.locator("main")).to_contain_text(asked.site)
    page.get_by_label("暂定标题").fill(asked.title)
    page.get_by_label("政策", exact=True).check()
    page.get_by_label("栏目").select_option(label="政策（江州市总工会）")
    page.get_by_label("交给谁写").select_option(label="林晓雯")
    page.get_by_role("button", name="建草稿并通知编辑").click()
    expect(page.locator("#case-brief-content")).to_contain_text(asked.title)
    expect(page.locator("#case-told-content")).to_contain_text("人等着回音")


def write(editor: Visitor, asked: Asked) -> None:
    """The draft with the questions beside it, filled in and sent in."""
    page = editor.page
    editor.go("/admin/")
    page.get_by_role("link", name=asked.title).first.click()
    panel = page.locator(".brief")
    expect(panel).to_contain_text(asked.site)
    expect(panel).to_contain_text("社会保险法")
    page.get_by_role("textbox", name="摘要").fill(asked.summary)
    block = add_block(page, "正文段落")
    block.get_by_role("textbox").fill(asked.paragraph)
    # The editor hands its text over a quarter of a second after the last key.
    expect(block.locator("[name$='-value']")).to_have_value(re.compile(asked.paragraph))
    send_in(editor)


def see_it_answered(manager: Visitor, asked: Asked) -> None:
    """The case has become answered by itself, and shows how it was before."""
    page = manager.page
    manager.go("/admin/concerns/cases/")
    page.get_by_role("link", name=re.compile("^全部 ")).click()
    page.locator("main").get_by_role("link", name=THEME).first.click()

    def answered() -> bool:
        page.reload()
        told = page.locator("#case-told-content").inner_text()
        return page.locator(".case-state").inner_text().startswith("已答复") and "已告诉" in told

    wait_until(answered, PATIENCE, "the answered case")
    expect(page.get_by_role("link", name=asked.title).first).to_be_visible()
    expect(page.locator(".case-weeks")).to_contain_text("还没到")


def see_it_told(worker: Visitor, fan: Visitor, asked: Asked) -> None:
    def told_on_the_site() -> bool:
        worker.go("/my/messages/")
        return worker.page.locator(".message").filter(has_text=THEME).count() >= 1

    def told_on_wechat() -> bool:
        fan.page.reload()
        return fan.page.locator("#comments").get_by_text(asked.title).count() >= 1

    wait_until(told_on_the_site, PATIENCE, "the worker's message")
    wait_until(told_on_wechat, PATIENCE, "the answer under the comment on WeChat")


def read_the_answer(stranger: Visitor, asked: Asked) -> None:
    """您说我办: topic, answer and date; and the story behind it."""
    page = stranger.page
    stranger.go("/answers/")
    answer = page.locator(".answers > li").filter(has_text=asked.title)
    expect(answer).to_contain_text(THEME)
    expect(answer.locator("time")).to_have_text(re.compile(r"\d+年\d+月\d+日答复"))
    answer.get_by_role("link", name=asked.title).click()
    expect(page.locator(".prose")).to_contain_text(asked.paragraph)


# --- Records of the hotline -----------------------------------------------------------------------


def test_a_clerk_imports_a_messy_workbook_and_takes_it_back(visitor, tmp_path, mark):
    data, bad = messy_workbook()
    file = tmp_path / f"热线{mark}.xlsx"
    file.write_bytes(data)
    clerk = visitor().log_in("moderator")
    page = clerk.page
    clerk.go("/admin/")
    page.get_by_role("link", name="导入记录").click()
    page.get_by_role("link", name="上传文件").first.click()
    page.get_by_label("12351 热线").check()
    page.get_by_label("工会").select_option(label="江州市总工会")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    main = page.locator("main")
    expect(main).to_contain_text("有 1000 行")
    page.get_by_role("button", name="下一步：检查").click()
    expect(page.locator(".import-verdict")).to_have_text("963 条可以导入，37 条有问题。")
    expect(main).to_contain_text(str(min(bad)))
    expect(main).not_to_contain_text("13812345678")
    see_in_chinese(clerk)

    page.get_by_role("button", name="确认导入").click()
    figures = page.locator(".concern-figures")
    expect(figures).to_contain_text("963")
    expect(figures).to_contain_text("37")
    with page.expect_download() as returned:
        page.get_by_role("link", name="下载退回的行").click()
    rows = list(load_workbook(returned.value.path().open("rb")).active.values)
    assert len(rows) == 1 + 37
    assert all(row[1] for row in rows[1:])

    page.get_by_role("link", name="撤销导入").click()
    page.get_by_role("button", name="撤销导入，删除 963 条").click()
    expect(main).to_contain_text("删除了 963 条")


# --- A manager's decisions ------------------------------------------------------------------------


def test_a_manager_accepts_merges_and_splits(visitor, mark):
    manager = visitor().log_in("manager")
    page = manager.page
    manager.go(BOARD)
    first, second = (accept(manager, f"{name} {mark}") for name in ("甲事", "乙事"))
    before = {name: voices_of(manager, name) for name in (first, second)}

    voices_of(manager, first)
    open_acts(page).get_by_role("link", name="合并到").click()
    page.locator("#merge-other").select_option(label=second)
    page.get_by_role("button", name="合并").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(second)
    assert voices_of(manager, second) == sum(before.values())
    page.get_by_role("button", name=f"撤销“{first}”的合并").click()
    expect(page.locator(".messages")).to_be_visible()
    assert {name: voices_of(manager, name) for name in (first, second)} == before

    open_acts(page).get_by_role("link", name="拆分").click()
    third = f"丙事 {mark}"
    split_off(page, third)
    expect(page.get_by_role("heading", level=1)).to_contain_text(third)
    assert voices_of(manager, second) + voices_of(manager, third) == before[second]


def accept(manager: Visitor, name: str) -> str:
    """The first of the proposed topics gets a name and its place on the board."""
    page = manager.page
    proposal = page.locator(".concern-proposal").first
    proposal.get_by_role("textbox").fill(name)
    proposal.get_by_role("button", name="采用", exact=False).first.click()
    expect(page.get_by_role("heading").get_by_role("link", name=name)).to_be_visible()
    return name


def open_acts(page: Page) -> Locator:
    box = page.locator(".concern-acts-box")
    box.locator("summary").click()
    return box


def voices_of(manager: Visitor, name: str) -> int:
    """How many voices stand behind a topic of the board, whose page is open afterwards."""
    manager.go(BOARD)
    manager.page.get_by_role("heading").get_by_role("link", name=name).click()
    return int(manager.page.locator("[data-total=voices]").inner_text())


def split_off(page: Page, name: str) -> None:
    """By the first word that divides the topic."""
    words = page.locator("[name=words]")
    for at in range(words.count()):
        words.nth(at).check()
        page.get_by_label("新话题的名称").fill(name)
        page.get_by_role("button", name="看看怎么分").click()
        split = page.get_by_role("button", name="拆分", exact=True)
        if split.count():
            split.click()
            return
        words.nth(at).uncheck()
    raise AssertionError("no word divides the topic")


# --- On paper, on a phone, in Chinese -------------------------------------------------------------

DESKS = (
    "", "gap/", "cases/", "cloud/", "network/", "formula/", "learning/", "imports/", "reports/",
    "voices/", "retirement/", "retirement/history/", "wages/case/", "wages/brief/",
)  # fmt: skip
PUBLIC = ("/concerns/", "/answers/", "/care/wages/")


def test_the_whole_board_prints_and_the_weekly_report_on_one_page(visitor):
    manager = visitor().log_in("manager")
    page = manager.page
    for address, fits in ((BOARD, lambda pages: pages > 1), (last_report(manager), (1).__eq__)):
        manager.go(address)
        page.emulate_media(media="print")
        expect(page.locator(".sidebar")).to_be_hidden()
        expect(page.locator(".concern-rooms")).to_be_hidden()
        assert fits(pages_of(page.pdf(prefer_css_page_size=True))), address
        page.emulate_media(media="screen")


def last_report(manager: Visitor) -> str:
    manager.go("/admin/concerns/reports/")
    return manager.page.locator(".weekly-list a").first.get_attribute("href")


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_every_desk_is_in_chinese_fits_and_is_accessible(visitor, width):
    manager = visitor(width).log_in("manager")
    addresses = [*(f"/admin/concerns/{desk}" for desk in DESKS), last_report(manager)]
    for address in addresses:
        assert manager.go(address).status == 200, address
        if "cloud" in address or "network" in address:
            expect(manager.page.locator("[data-drawing] canvas").first).to_be_visible()
        assert manager.fits(), address
        assert manager.violations("main") == [], address
        see_in_chinese(manager)


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_what_the_public_sees_fits_and_is_accessible(visitor, width):
    worker = visitor(width).log_in_by_phone(WORKER)
    for address in PUBLIC:
        assert worker.go(address).status == 200, address
        assert worker.fits(), address
        assert worker.violations() == [], address
        see_in_chinese(worker)


#: Latin letters that belong on a Chinese page: names, files, units.
LATIN = re.compile(
    r"\b(App|AI|CSV|Excel|ETC|MB|HR|KTV|WPS|xlsx|APP|app|LOL|VIP|CT|kg|km)\b|[A-Za-z]\d|\d[A-Za-z]|[A-Z]+"
)


def see_in_chinese(person: Visitor) -> None:
    """No English words in what a page says."""
    text = LATIN.sub("", person.page.locator("main").inner_text())
    assert re.findall(r"[A-Za-z]{2,}", text) == [], person.page.url
