"""The matrix as people use it, in a browser: what goes wrong is told, mended and goes out."""

from pathlib import Path

import httpx
from playwright.sync_api import expect

from tests.e2e.newsroom import Story, paint, pass_step, write_story
from tests.e2e.stack import wait_until
from tests.e2e.visitors import Visitor

WECHAT, WEIBO, PLAIN = "微信公众号 · 江州市总工会", "微博 · 江州工会", "微信公众号 · 临江区总工会"
MAIN_APP = "wxdemo_service"
POLL = "你们单位，今年取暖补贴发了吗"
OPINIONS = {"first": "已核对，同意。", "second": "准确，同意。", "final": "同意签发。"}
BOARD = "/admin/matrix/delivery/"
PATIENCE = 60


def a_story(tmp_path: Path, mark: str, title: str, *accounts: str) -> Story:
    return Story(
        title=f"{title} {mark}",
        summary="欠发的津贴本月一并补齐，没领到的打 12351。",
        paragraph="经集体协商，建筑、环卫和快递企业补发六月高温津贴。",
        picture=paint(tmp_path / "cover.png", mark),
        picture_shows=f"温度计 {mark}",
        poll=POLL,
        accounts=accounts,
    )


def publish(visitor, story: Story) -> Visitor:
    """Write a story and pass it through 三审; returns the editor."""
    editor = visitor().log_in("editor")
    write_story(editor, "政策", story)
    review(visitor, story)
    return editor


def review(visitor, story: Story) -> None:
    for login, opinion in OPINIONS.items():
        pass_step(visitor().log_in(login), story.title, opinion)


def row_of(editor: Visitor, story: Story, account: str):
    editor.go(f"{BOARD}?q={story.title.split()[-1]}")
    return editor.page.get_by_role("row").filter(has_text=account)


def wait_for_state(editor: Visitor, story: Story, account: str, state: str):
    wait_until(
        lambda: row_of(editor, story, account).filter(has_text=state).count(),
        PATIENCE,
        f"{state} on {account}",
    )
    return row_of(editor, story, account).filter(has_text=state)


def plan_fault(stack, **fault) -> None:
    httpx.post(f"{stack.sandbox}/__sandbox/faults", json=fault, trust_env=False).raise_for_status()


def test_a_refused_cover_is_told_mended_and_goes_out(visitor, stack, mark, tmp_path):
    story = a_story(tmp_path, mark, "封面出了问题", WECHAT)
    plan_fault(
        stack,
        app_id=MAIN_APP,
        path="/cgi-bin/material/add_material",
        effect="error",
        code=40009,
    )
    editor = publish(visitor, story)
    row = wait_for_state(editor, story, WECHAT, "未成功")
    expect(row).to_contain_text("图片")
    page = editor.page
    page.get_by_role("link", name=story.title).first.click()
    expect(page.locator(".matrix-log")).to_contain_text("40009")

    change_cover(editor, story, paint(tmp_path / "other.png", mark[::-1]))
    review(visitor, story)
    row = wait_for_state(editor, story, WECHAT, "已发布")
    address = row.get_by_role("link", name="在平台上查看").get_attribute("href")
    fan = visitor("phone")
    fan.page.goto(address)
    expect(fan.page.get_by_role("heading", level=1)).to_have_text(story.title)


def change_cover(editor: Visitor, story: Story, picture: Path) -> None:
    """Another picture for the story that stands on the page's board, sent in again."""
    page = editor.page
    page.get_by_role("link", name="这篇稿件的全部分发与撤回").click()
    number = page.url.rstrip("/").rsplit("/", 1)[-1]
    editor.go(f"/admin/pages/{number}/edit/")
    page.locator("#id_cover-chooser").get_by_role("button", name="操作").click()
    page.locator("[data-chooser-action-choose]").locator("visible=true").first.click()
    page.get_by_role("tab", name="上传").click()
    page.locator("[name$=upload-file]").set_input_files(picture)
    page.locator("[name$=upload-title]").fill(f"{story.picture_shows} 新")
    page.locator("[name$=upload-description]").fill(story.picture_shows)
    page.get_by_role("dialog").get_by_role("button", name="上传").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("button", name="送审").click()
    expect(page.locator(".messages")).to_contain_text("送审")


def test_a_draft_published_by_hand_closes_itself_by_the_platforms_event(
    visitor, stack, mark, tmp_path
):
    story = a_story(tmp_path, mark, "没有接口的账号", PLAIN)
    editor = publish(visitor, story)
    row = wait_for_state(editor, story, PLAIN, "待人工发表")
    expect(row).to_contain_text("手动发表")
    clerk = visitor()
    clerk.page.goto(f"{stack.sandbox}/wechat/wxdemo_plain/console/")
    draft = clerk.page.locator("form").filter(has=clerk.page.locator("[name=media_id]")).first
    draft.get_by_role("button").first.click()
    wait_for_state(editor, story, PLAIN, "已发布")


