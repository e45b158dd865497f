"""Two-way traffic as people meet it: what a worker says, what a union decides, asks and answers."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import inside
from tests.e2e.newsroom import pass_step, send_in, write_poll
from tests.e2e.visitors import PASSWORD, Visitor

STORY = "/falv/shebao-duanjiao/"
WORKER, OTHER_WORKER = "13900000005", "13900000006"
OPINIONS = {"first": "已核对，同意。", "second": "准确，同意。", "final": "同意签发。"}
SHANGHAI = ZoneInfo("Asia/Shanghai")
# What a finger needs (WCAG 2.5.5).
TOUCH = 44


# --- A worker's words, from held to answered ------------------------------------------------------


def test_a_workers_words_are_held_refused_restored_and_answered(visitor, mark):
    words, why, answer = f"断缴三个月怎么补 {mark}", f"没有点名 {mark}", f"是误判，已恢复 {mark}"
    worker = visitor("phone").sign_up(f"136{mark}", "绑扎工阿强")
    comment(worker, words)
    expect(held(worker, words)).to_contain_text("审核中")
    stranger = visitor("phone")
    expect_unseen(stranger, words)

    refuse(visitor().log_in("moderator"), words, "与稿件无关", f"请说说稿件里的事 {mark}")
    worker.go("/my/messages/")
    notice = worker.page.locator(".message").filter(has_text="没有通过")
    expect(notice).to_contain_text("与稿件无关")
    expect(notice).to_contain_text(f"请说说稿件里的事 {mark}")
    notice.get_by_role("link").click()
    expect(held(worker, words)).to_contain_text("未通过：与稿件无关")
    appeal(worker, words, why)

    refuser = visitor().log_in("moderator")
    open_item(refuser, words, queue="appeals")
    expect(refuser.page.locator("main")).to_contain_text("请由另一位审核员答复")
    restore(visitor().log_in("admin"), words, why, answer)
    expect(public(stranger, words)).to_be_visible()
    find_message(worker, f"您的申诉已答复：评论已恢复。{answer}")

    like(visitor("phone").log_in_by_phone(OTHER_WORKER), words)
    official = f"补缴找参保地的社保经办机构 {mark}"
    answer_officially(visitor().log_in("moderator"), words, official)
    find_message(worker, "回复了您的评论")
    worker.page.get_by_role("link", name="回复了您的评论").click()
    reply = public(worker, official)
    expect(reply).to_contain_text("工会回复")
    expect(reply).to_contain_text("江州市总工会")


def test_nobody_publishes_a_phone_number_unasked(visitor, mark):
    worker = visitor("phone").sign_up(f"135{mark}", "泥瓦匠")
    worker.go(STORY)
    write(worker, f"一起去的打我电话 13812345678 {mark}")
    question = worker.page.locator("#numbers-question")
    expect(question).to_contain_text("手机号")
    question.get_by_role("button", name="隐去号码再发表").click()
    expect(worker.page.get_by_role("status").first).to_contain_text("已隐去")
    mine = held(worker, mark)
    expect(mine).not_to_contain_text("13812345678")
    expect(mine).to_contain_text("一起去的打我电话")


def test_while_somebody_floods_a_phone_works_out_the_sum_by_itself(visitor, mark):
    admin, words = visitor().log_in("admin"), f"刷屏的时候也能说话 {mark}"
    ask_for_sums(admin, "一直打开")
    try:
        worker = visitor("phone").log_in_by_phone(OTHER_WORKER)
        comment(worker, words)
        assert not worker.complaints
    finally:
        ask_for_sums(admin, "有人刷屏时自动打开")


def test_one_may_edit_for_five_minutes_and_withdraw_at_any_time(visitor, mark):
    first, second = f"写错了一个字 {mark}", f"改好了这个字 {mark}"
    worker = visitor("phone").sign_up(f"134{mark}", "架子工")
    page = worker.page
    comment(worker, first)
    held(worker, first).get_by_role("link", name="修改").click()
    page.get_by_label("您的评论").fill(second)
    page.get_by_role("button", name="保存").click()
    expect(held(worker, second)).to_contain_text("审核中")
    expect(page.get_by_text(first)).to_have_count(0)
    approve(visitor().log_in("moderator"), second)
    expect(public(worker, second)).to_contain_text("已修改")

    held(worker, second).get_by_role("link", name="撤回").click()
    page.locator("main").get_by_role("button", name="撤回").click()
    expect(page.locator("main")).to_contain_text("已撤回")
    expect_unseen(visitor("phone"), second)
    worker.go("/my/comments/")
    expect(held(worker, second)).to_contain_text("已撤回")


def test_without_scripts_a_worker_comments_appeals_likes_reports_and_votes(visitor, mark):
    words, others_words = f"没有脚本也能说话 {mark}", f"这条给人点赞 {mark}"
    other = visitor("phone").log_in_by_phone(OTHER_WORKER)
    comment(other, others_words)
    moderator = visitor().log_in("moderator")
    approve(moderator, others_words)

    worker = visitor("phone", scripts=False)
    sign_up(worker, f"133{mark}")
    comment(worker, words)
    expect(worker.page.locator("main")).to_contain_text("审核通过后大家就能看到")
    expect(held(worker, words)).to_contain_text("审核中")
    refuse(moderator, words, "其他原因", "")
    worker.page.reload()  # The same address with another #part would load nothing.
    appeal(worker, words, f"请再看一眼 {mark}")
    expect(held(worker, words)).to_contain_text("等待另一位审核员答复")

    like(worker, others_words)
    public(worker, others_words).get_by_role("link", name="举报").click()
    worker.page.get_by_label("广告").check()
    worker.page.get_by_role("button", name="提交举报").click()
    expect(worker.page.locator("main")).to_contain_text("已收到举报")

    worker.go("/hudong/dongji-qunuan/")
    worker.page.locator("main").get_by_role("radio").first.check()
    worker.page.get_by_role("button", name="投票").click()
    expect(worker.page.locator("main")).to_contain_text("投票成功")
    code = re.search(r"[A-Z0-9]{5}-[A-Z0-9]{5}", worker.page.locator("main").inner_text())[0]
    check_receipt(worker, "/hudong/dongji-qunuan/", code)


# --- The moderators' desk -------------------------------------------------------------------------


def test_a_moderator_clears_fifty_items_by_keyboard_alone(visitor, stack, mark):
    """Each different text is one decision: a press to let it pass, two to refuse it."""
    texts = inside.do(stack, "fill_queue", mark)
    moderator = visitor("wide").log_in("moderator")
    page = moderator.page
    moderator.go("/admin/moderation/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("tr[data-item]")).to_have_count(texts)
    expect(page.locator("[data-left]")).to_have_text("50")
    keys = Keyboard(page)

    answer_by_keyboard(keys, f"请打 12351 {mark}")
    keys.press("t")
    expect(keys.row()).to_contain_text("微信")
    keys.press("j")
    keys.press("k")
    refuse_ticked(keys, inside.INSULT)
    rest = page.locator("tr[data-item]")
    while (number := rest.count()) > 0:
        if inside.ADVERT in keys.row().inner_text():
            keys.press("r")
            keys.press("6")
        else:
            keys.press("a")
        expect(rest).to_have_count(number - 1)
    expect(page.locator("main")).to_contain_text("没有等待处理的内容")
    print(f"{keys.pressed} presses for 50 items, {texts} different texts")
    assert keys.pressed <= 2 * texts

    decided = inside.do(stack, "queue_as_decided", mark)
    assert len(decided) == 50
    assert {item["source"] for item in decided} == {"site", "wechat", "weibo"}
    assert {item["by"] for item in decided} == {"moderator"}
    for item in decided:
        assert (item["state"], item["reason"]) == expected_decision(item["text"]), item
    assert [item["taken_by"] for item in decided].count("moderator") == 1
    assert inside.do(stack, "answers_asked", mark) == [f"请打 12351 {mark}"]


def expected_decision(text: str) -> tuple[str, str]:
    if inside.ADVERT in text:
        return "rejected", "advert"
    return ("rejected", "insult") if inside.INSULT in text else ("approved", "")


class Keyboard:
    """Keys and nothing else; counts them."""

    def __init__(self, page: Page):
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def row(self) -> Locator:
        return self.page.locator("tr[data-item]:focus")


def answer_by_keyboard(keys: Keyboard, text: str) -> None:
    """Down to the first reader on WeChat who is no advertiser; e, the words, Tab and Enter."""
    while "微信" not in (row := keys.row().inner_text()) or inside.ADVERT in row:
        keys.press("j")
    reader = keys.row().get_attribute("data-item")
    pane = keys.page.locator(f"#queue-pane [data-pane-item='{reader}']")
    expect(pane).to_be_visible()
    keys.press("e")
    expect(pane.get_by_label("回复（发到微信）")).to_be_focused()
    keys.page.keyboard.insert_text(text)
    keys.press("Tab")
    keys.press("Enter")
    expect(keys.page.locator("#queue-message")).to_have_text("已回复。")
    expect(keys.row()).to_have_attribute("data-item", reader)


def refuse_ticked(keys: Keyboard, words: str) -> None:
    """Tick all rows with these words on the way up and down, and refuse them as insults at once."""
    rows = keys.page.locator("tr[data-item]")
    number = rows.filter(has_text=words).count()
    assert number == 5
    while place_of(keys) > 0:
        keys.press("k")
    ticked = 0
    while True:
        if words in keys.row().inner_text():
            keys.press("x")
            ticked += 1
            if ticked == number:
                break
        keys.press("j")
    expect(keys.page.locator("#queue-message")).to_contain_text(f"已勾选 {number} 条")
    before = rows.count()
    keys.press("r")
    expect(keys.page.locator("#queue-message")).to_contain_text("3 侮辱诽谤他人")
    keys.press("3")
    expect(rows).to_have_count(before - number)


def place_of(keys: Keyboard) -> int:
    return keys.row().evaluate(
        "row => [...document.querySelectorAll('tr[data-item]')].indexOf(row)"
    )


# --- A poll, from building to the union's answer --------------------------------------------------


def test_a_poll_is_built_reviewed_voted_on_closed_and_answered(visitor, stack, mark):
    title, options = f"食堂先添哪一样 {mark}", ["热菜和热汤", "夜班的窗口"]
    editor = visitor().log_in("editor")
    write_poll(editor, "互动", title, options)
    see_preview(editor, title, options)
    send_in(editor)
    review(visitor, title)
    address = poll_address(visitor("phone"), title)

    worker = visitor("phone").sign_up(f"132{mark}", "炒锅师傅")
    code = vote(worker, address, options[0])
    check_receipt(worker, address, code)
    for number in range(12):
        vote_by_form(stack.site, address, f"139000000{20 + number}", number % 2)
    worker.go(address)
    expect(worker.page.locator("main")).to_contain_text("您已投票")

    edit_poll(editor, title)
    editor.page.locator("[name=options-0-text]").fill("换了一个意思")
    editor.page.get_by_role("button", name="保存草稿").click()
    expect(editor.page.locator("main")).to_contain_text("已经有人投票，选项不能再改、再加或删除")

    edit_poll(editor, title)
    now = datetime.now(SHANGHAI) - timedelta(minutes=1)
    editor.page.get_by_label("结束时间").fill(f"{now:%Y-%m-%d %H:%M}")
    editor.page.keyboard.press("Escape")
    send_in(editor)
    review(visitor, title)
    worker.go(address)
    expect(worker.page.locator("main")).to_contain_text("13 人参与")
    expect(worker.page.get_by_role("list", name="投票结果")).to_contain_text(options[0])
    check_receipt(worker, address, code)
    expect(worker.page.locator("main")).to_contain_text("收据数 = 选票数 = 参与人数 = 13")

    see_turnout(visitor().log_in("manager"), title)
    answer = f"热汤窗口下月开 {mark}"
    edit_poll(editor, title)
    editor.page.locator("section[id$=answer-section] [contenteditable=true]").fill(answer)
    # The editor hands its text to the form a moment later.
    expect(editor.page.locator("[name=answer]")).to_have_value(re.compile(answer))
    send_in(editor)
    review(visitor, title)
    find_message(worker, f"您投过票的“{title}”有工会答复了。")
    worker.page.get_by_role("link", name=title).click()
    region = worker.page.get_by_role("region", name="工会答复")
    expect(region).to_contain_text(answer)


def review(visitor, title: str) -> None:
    for login, opinion in OPINIONS.items():
        pass_step(visitor().log_in(login), title, opinion)


def see_preview(editor: Visitor, title: str, options: list[str]) -> None:
    page = editor.page
    page.get_by_role("button", name="显示或隐藏预览").click()
    preview = page.frame_locator("#w-preview-iframe").locator("main")
    expect(preview).to_contain_text(title)
    for option in options:
        expect(preview).to_contain_text(option)


def poll_address(reader: Visitor, title: str) -> str:
    """Found on the section's page, where everybody finds it."""
    reader.go("/hudong/")
    reader.page.locator("main").get_by_role("link", name=title).first.click()
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text(title.split()[0])
    return reader.page.url.removeprefix(reader.site)


