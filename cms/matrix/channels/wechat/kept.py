"""What WeChat keeps of an article's HTML: our own model of contract §6.

The renderer writes nothing that the platform would change; this says so before sending, and it is
what the preview shows. What was really kept is looked at after sending (`acceptance`).
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from ..base import Loss
from .addresses import is_article

DROPPED = {
    "script": "脚本",
    "style": "样式表",
    "link": "样式表",
    "iframe": "嵌入的网页或视频",
    "video": "视频",
    "audio": "音频",
    "object": "嵌入的文件",
    "embed": "嵌入的文件",
    "form": "表单",
    "input": "表单",
    "button": "表单",
    "select": "表单",
    "textarea": "表单",
    "svg": "矢量图",
}
# fmt: off
_BLOCKS = frozenset({
    "section", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "pre",
    "figure", "hr",
})
_KEPT = _BLOCKS | {
    "span", "strong", "b", "em", "i", "u", "s", "sub", "sup", "li", "thead", "tbody", "tfoot", "tr",
    "td", "th", "caption", "br", "code", "figcaption",
}
# fmt: on
_EMPTY = frozenset({"br", "hr"})
_ATTRIBUTES = ("style", "colspan", "rowspan", "width", "height", "align", "alt", "title")
_DIV_KEEPS = frozenset({"color", "font-size", "font-weight", "line-height", "text-align"})
_OPENING = re.compile(r"<[a-zA-Z][^<>]*>")
_STYLE_WITH_ENTITY = re.compile(r"""\bstyle\s*=\s*("[^"]*&#?\w+;[^"]*"|'[^']*&#?\w+;[^']*')""")
_EMPTIED = 'style="&nbsp;"'
_GONE = "\xa0"


class Traces:
    """What is lost leaves no trace. `marks.Marks` leaves one in its place."""

    def gone(self, what: str, shown: str = "") -> str:
        """HTML in the place of something that vanishes; `what` is its Chinese name."""
        return ""

    def changed(self, what: str, inner: str) -> str:
        """HTML in the place of something that stays, but as something less."""
        return inner


@dataclass(frozen=True)
class Kept:
    """The HTML a reader gets, and what was lost on the way to it."""

    html: str
    losses: tuple[Loss, ...]


def keep(html: str, *, ours: Callable[[str], bool], traces: Traces | None = None) -> Kept:
    """`html` as the platform stores it; `ours` tells the addresses of pictures that it holds."""
    emptied = _OPENING.sub(lambda tag: _STYLE_WITH_ENTITY.sub(_EMPTIED, tag[0]), html)
    keeper = _Keeper(ours, traces or Traces())
    kept = keeper.inside(BeautifulSoup(emptied, "html.parser"))
    losses = tuple(Loss(what, many) for what, many in keeper.losses.items() if many)
    return Kept(kept, losses)


class _Keeper:
    def __init__(self, ours: Callable[[str], bool], traces: Traces) -> None:
        self.losses: Counter[str] = Counter()
        self._ours = ours
        self._traces = traces

    def inside(self, parent: Tag) -> str:
        return "".join(self._node(child) for child in parent.children)

    def _node(self, node: PageElement) -> str:
        if isinstance(node, PreformattedString):
            return ""
        if isinstance(node, NavigableString):
            return escape(str(node), quote=False)
        return self._tag(node) if isinstance(node, Tag) else ""

    def _tag(self, tag: Tag) -> str:
        if tag.name in DROPPED:
            return self._gone(DROPPED[tag.name])
        match tag.name:
            case "img":
                return self._img(tag)
            case "a":
                return self._link(tag)
            case "div":
                return self._div(tag)
            case name if name in _EMPTY:
                return f"<{name}{self._attributes(tag)}/>"
            case name if name in _KEPT:
                return f"<{name}{self._attributes(tag)}>{self.inside(tag)}</{name}>"
        return self.inside(tag)

    def _gone(self, what: str, shown: str = "") -> str:
        self.losses[what] += 1
        return self._traces.gone(what, shown)

    def _img(self, tag: Tag) -> str:
        source = str(tag.get("src", ""))
        if not self._ours(source):
            return self._gone("站外图片", str(tag.get("alt", "")))
        return f'<img src="{escape(source)}"{self._attributes(tag)}/>'

    def _link(self, tag: Tag) -> str:
        """Only links to articles that were sent stay links."""
        address = str(tag.get("href", ""))
        if is_article(address):
            return f'<a href="{escape(address)}"{self._attributes(tag)}>{self.inside(tag)}</a>'
        self.losses["可点开的站外链接"] += 1
        return self._traces.changed("链接不能点开", self.inside(tag))

    def _div(self, tag: Tag) -> str:
        """Around blocks it vanishes, around text it becomes a paragraph of little style."""
        trace = self._gone("版式框（变成普通段落，样式大半丢失）")
        inner = self.inside(tag)
        if any(
            isinstance(child, Tag) and child.name in (*_BLOCKS, "div") for child in tag.children
        ):
            return trace + inner
        if not inner.strip():
            return trace
        style = _style(tag, lambda name: name in _DIV_KEEPS)
        return f"<p{_attribute('style', style) if style else ''}>{trace}{inner}</p>"

    def _attributes(self, tag: Tag) -> str:
        if tag.get("class"):
            self.losses["用 class 写的样式"] += 1
        if str(tag.get("style", "")) == _GONE:
            self.losses["含引号的样式（整条被清空）"] += 1
            tag["style"] = ""
        elif style := str(tag.get("style", "")):
            tag["style"] = _style(tag, lambda name: name != "position")
            self.losses["定位（position）"] += len(_declarations(style)) - len(
                _declarations(str(tag["style"]))
            )
        return "".join(
            _attribute(name, str(tag[name])) for name in _ATTRIBUTES if tag.get(name) is not None
        )


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"'


def _style(tag: Tag, wanted: Callable[[str], bool]) -> str:
    declarations = _declarations(str(tag.get("style", "")))
    return "".join(f"{name}:{value};" for name, value in declarations if wanted(name))


def _declarations(style: str) -> list[tuple[str, str]]:
    pairs = (part.partition(":") for part in style.split(";"))
    return [(name.strip().lower(), value.strip()) for name, colon, value in pairs if colon]
