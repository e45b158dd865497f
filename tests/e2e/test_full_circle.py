"""One story, all the way round: written, reviewed, published, answered, heard, counted."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.newsroom import Story, paint, pass_comments, pass_step, write_story
from tests.e2e.stack import wait_until
from tests.e2e.visitors import Visitor

WECHAT, WEIBO = "微信公众号 · 江州市总工会", "微博 · 江州工会"
POLL, CHOICE = "你们单位，今年取暖补贴发了吗", "说要发还没发"
# Has not voted in that poll.
WORKER = "13900000001"
OPINIONS = {
    "first": "数字和文件已核对，同意。",
    "second": "表述准确，同意。",
    "final": "同意签发。",
}
TOPIC = "安全与高温"
FETCH_SECONDS = 60


@pytest.fixture
def story(mark, tmp_path) -> Story:
    return Story(
        title=f"高温津贴七月起补发 {mark}",
        summary="室外作业的职工，六月欠发的高温津贴七月一并补齐。",
        paragraph="经集体协商，建筑、环卫和快递企业补发六月高温津贴，每人每月三百元。",
        picture=paint(tmp_path / "thermometer.png", mark),
        picture_shows=f"工地上的温度计 {mark}",
        poll=POLL,
        accounts=(WECHAT, WEIBO),
    )


def test_a_story_goes_all_the_way_round(visitor, story, mark):
    workers_words = f"我们工地去年的高温津贴到现在没发 {mark}"
    fans_words = f"仓库四十度，高温津贴一分没见过 {mark}"

    editor = visitor().log_in("editor")
    write_story(editor, "政策", story)
    for login, opinion in OPINIONS.items():
        pass_step(visitor().log_in(login), story.title, opinion)

    address = find_on_the_site(visitor("phone"), story)
    places = wait_for_deliveries(editor, story)
    see_it_on_weibo(visitor("phone"), places[WEIBO], story)

    worker = visitor("phone").log_in_by_phone(WORKER)
    votes = vote(worker, address)
    comment(worker, address, workers_words)
    expect_unseen(visitor("phone"), address, workers_words)
    comment_as_fan(visitor("phone"), places[WECHAT], story, fans_words)

    pass_comments(visitor().log_in("moderator"), [workers_words, fans_words])
    stranger = visitor("phone")
    stranger.page.goto(address)
    expect(stranger.page.locator("#comments")).to_contain_text(workers_words)

    manager = visitor().log_in("manager")
    hear_both(manager, {"网站评论": workers_words, "微信": fans_words})
    see_figures(manager, story, votes=votes)


# --- The public ----------------------------------------------------------------------------------


def find_on_the_site(reader: Visitor, story: Story) -> str:
    """From the home page to the story; returns its address."""
    page = reader.page
    reader.go("/")
    page.locator("main").get_by_role("link", name=story.title).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(story.title.split()[0])
    expect(page.locator(".prose")).to_contain_text(story.paragraph)
    for shown in page.locator("article img").all():
        shown.scroll_into_view_if_needed()
        wait_until(lambda image=shown: is_loaded(image), 20, "a picture")
    assert page.locator("article img").count() == 2
    return page.url


def is_loaded(image: Locator) -> bool:
    return image.evaluate("image => image.complete && image.naturalWidth > 0")


def vote(worker: Visitor, address: str) -> int:
    """Vote in the poll within the story; returns how many votes are told of afterwards.

    The one just cast may not be among them: figures move in steps of five.
    """
    page = worker.page
    page.goto(address)
    poll = page.get_by_role("region", name=POLL)
    poll.get_by_label(CHOICE).check()
    poll.get_by_role("button", name="投票").click()
    expect(poll.get_by_role("status")).to_contain_text("投票成功")
    expect(poll.get_by_role("status")).to_contain_text("收据码")
    return int(poll.get_by_text("已统计").inner_text().split()[1])


def comment(worker: Visitor, address: str, text: str) -> None:
    page = worker.page
    page.goto(address)
    page.get_by_label("说说您的看法").fill(text)
    page.get_by_role("button", name="发表").click()
    held = page.locator(".comment-held")
    expect(held).to_contain_text(text)
    expect(held).to_contain_text("审核中")


def expect_unseen(stranger: Visitor, address: str, text: str) -> None:
    stranger.page.goto(address)
    expect(stranger.page.locator("#comments")).to_be_visible()
    expect(stranger.page.get_by_text(text)).to_have_count(0)


# --- The channels --------------------------------------------------------------------------------


def wait_for_deliveries(editor: Visitor, story: Story) -> dict[str, str]:
    """Until the delivery board says 已发布 for each account; returns where to read it."""
    page = editor.page

    def where() -> dict[str, str]:
        editor.go(f"/admin/matrix/delivery/?q={story.title.split()[-1]}")
        found = {}
        for account in story.accounts:
            row = page.get_by_role("row").filter(has_text=account).filter(has_text="已发布")
            link = row.get_by_role("link", name="在平台上查看")
            if link.count():
                found[account] = link.get_attribute("href")
        return found

    wait_until(lambda: len(where()) == len(story.accounts), FETCH_SECONDS, "the deliveries")
    return where()


def see_it_on_weibo(reader: Visitor, address: str, story: Story) -> None:
    page = reader.page
    page.goto(address)
    page.get_by_role("link", name=story.accounts[1].split()[-1], exact=True).click()
    post = page.get_by_role("article").filter(has_text=story.title.split()[-1])
    expect(post).to_have_count(1)
    assert is_loaded(post.get_by_role("img", name="的配图"))


def comment_as_fan(fan: Visitor, address: str, story: Story, text: str) -> None:
    page = fan.page
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(story.title)
    expect(page.locator(".article-body")).to_contain_text(story.paragraph)
    page.get_by_label("昵称").fill("看仓库的老赵")
    page.get_by_label("写留言").fill(text)
    page.get_by_role("button", name="发出留言").click()
    expect(page.locator("#comments")).to_contain_text(text)


# --- The desks -----------------------------------------------------------------------------------


def hear_both(manager: Visitor, words: dict[str, str]) -> None:
    """On the board of concerns the theme, and behind it what was said, by source."""
    page = manager.page
    manager.go("/admin/concerns/")
    page.get_by_role("heading").get_by_role("link", name=TOPIC, exact=True).click()
    for source, text in words.items():
        voice = page.get_by_role("listitem").filter(has_text=text)

        def heard(voice=voice) -> bool:
            page.reload()
            return voice.count() == 1

        wait_until(heard, FETCH_SECONDS, f"“{text}” behind the topic")
        expect(voice).to_contain_text(source)
        expect(voice.locator("mark").first).to_be_visible()


def see_figures(manager: Visitor, story: Story, votes: int) -> None:
    """The ledger's row for the story, and each channel's part in it."""
    page = manager.page
    manager.go("/admin/analytics/")
    page.get_by_role("region", name="台账的表格").get_by_role(
        "link", name=story.title
    ).first.click()

    def told() -> bool:
        page.reload()
        wechat = figures(page.locator("tr[data-channel=wechat]"))
        return wechat[0] != "—" and wechat[1] == "1"

    wait_until(told, FETCH_SECONDS, "WeChat's figures")
    reads, comments, cast = figures(page.locator("tr[data-channel=site]"))[:3]
    # Every visitor here is one reader to the counter: same address, same browser.
    assert int(reads) >= 1
    assert comments == "1"
    assert int(cast) >= 1
    expect(page.locator(".analytics-tile").filter(has_text="投票")).to_contain_text(str(votes))
    assert figures(page.locator("tr[data-channel=weibo]"))[0] == "—"


def figures(row: Locator) -> list[str]:
    return row.get_by_role("cell").all_inner_texts()