def test_an_account_is_connected_and_says_what_it_may_do(visitor, stack, mark):
    app_id = f"wxnew{mark}"
    httpx.post(
        f"{stack.sandbox}/__sandbox/accounts",
        json={
            "platform": "wechat", "app_id": app_id, "secret": "s" * 32, "name": "新接的号",
            "kind": "uncertified", "comments": False, "callback_token": "set-later",
        },
        trust_env=False,
    ).raise_for_status()  # fmt: skip
    admin = visitor().log_in("admin")
    page = admin.page
    admin.go("/admin/channel_accounts/")
    page.get_by_role("link", name="添加账号").click()
    page.get_by_label("微信公众号").check()
    page.get_by_label("所属工会").select_option(label="江州市总工会")
    page.get_by_label("账号名称").fill(f"新接的号 {mark}")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("AppID").fill(app_id)
    page.get_by_label("AppSecret").fill("s" * 32)
    page.get_by_label("订阅号").check()
    page.get_by_label("接口地址").fill(f"{stack.sandbox}/wechat")
    page.get_by_role("button", name="接入并检测").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"新接的号 {mark}")
    expect(page.locator(f"input[value$='/channels/wechat/{app_id}/callback']")).to_be_visible()
    expect(page.locator("main")).to_contain_text("没有这个接口的权限")
    assert "s" * 32 not in page.content()
    assert admin.violations("main") == []


def test_an_editor_sees_what_wechat_will_keep_before_sending(visitor, mark, tmp_path):
    story = a_story(tmp_path, mark, "看看会留下什么", WECHAT, WEIBO)
    editor = visitor().log_in("editor")
    write_story(editor, "政策", story)
    page = editor.page
    page.get_by_role("link", name=story.title).first.click()
    page.get_by_role("tab", name="分发渠道").click()
    title = page.locator("#id_channel_versions-0-title")
    title.fill("这个标题写得太长了" * 4)
    expect(page.locator(".channel-note.is-over").first).to_contain_text("超出 4 字")
    weibo = page.locator("#id_channel_versions-1-text-note")
    expect(weibo).to_contain_text("/140 字（由标题、摘要、文末另加和链接生成）")
    page.locator("#id_channel_versions-1-text").fill("只发这一句" * 30)
    expect(weibo).to_contain_text("超出")
    page.locator("#id_channel_versions-1-text").fill("")
    title.fill("只在公众号用的标题")
    page.get_by_role("button", name="显示或隐藏预览").click()
    body = page.frame_locator("#w-preview-iframe").locator("body")
    # Wagtail drops a change of mode while the first preview is still on its way.
    expect(body).to_contain_text(story.paragraph)
    page.get_by_label("预览模式").select_option(label="微信公众号")
    expect(body).to_contain_text("只在公众号用的标题")
    expect(body).to_contain_text("平台不会保留")
    expect(body.locator("del.lost, ins.less").first).to_be_visible()
    body.get_by_text("只看结果").click()
    expect(body.locator(".is-kept").first).to_be_visible()


def test_a_story_is_withdrawn_everywhere_by_one_button(visitor, stack, mark, tmp_path):
    story = a_story(tmp_path, mark, "这篇要撤回", WECHAT, WEIBO)
    editor = publish(visitor, story)
    row = wait_for_state(editor, story, WECHAT, "已发布")
    address = row.get_by_role("link", name="在平台上查看").get_attribute("href")
    wait_for_state(editor, story, WEIBO, "已发布")
    chief = visitor().log_in("final")
    page = chief.page
    chief.go(f"{BOARD}?q={mark}")
    page.get_by_role("link", name=story.title).first.click()
    page.get_by_role("link", name="这篇稿件的全部分发与撤回").click()
    page.get_by_role("link", name="全部撤回").click()
    page.get_by_label("撤回原因").fill("数字有误")
    page.get_by_role("button", name="全部撤回").click()
    wechat = page.locator(".story-way").filter(has_text="江州市总工会")
    weibo = page.locator(".story-way").filter(has_text="微博")
    expect(wechat).to_contain_text("已撤回")
    expect(weibo).to_contain_text("手动删除")
    fan = visitor("phone")
    fan.page.goto(address)
    expect(fan.page.locator("body")).not_to_contain_text(story.paragraph)
    weibo.get_by_role("button", name="已手动处理").click()
    expect(page.locator(".story-way").filter(has_text="微博")).to_contain_text("已撤回")


def test_an_answer_from_the_inbox_stands_under_the_readers_comment(visitor, stack, mark, tmp_path):
    story = a_story(tmp_path, mark, "有人要问", WECHAT)
    editor = publish(visitor, story)
    row = wait_for_state(editor, story, WECHAT, "已发布")
    address = row.get_by_role("link", name="在平台上查看").get_attribute("href")
    fan = visitor("phone")
    fan.page.goto(address)
    fan.page.get_by_label("昵称").fill("炉前工老李")
    fan.page.get_by_label("写留言").fill(f"没领到找谁 {mark}")
    fan.page.get_by_role("button", name="发出留言").click()
    page = editor.page
    reply = page.locator(".inbox-row").filter(has_text=mark)

    def arrived() -> bool:
        editor.go("/admin/matrix/inbox/")
        return reply.count() == 1

    wait_until(arrived, PATIENCE, "the comment in the inbox")
    reply.locator("summary", has_text="回复").click()
    reply.get_by_role("textbox").fill("请打 12351，我们当天回复。")
    reply.get_by_role("button", name="发送").click()

    def answered() -> bool:
        fan.page.reload()
        return fan.page.get_by_text("请打 12351，我们当天回复。").count() == 1

    wait_until(answered, PATIENCE, "the answer under the comment")