def vote(worker: Visitor, address: str, option: str) -> str:
    """Vote in the browser; returns the receipt's code."""
    worker.go(address)
    worker.page.get_by_label(option).check()
    worker.page.get_by_role("button", name="投票").click()
    told = worker.page.get_by_role("status").filter(has_text="收据码")
    expect(told).to_contain_text("投票成功")
    return told.locator(".poll-code").inner_text()


def vote_by_form(site: str, address: str, phone: str, choice: int) -> None:
    """The same forms a browser sends, by one of the demo's workers."""
    with httpx.Client(base_url=site, follow_redirects=True, trust_env=False) as client:
        login = client.get("/accounts/login/").text
        client.post(
            "/accounts/login/",
            data={"login": phone, "password": PASSWORD, "csrfmiddlewaretoken": token_in(login)},
        ).raise_for_status()
        page = client.get(address).text
        form = re.search(r'action="(/polls/\d+/vote/)"', page)[1]
        option = re.findall(r'name="option" value="(\d+)"', page)[choice]
        voted = client.post(form, data={"option": option, "csrfmiddlewaretoken": token_in(page)})
        assert "投票成功" in voted.text


def token_in(page: str) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]


def check_receipt(worker: Visitor, address: str, code: str) -> None:
    worker.go(address)
    worker.page.get_by_role("link", name="查验").last.click()
    worker.page.get_by_label("收据码").fill(code.lower())
    worker.page.get_by_role("button", name="查验").click()
    expect(worker.page.get_by_role("status").first).to_contain_text("已计入")


