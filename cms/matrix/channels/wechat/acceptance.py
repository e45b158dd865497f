"""Did the draft box keep what we sent? (contract §6: compare after draft/add)"""

from bs4 import BeautifulSoup
from bs4.element import Tag

_WATCHED = ("section", "p", "h2", "h3", "h4", "blockquote", "table", "tr", "strong", "a")


def differences(sent: str, stored: str) -> list[str]:
    """What changed between the HTML sent and the HTML read back, in Chinese; [] when nothing."""
    ours, theirs = (BeautifulSoup(html, "html.parser") for html in (sent, stored))
    found = []
    if _text(ours) != _text(theirs):
        found.append("正文文字与送出的不一致，请到公众号后台预览核对")
    if (lost := _count(ours, "img") - _count(theirs, "img")) > 0:
        found.append(f"少了 {lost} 张图片")
    if empty := len(theirs.select('[style=""]')):
        found.append(f"{empty} 处样式被清空")
    if (bare := len(ours.find_all(style=True)) - len(theirs.find_all(style=True))) > 0:
        found.append(f"{bare} 处样式被去掉")
    for name in _WATCHED:
        before, after = _count(ours, name), _count(theirs, name)
        if before != after:
            found.append(f"标签 {name} 从 {before} 个变成 {after} 个")
    return found


def _count(soup: Tag, name: str) -> int:
    return len(soup.find_all(name))


def _text(soup: Tag) -> str:
    return "".join(soup.get_text().split())
