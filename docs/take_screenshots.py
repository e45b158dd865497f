"""Take the pictures of docs/screenshots/ anew from a site that runs with the demo content.

    make run                                                       # in one window
    .venv/bin/python docs/take_screenshots.py http://127.0.0.1:8000   # in another

Needs the development dependencies and a Chromium (`CHROMIUM` names another one).
"""

import os
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
PASSWORD = "rongmei-demo"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# name → (who looks, where)
SCREENS = {
    "home": ("", "/"),
    "article": ("", "/zhengce/dongji-huwai-fangyu/"),
    "poll": ("", "/hudong/tuoguan-shijian/"),
    "concerns": ("", "/concerns/"),
    "dashboard": ("manager", "/admin/analytics/"),
    "moderation": ("moderator", "/admin/moderation/"),
    "deliveries": ("editor", "/admin/matrix/delivery/"),
}
# width → (height, pixels per CSS pixel): a phone's pictures are shown small, so they are sharper.
WINDOWS = {390: (844, 2), 1280: (900, 1)}
COLOURS = 256
LIMIT_BYTES = 400_000


def main(site: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for width in WINDOWS:
            for name, (login, path) in SCREENS.items():
                target = FOLDER / f"{name}-{width}.png"
                save(look(browser, site, login, path, width), target)
                print(f"{target.name}  {target.stat().st_size // 1000} kB")
        browser.close()


def look(browser: Browser, site: str, login: str, path: str, width: int) -> bytes:
    """What `login` (empty: anybody) sees at `path` without scrolling, as PNG."""
    height, scale = WINDOWS[width]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if login:
        log_in(page, site, login)
    page.goto(f"{site}{path}")
    page.wait_for_load_state("networkidle")
    picture = page.screenshot()
    context.close()
    return picture


def log_in(page: Page, site: str, login: str) -> None:
    page.goto(f"{site}/admin/login/")
    page.locator("[name=username]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/admin/")


def save(picture: bytes, target: Path) -> None:
    """Keep it small enough for a repository; raises ValueError when it is not."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    if target.stat().st_size > LIMIT_BYTES:
        raise ValueError(f"{target.name} is larger than {LIMIT_BYTES} bytes.")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1].rstrip("/"))