def edit_poll(editor: Visitor, title: str) -> None:
    page = editor.page
    editor.go("/admin/pages/")
    page.get_by_role("link", name="“互动”的子页面").click()
    page.get_by_role("link", name=f"编辑“{title}”").or_(
        page.locator(".title-wrapper a").filter(has_text=title)
    ).first.click()
    page.wait_for_load_state("networkidle")


def see_turnout(manager: Visitor, title: str) -> None:
    manager.go("/admin/polls/")
    manager.page.get_by_role("link", name=title).click()
    main = manager.page.locator("main")
    expect(main).to_contain_text("13 人参与")
    expect(main).to_contain_text("票数、参与人数和收据数一致")
    expect(main.get_by_role("row").filter(has_text="江州市总工会").first).to_contain_text("13")


# --- Seen by everybody ----------------------------------------------------------------------------


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_the_pages_of_talking_are_accessible_and_fit(visitor, mark, width):
    waiting, refused, open_words = (f"{words} {mark}" for words in ("等着审", "没通过", "公开了"))
    other = visitor("phone").log_in_by_phone(OTHER_WORKER)
    comment(other, open_words)
    moderator = visitor().log_in("moderator")
    approve(moderator, open_words)
    prefix = {"phone": "131", "desk": "130"}[width]
    worker = visitor(width).sign_up(f"{prefix}{mark}", "钢筋工")
    comment(worker, refused)
    refuse(moderator, refused, "其他原因", "请换个说法")
    comment(worker, waiting)

    check = Checks(worker)
    check("story with comments", STORY)
    page = worker.page
    page.locator("#comment-list .comment-actions a", has_text="回复").first.click()
    expect(page.get_by_label(re.compile("^回复 "))).to_be_focused()
    check("reply form")
    worker.go(STORY)
    write(worker, waiting)
    expect(page.locator("#comment-error")).to_contain_text("已经发过了")
    check("comment form with error")
    check("own comments", "/my/comments/")
    check("messages", "/my/messages/")
    for name, words, link in (
        ("edit", waiting, "修改"),
        ("withdraw", waiting, "撤回"),
        ("appeal", refused, "申诉"),
    ):
        worker.go(STORY)
        held(worker, words).get_by_role("link", name=link).click()
        check(name)
    worker.go(STORY)
    public(worker, open_words).get_by_role("link", name="举报").click()
    check("report")
    number = page.url.split("/")[-3]
    talk = page.context.request.get(f"{worker.site}{STORY}").text()
    story = re.search(r"/comments/(\d+)/state/", talk)[1]
    check("thread", f"/comments/{story}/thread/{number}/")
    check("list", f"/comments/{story}/list/")
    assert check.found == {}


