"""What people of the newsroom do in the admin, click by click."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.stack import wait_until
from tests.e2e.visitors import Visitor

FETCH_SECONDS = 90


@dataclass(frozen=True)
class Story:
    """A policy story as an editor has it on paper."""

    title: str
    summary: str
    paragraph: str
    picture: Path
    picture_shows: str
    poll: str
    accounts: tuple[str, ...]


def paint(path: Path, mark: str) -> Path:
    """A picture that no other story has uploaded."""
    colour = (200, int(mark[-4:-2]) * 2, int(mark[-2:]) * 2)
    Image.new("RGB", (1280, 720), colour).save(path)
    return path


def write_story(editor: Visitor, section: str, story: Story) -> None:
    """From the explorer to 送审: a new policy story in `section`."""
    page = editor.page
    editor.go("/admin/pages/")
    page.get_by_role("link", name=f"“{section}”的子页面").click()
    page.get_by_role("link", name="添加子页面").first.click()
    page.get_by_role("link", name="政策", exact=True).click()
    page.get_by_role("textbox", name="标题").fill(story.title)
    page.get_by_role("textbox", name="摘要").fill(story.summary)
    upload_cover(page, story)
    add_block(page, "正文段落").get_by_role("textbox").fill(story.paragraph)
    choose_picture(page, add_block(page, "图片"), story)
    choose_poll(page, add_block(page, "投票"), story.poll)
    page.get_by_role("tab", name="来源与标签").click()
    page.get_by_role("textbox", name="责任编辑").fill("林晓雯")
    page.get_by_role("tab", name="分发渠道").click()
    for number, account in enumerate(story.accounts):
        page.get_by_role("button", name="添加账号").click()
        page.locator(f"#id_channel_versions-{number}-account").select_option(label=account)
    send_in(editor)


def write_poll(editor: Visitor, section: str, title: str, options: list[str]) -> None:
    """From the explorer to a new secret poll in `section`, one answer each; not yet sent in."""
    page = editor.page
    editor.go("/admin/pages/")
    page.get_by_role("link", name=f"“{section}”的子页面").click()
    page.get_by_role("link", name="添加子页面").first.click()
    page.get_by_role("link", name="投票", exact=True).click()
    page.get_by_role("textbox", name="标题").fill(title)
    for number, option in enumerate(options):
        page.get_by_role("button", name="添加选项").click()
        page.locator(f"[name=options-{number}-text]").fill(option)
    page.get_by_label("回答方式").select_option(label="单选")
    page.get_by_label("记名方式").select_option(label="无记名")
    page.get_by_label("结果公布").select_option(label="投票后可看")


def send_in(editor: Visitor) -> None:
    """送审 what is being edited."""
    page = editor.page
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("button", name="送审").click()
    expect(page.locator(".messages")).to_contain_text("送审")


def pass_step(reviewer: Visitor, title: str, opinion: str) -> None:
    """From the home screen's list of what waits to 通过, with an opinion."""
    page = reviewer.page
    reviewer.go("/admin/")
    page.get_by_role("link", name=title).first.click()
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("button", name="通过").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="审稿意见").fill(opinion)
    dialog.get_by_role("button", name="通过").click()
    expect(page.locator(".messages")).to_contain_text(title)


def pass_comments(moderator: Visitor, texts: list[str]) -> None:
    """通过 each of them, as soon as it is in the queue; a channel's words come with the next
    fetch."""
    page = moderator.page
    for text in texts:
        row = page.get_by_role("row").filter(has_text=text)

        def arrived(row=row) -> bool:
            moderator.go("/admin/moderation/")
            return row.count() == 1

        wait_until(arrived, FETCH_SECONDS, f"“{text}” in the queue")
        row.get_by_role("button", name="通过", exact=True).click()
        expect(row).to_have_count(0)


def upload_cover(page: Page, story: Story) -> None:
    page.get_by_role("button", name="选择图片").first.click()
    page.get_by_role("tab", name="上传").click()
    page.locator("[name$=upload-file]").set_input_files(story.picture)
    page.locator("[name$=upload-title]").fill(story.picture_shows)
    page.locator("[name$=upload-description]").fill(story.picture_shows)
    page.get_by_role("dialog").get_by_role("button", name="上传").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def add_block(page: Page, kind: str):
    """Add a block at the end of the body; returns it."""
    blocks = page.locator("[data-streamfield-child]")
    number = blocks.count()
    page.locator(".c-sf-add-button").last.click()
    page.get_by_role("option", name=kind, exact=True).click()
    expect(blocks).to_have_count(number + 1)
    return blocks.last


def choose_picture(page: Page, block, story: Story) -> None:
    block.get_by_role("button", name="选择图片").click()
    page.get_by_role("dialog").get_by_role("link", name=story.picture_shows).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    block.get_by_role("textbox", name="图片描述").fill(story.picture_shows)


def choose_poll(page: Page, block, title: str) -> None:
    block.get_by_role("button", name="选择页面").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(title)
    dialog.get_by_role("link", name=title).click()
    expect(dialog).to_be_hidden()
