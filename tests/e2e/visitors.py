"""People with a browser of their own. All they load and all the browser complains of is kept."""

import json
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage

from tests.e2e.stack import Stack

PASSWORD = "rongmei-demo"
WITHOUT_HOST = {"data", "blob", "about"}


class Visitor:
    """One browser window: `page` to look at, `site` and `sandbox` as places to go."""

    def __init__(self, context: BrowserContext, stack: Stack):
        self.site, self.sandbox, self.var = stack.site, stack.sandbox, stack.var
        self.requests: list[str] = []
        self.complaints: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("console", self._listen)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page = context.new_page()

    def _listen(self, message: ConsoleMessage) -> None:
        # That a page is missing (404) or a form came back (422) is no fault of the page.
        if message.type == "error" and "the server responded with a status" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str):
        """Open a page of the site; returns the response."""
        return self.page.goto(f"{self.site}{path}")

    def log_in(self, login: str) -> "Visitor":
        """As one of the newsroom."""
        self.go("/admin/login/")
        self.page.locator("[name=username]").fill(login)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(f"{self.site}/admin/")
        return self

    def log_in_by_phone(self, phone: str) -> "Visitor":
        """As a worker, on the site."""
        self.go("/accounts/login/")
        self.page.locator("[name=login]").fill(phone)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("main").get_by_role("button", name="登录").click()
        self.page.wait_for_url(f"{self.site}/")
        return self

    def sign_up(self, phone: str, nickname: str) -> "Visitor":
        """As a new worker, with the code that the text message would have brought."""
        self.go("/accounts/signup/")
        for name, value in (
            ("phone", phone),
            ("password1", PASSWORD),
            ("password2", PASSWORD),
            ("nickname", nickname),
        ):
            self.page.locator(f"main [name={name}]").fill(value)
        self.page.get_by_label("我已阅读并同意").check()
        self.page.get_by_role("button", name="发验证码").click()
        self.page.wait_for_url(f"{self.site}/accounts/phone/verify/")
        self.page.get_by_label("验证码").fill(self.code(phone))
        self.page.get_by_role("button", name="确定").click()
        self.page.wait_for_url(f"{self.site}/")
        return self

    def code(self, phone: str) -> str:
        """The last code sent to `phone`, from the outbox of the stack."""
        lines = (self.var / "sms-outbox.jsonl").read_text("utf-8").splitlines()
        sent = [json.loads(line) for line in lines]
        return next(message["code"] for message in reversed(sent) if message["phone"] == phone)

    def outside(self) -> list[str]:
        """The requests that left for another host than the stack's own."""
        own = {urlsplit(self.site).netloc, urlsplit(self.sandbox).netloc}
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in WITHOUT_HOST and urlsplit(url).netloc not in own
        ]

    def fits(self) -> bool:
        """Whether the page is no wider than the window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )

    def violations(self, within: str | None = None) -> list[str]:
        """What axe finds wrong, one line a finding; `within` is a CSS selector."""
        # A message that is still fading in has no contrast yet.
        self.page.evaluate(
            "Promise.allSettled(document.getAnimations()"
            ".filter(one => one.effect.getComputedTiming().endTime !== Infinity)"
            ".map(one => one.finished))"
        )
        found = Axe().run(self.page, context=within).response["violations"]
        return [
            f"{rule['id']}: {node['target']} {node['html'][:160]}"
            for rule in found
            for node in rule["nodes"]
        ]