def test_the_pages_of_polls_are_accessible_and_fit(visitor, stack, mark):
    """Each kind before the vote, after it and when it is over, on a phone and on a desk."""
    polls = inside.do(stack, "make_polls", mark)
    worker = visitor("phone").sign_up(f"157{mark}", "吊车司机")
    check = Checks(worker, both=True)
    for kind, address in polls.items():
        check(f"{kind}, before", address)
        answer_poll(worker.page, kind)
        worker.page.get_by_role("button", name="投票").click()
        expect(worker.page.get_by_role("status").first).to_contain_text("收据码")
        check(f"{kind}, just voted")
        check(f"{kind}, voted", address)
    assert inside.do(stack, "close_polls", mark) == len(polls)
    for kind, address in polls.items():
        check(f"{kind}, closed", address)
        expect(worker.page.locator("main")).to_contain_text("13 人参与")
    worker.page.get_by_role("link", name="查验收据").click()
    check("receipt")
    worker.page.get_by_label("收据码").fill("AAAAA-AAAAA")
    worker.page.get_by_role("button", name="查验").click()
    check("receipt, not found")
    assert check.found == {}


def answer_poll(page: Page, kind: str) -> None:
    form = page.locator("main form").filter(has=page.get_by_role("button", name="投票"))
    if kind == "text":
        form.get_by_label("写一句话").fill("晚班的班车再晚一刻钟")
    elif kind == "ranked":
        for place in form.locator("select").all():
            place.select_option(index=1 + int(place.get_attribute("name").split("-")[1]) % 3)
    elif kind == "rating":
        for scores in form.get_by_role("group").all():
            scores.get_by_label("4 分").check()
    else:
        form.locator("[name=option]").first.check()


