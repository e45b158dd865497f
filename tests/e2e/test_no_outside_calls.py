"""No page asks another host for anything, breaks its own policy, or shuts somebody out.

The `visitor` fixture looks at every request and every complaint of the browser when a test ends.
"""

import pytest
from playwright.sync_api import expect

# One of each public page type.
PUBLIC = {
    "home": "/",
    "section": "/zhengce/",
    "policy": "/zhengce/gaowen-jintie/",
    "legal": "/falv/shebao-duanjiao/",
    "activity": "/linjiang/dongri-yizhen/",
    "poll, open": "/hudong/fanxiang-xianlu/",
    "poll, closed": "/hudong/yizhan-xuyao/",
    "concerns": "/concerns/",
    "topic": "/concerns/wages/",
    "search, found": "/search/?q=工伤",
    "search, nothing found": "/search/?q=鲸鱼座",
    "login": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "privacy": "/privacy/",
    "404": "/zhengce/meiyou-zhe-pian/",
}
# What one person sees of themselves.
OWN = {
    "my": "/my/",
    "profile": "/my/profile/",
    "messages": "/my/messages/",
    "data": "/my/data/",
    "consent": "/my/consent/",
    "phone": "/accounts/phone/change/",
    "connections": "/accounts/3rdparty/",
    "password asked again": "/my/data/export/",
    "password": "/accounts/password/change/",
}
# Screens of our own making are held to axe in full; Wagtail's own only to silence.
OURS = {
    "delivery board": "/admin/matrix/delivery/",
    "delivery": "/admin/matrix/delivery/2/",
    "inbox": "/admin/matrix/inbox/",
    "account": "/admin/channel_accounts/inspect/1/",
    "new account": "/admin/channel_accounts/new/",
    "menu editor": "/admin/matrix/menu/1/",
    "moderation queue": "/admin/moderation/",
    "comment rules": "/admin/comment-rules/",
    "saved answers": "/admin/saved_answers/",
    "poll results": "/admin/polls/",
    "topic board": "/admin/concerns/",
    "topic": "/admin/concerns/wages/",
    "dashboard": "/admin/analytics/",
    "feed items": "/admin/news/feeditem/",
}
WAGTAILS = {
    "home": "/admin/",
    "images": "/admin/images/",
    "accounts": "/admin/channel_accounts/",
    "reports": "/admin/reports/workflow/",
}


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_public_pages_stay_at_home_and_are_accessible(visitor, width):
    reader = visitor(width)
    found = {}
    for name, path in PUBLIC.items():
        response = reader.go(path)
        assert response.status == (404 if name == "404" else 200), name
        reader.page.wait_for_load_state("networkidle")
        assert reader.fits(), name
        if violations := reader.violations():
            found[name] = violations
    assert found == {}


def test_pages_of_a_worker_who_is_logged_in_are_accessible(visitor):
    worker = visitor("phone").log_in_by_phone("13900000002")
    found = {}
    for name in ("home", "policy", "poll, open"):
        worker.go(PUBLIC[name])
        worker.page.wait_for_load_state("networkidle")
        if violations := worker.violations():
            found[name] = violations
    assert found == {}


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_a_new_worker_finds_the_own_pages_accessible(visitor, mark, width):
    worker = visitor(width).sign_up(f"137{mark}", "塔吊上的风")
    found = {}
    for name, path in OWN.items():
        assert worker.go(path).status == 200, name
        worker.page.wait_for_load_state("networkidle")
        assert worker.fits(), name
        if violations := worker.violations():
            found[name] = violations
    assert found == {}


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_admin_screens_stay_at_home_and_ours_are_accessible(visitor, width):
    admin = visitor(width).log_in("admin")
    found = {}
    for name, path in {**WAGTAILS, **OURS}.items():
        assert admin.go(path).status == 200, name
        admin.page.wait_for_load_state("networkidle")
        if name not in OURS:
            continue
        assert admin.fits(), name
        if violations := admin.violations("main"):
            found[name] = violations
    assert found == {}


def test_editing_screens_stay_at_home(visitor):
    """Explorer, a new story, a published story with its previews and choosers."""
    editor = visitor().log_in("editor")
    page = editor.page
    editor.go("/admin/pages/")
    page.get_by_role("link", name="“政策”的子页面").click()
    page.get_by_role("link", name="添加子页面").first.click()
    page.get_by_role("link", name="政策", exact=True).click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="选择图片").first.click()
    expect(page.get_by_role("dialog").get_by_role("tab", name="上传")).to_be_visible()
    editor.go("/admin/pages/")
    page.get_by_role("link", name="“政策”的子页面").click()
    page.locator(".title-wrapper a").first.click()
    title = page.locator("#id_title").input_value()  # Headings in the text are 小标题.
    page.get_by_role("button", name="显示或隐藏预览").click()
    preview = page.frame_locator("#w-preview-iframe")
    for mode in ("网站", "手机", "微信公众号", "微博"):
        page.get_by_label("预览模式").select_option(label=mode)
        expect(preview.get_by_text(title).first).to_be_visible()


def test_first_tab_leads_past_the_head_of_the_page(visitor):
    reader = visitor()
    for path in (PUBLIC["home"], PUBLIC["policy"]):
        reader.go(path)
        reader.page.keyboard.press("Tab")
        first = reader.page.locator(":focus")
        assert first.inner_text() == "跳到正文"
        assert first.is_visible()
        reader.page.keyboard.press("Enter")
        assert reader.page.locator(":focus").get_attribute("id") == "main"
        reader.page.keyboard.press("Tab")
        assert reader.page.locator("main :focus").count() == 1