@pytest.mark.parametrize("width", ["phone", "wide"])
def test_the_desks_of_talking_are_accessible_and_fit(visitor, stack, mark, width):
    inside.do(stack, "fill_queue", mark)
    admin = visitor(width).log_in("admin")
    check = Checks(admin, within="main")
    check("queue", "/admin/moderation/")
    if width == "wide":
        expect(admin.page.locator("#queue-pane [data-pane-item]")).to_be_visible()
    check("queue with pane")
    admin.page.locator("[data-open]").first.click()
    check("item")
    for name in ("approved", "rejected", "appeals", "reports", "withdrawn"):
        check(name, f"/admin/moderation/?queue={name}")
    check("rules", "/admin/comment-rules/")
    admin.page.get_by_role("link", name="修改").first.click()
    check("rule")
    check("polls", "/admin/polls/")
    for row in range(admin.page.locator("main tbody a").count()):
        admin.go("/admin/polls/")
        admin.page.locator("main tbody a").nth(row).click()
        check(f"poll {row}")
    check("saved answers", "/admin/saved_answers/")
    check("new saved answer", "/admin/saved_answers/new/")
    assert check.found == {}


class Checks:
    """Looks at the page a person is on, and keeps what is wrong with it by name."""

    def __init__(self, person: Visitor, *, within: str | None = None, both: bool = False):
        self.person, self.within, self.both = person, within, both
        self.found: dict[str, list[str]] = {}

    def __call__(self, name: str, path: str = "") -> None:
        if path:
            assert self.person.go(path).status == 200, name
        page = self.person.page
        page.wait_for_load_state("networkidle")
        if not self.both:
            return self._look(name)
        for across in (1280, 390):
            page.set_viewport_size({"width": across, "height": 844})
            self._look(f"{name} at {across}")

    def _look(self, name: str) -> None:
        wrong = self.person.violations(self.within)
        if not self.person.fits():
            wrong.append("wider than the window")
        if not self.within:
            wrong += too_small(self.person.page)
        if wrong:
            self.found[name] = wrong


def too_small(page: Page) -> list[str]:
    """Buttons, fields and links that stand alone, in the body of the page, that a finger misses."""
    return page.evaluate(
        """touch => [...document.querySelectorAll(
            'main :is(button, select, textarea, summary, .button, .button-quiet, .button-link, ' +
            '.choice, .orders a, input:not([type=hidden], [type=radio], [type=checkbox]))')]
          .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < touch - 0.5)
          .map(one => 'too small: ' + one.outerHTML.slice(0, 120))""",
        TOUCH,
    )


# --- What people do -------------------------------------------------------------------------------


def sign_up(worker: Visitor, phone: str) -> None:
    worker.sign_up(phone, "钳工老周")


def write(worker: Visitor, text: str) -> None:
    worker.page.get_by_label("说说您的看法").fill(text)
    worker.page.get_by_role("button", name="发表", exact=True).click()


def comment(worker: Visitor, text: str) -> None:
    worker.go(STORY)
    write(worker, text)
    expect(held(worker, text)).to_be_visible()


def ask_for_sums(admin: Visitor, when: str) -> None:
    admin.go("/admin/settings/interactions/desksettings/")
    admin.page.get_by_label("防刷验证").select_option(label=when)
    admin.page.get_by_role("button", name="保存").click()
    expect(admin.page.locator(".messages")).to_contain_text("已")


def held(worker: Visitor, text: str) -> Locator:
    """A worker's own comment, as only he sees it."""
    return worker.page.locator(".comment-held").filter(has_text=text)


def public(reader: Visitor, text: str) -> Locator:
    """A comment as everybody sees it; the newest come first."""
    reader.go(f"{STORY}?order=newest")
    return reader.page.locator("#comment-list .comment").filter(has_text=text)


def expect_unseen(stranger: Visitor, text: str) -> None:
    stranger.go(f"{STORY}?order=newest")
    expect(stranger.page.locator("#comments")).to_be_visible()
    expect(stranger.page.get_by_text(text)).to_have_count(0)


def appeal(worker: Visitor, text: str, why: str) -> None:
    held(worker, text).get_by_role("link", name="申诉").click()
    worker.page.get_by_label("您认为应当通过的理由").fill(why)
    worker.page.get_by_role("button", name="提交申诉").click()
    expect(worker.page.locator("main")).to_contain_text("申诉已提交")


def like(worker: Visitor, text: str) -> None:
    public(worker, text).get_by_role("button", name="赞").click()
    expect(worker.page.locator("#comment-list .comment").filter(has_text=text)).to_contain_text(
        "已赞 1"
    )


def find_message(worker: Visitor, text: str) -> None:
    worker.go("/my/messages/")
    expect(worker.page.locator(".messages")).to_contain_text(text)


def open_item(moderator: Visitor, text: str, queue: str = "pending") -> None:
    page = moderator.page
    moderator.go(f"/admin/moderation/?queue={queue}")
    while not (row := page.get_by_role("row").filter(has_text=text)).count():
        page.get_by_role("link", name="下一页").click()
    row.get_by_role("link", name="详情").click()


def approve(moderator: Visitor, text: str) -> None:
    open_item(moderator, text)
    moderator.page.get_by_role("button", name="通过", exact=True).click()
    expect(moderator.page.locator(".messages")).to_contain_text("已处理 1 条")


def refuse(moderator: Visitor, text: str, reason: str, note: str) -> None:
    page = moderator.page
    open_item(moderator, text)
    page.get_by_text("不通过，并写明理由").click()
    page.get_by_label("原因", exact=True).last.select_option(label=reason)
    page.get_by_label("给作者的说明（选填）").fill(note)
    page.get_by_role("button", name="不通过").click()
    expect(page.locator(".messages")).to_contain_text("已处理 1 条")


def restore(moderator: Visitor, text: str, why: str, answer: str) -> None:
    page = moderator.page
    open_item(moderator, text, queue="appeals")
    expect(page.locator("main")).to_contain_text(why)
    page.get_by_label("给作者的答复").fill(answer)
    page.get_by_role("button", name="恢复这条内容").click()
    expect(page.locator(".messages")).to_contain_text("申诉已答复")


def answer_officially(moderator: Visitor, text: str, answer: str) -> None:
    page = moderator.page
    open_item(moderator, text, queue="approved")
    page.get_by_text("以工会名义回复").click()
    page.get_by_label("回复（显示在评论下面").fill(answer)
    page.get_by_role("button", name="回复", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("已回复")
