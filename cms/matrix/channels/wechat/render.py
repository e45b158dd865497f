"""Story → WeChat article: section-based HTML with every style inline (contract §5, §6).

The platform drops classes, div, position and outside links, renumbers lists and empties styles
that hold quotes; so bullets are real characters, styles hold no quotes, links go to the end.
"""

import re
from collections import Counter
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from ..base import Loss, Overrides, Payload, Story
from ..links import with_source
from .addresses import is_article, picture_src
from .kept import DROPPED, Traces

TITLE_LIMIT = 32
DIGEST_LIMIT = 120
AUTHOR_LIMIT = 16

_RED = "#b3261e"
_STYLES = {
    "lead": "margin:0 0 28px;padding:0 0 20px;border-bottom:1px solid #e6ddd2;"
    "font-size:15px;color:#7a6e62;",
    "p": "margin:0 0 20px;",
    "h2": f"margin:36px 0 16px;padding-left:10px;border-left:4px solid {_RED};"
    "font-size:20px;line-height:1.4;font-weight:700;color:#1f1a16;text-align:left;",
    "h3": "margin:28px 0 12px;font-size:18px;line-height:1.45;font-weight:700;color:#1f1a16;"
    "text-align:left;",
    "h4": "margin:24px 0 10px;font-size:16px;line-height:1.5;font-weight:700;color:#5a4636;"
    "text-align:left;",
    "blockquote": "margin:0 0 20px;padding:14px 16px;border-left:3px solid #d8c4ac;"
    "background:#faf6f0;color:#5a5048;",
    "figure": "margin:0 0 22px;text-align:center;",
    "img": "display:block;width:100%;height:auto;margin:0 auto;border-radius:4px;",
    "figcaption": "margin:8px 0 0;font-size:13px;line-height:1.5;color:#736a60;text-align:center;",
    "list": "margin:0 0 20px;",
    "scroll": "margin:0 0 22px;overflow-x:auto;",
    "table": "width:100%;border-collapse:collapse;font-size:14px;line-height:1.6;text-align:left;",
    "th": "padding:8px 10px;border:1px solid #e0d6ca;background:#faf6f0;font-weight:700;",
    "td": "padding:8px 10px;border:1px solid #e0d6ca;",
    "strong": "font-weight:700;color:#1f1a16;",
    "em": "font-style:normal;font-weight:700;color:#5a4636;",
    "a": f"color:{_RED};text-decoration:none;",
    "mark": "font-size:12px;color:#736a60;",
    "links": "margin:32px 0 0;padding:16px 0 0;border-top:1px solid #e6ddd2;"
    "font-size:13px;line-height:1.6;color:#736a60;text-align:left;",
    "tail": "margin:32px 0 0;font-size:14px;line-height:1.7;color:#736a60;text-align:left;",
    "rule": "margin:28px 0;border-top:1px solid #e6ddd2;",
}
_ALIAS = {"b": "strong", "i": "em"}
_KEPT = frozenset({"strong", "em", "blockquote", "h2", "h3", "h4"})
_TABLE_PARTS = frozenset({"thead", "tbody", "tfoot", "tr"})
_BLOCKS = frozenset(
    {"p", "h2", "h3", "h4", "blockquote", "figure", "ul", "ol", "table", "section", "div", "hr"}
)
_PARAGRAPHS = re.compile(r"\n\s*\n")
_SKELETON = files(__package__).joinpath("templates/article.html").read_text(encoding="utf-8")
_ARTICLE = Template("".join(line.strip() for line in _SKELETON.splitlines()))


def render(story: Story, overrides: Overrides) -> Payload:
    """The article's fields. `content` names pictures as `picture:<key>` (see `addresses`)."""
    body = _body_of(story, overrides, Traces())
    content = _article(story, overrides, body)
    digest, author = overrides.digest or story.summary[:DIGEST_LIMIT], _author(story.author)
    cover = overrides.cover or story.cover
    losses = body.losses
    losses["摘要超过 120 字，超出的部分"] += int(bool(digest_cut(story, overrides)))
    losses["署名超过 16 字，超出的部分（文末仍有完整署名）"] += int(author != story.author)
    losses["动图的动画（只留第一帧）"] += sum(
        picture.content_type == "image/gif" and picture.key in body.pictures
        for picture in story.pictures
    )
    losses["超过 2 万字的正文（微信可能拒收）"] += int(len(content) > 20_000)
    return Payload(
        fields={
            "title": overrides.title or story.title,
            "author": author,
            "digest": digest,
            "content": content,
            "content_source_url": with_source(story.url, "wechat"),
            "cover": cover.key if cover else "",
            "pictures": body.pictures,
        },
        losses=tuple(Loss(what, many) for what, many in losses.items() if many),
    )


def content_traced(story: Story, overrides: Overrides, traces: Traces) -> str:
    """The `content` of `render`, with a trace in the place of whatever is lost."""
    return _article(story, overrides, _body_of(story, overrides, traces))


def digest_cut(story: Story, overrides: Overrides) -> str:
    """The end of the summary for which the digest has no room."""
    return "" if overrides.digest else story.summary[DIGEST_LIMIT:]


def _body_of(story: Story, overrides: Overrides, traces: Traces) -> "_Body":
    body = _Body(frozenset(picture.key for picture in story.pictures), story.url, traces)
    body.write(_plain(overrides.text) if overrides.text else story.body_html)
    return body


def _plain(text: str) -> str:
    """The editor's own text as HTML: a blank line begins a new paragraph."""
    paragraphs = (escape(part.strip()) for part in _PARAGRAPHS.split(text.strip()))
    return "".join(f"<p>{'<br/>'.join(part.splitlines())}</p>" for part in paragraphs)


def _article(story: Story, overrides: Overrides, body: "_Body") -> str:
    return _ARTICLE.substitute(
        lead=_paragraph("lead", overrides.digest or story.summary),
        body=body.html,
        links=body.links_html(),
        tail=_tail(story, overrides),
    )


def _author(author: str) -> str:
    """As many whole names as 16 characters hold."""
    if len(author) <= AUTHOR_LIMIT:
        return author
    short = author[: AUTHOR_LIMIT + 1]
    cut = max(short.rfind(separator) for separator in (" ", "、", ",", ","))
    return author[: cut if cut > 0 else AUTHOR_LIMIT].strip()


def _tail(story: Story, overrides: Overrides) -> str:
    """Source, author, the way to the site, and what the editor adds for this account."""
    lines = [f"来源：{story.source}"] if story.source else []
    lines += [f"作者：{story.author}"] if story.author else []
    lines += ["点文末“阅读原文”，看网页版。", *overrides.tail.splitlines()]
    text = "<br/>".join(escape(line, quote=False) for line in lines)
    return f'<section style="{_STYLES["tail"]}"><p style="margin:0;">{text}</p></section>'


def _paragraph(style: str, text: str) -> str:
    return f'<p style="{_STYLES[style]}">{escape(text, quote=False)}</p>' if text else ""


class _Body:
    """Writes our clean HTML anew for WeChat, counting what is lost on the way."""

    def __init__(self, known_pictures: frozenset[str], address: str, traces: Traces) -> None:
        self.losses: Counter[str] = Counter()
        self.pictures: list[str] = []
        self.html = ""
        self._known = known_pictures
        self._address = address
        self._traces = traces
        self._links: list[str] = []

    def write(self, source: str) -> None:
        """Sets `html`. Ours is trusted in content, not in shape: unknown tags dissolve."""
        self.html = self._inside(BeautifulSoup(source, "html.parser"))

    def links_html(self) -> str:
        """The numbered list of the outside links met so far."""
        if not self._links:
            return ""
        lines = "".join(
            f'<p style="margin:0 0 6px;word-break:break-all;">[{number}] {escape(address)}</p>'
            for number, address in enumerate(self._links, start=1)
        )
        return (
            f'<section style="{_STYLES["links"]}"><p style="margin:0 0 8px;">文中链接</p>'
            f"{lines}</section>"
        )

    def _inside(self, parent: Tag) -> str:
        return "".join(self._node(child) for child in parent.children)

    def _node(self, node: PageElement) -> str:
        if isinstance(node, PreformattedString):
            return ""
        if isinstance(node, NavigableString):
            text = str(node)
            return escape(text, quote=False) if text.strip() or "\n" not in text else ""
        return self._tag(node) if isinstance(node, Tag) else ""

    def _tag(self, tag: Tag) -> str:
        name = _ALIAS.get(tag.name, tag.name)
        if name == "svg" and tag.get("aria-hidden") == "true":
            return ""  # An icon says nothing: nothing is lost.
        if name in DROPPED:
            return self._gone(DROPPED[name])
        if name in _KEPT:
            return f'<{name} style="{_STYLES[name]}">{self._inside(tag)}</{name}>'
        match name:
            case "p":
                return self._p(tag)
            case "figure":
                return self._figure(tag)
            case "img":
                return self._img(tag)
            case "ul" | "ol":
                return f'<section style="{_STYLES["list"]}">{self._list(tag, 0)}</section>'
            case "table":
                rows = self._inside(tag)
                table = f'<table style="{_STYLES["table"]}">{rows}</table>'
                return f'<section style="{_STYLES["scroll"]}">{table}</section>'
            case "th" | "td":
                return self._cell(tag)
            case "a":
                return self._link(tag)
            case "br":
                return "<br/>"
            case "hr":
                return f'<section style="{_STYLES["rule"]}"></section>'
            case "section":
                return f"<section>{self._inside(tag)}</section>"
            case _ if name in _TABLE_PARTS:
                return f"<{name}>{self._inside(tag)}</{name}>"
        return self._inside(tag)

    def _gone(self, what: str, shown: str = "") -> str:
        self.losses[what] += 1
        return self._traces.gone(what, shown)

    def _p(self, tag: Tag) -> str:
        """A paragraph; the last one in a box leaves the distance to the box."""
        inner = self._inside(tag)
        boxed = tag.parent is not None and tag.parent.name in ("blockquote", "td", "th")
        style = "margin:0;" if boxed and tag.find_next_sibling() is None else _STYLES["p"]
        return f'<p style="{style}">{inner}</p>' if inner.strip() else ""

    def _figure(self, tag: Tag) -> str:
        captions = tag.find_all("figcaption")
        for caption in captions:
            caption.extract()
        inner = self._inside(tag)
        if not inner.strip():
            return ""
        for caption in captions:
            if words := self._inside(caption).strip():
                inner += f'<p style="{_STYLES["figcaption"]}">{words}</p>'
        return f'<section style="{_STYLES["figure"]}">{inner}</section>'

    def _img(self, tag: Tag) -> str:
        key = str(tag.get("data-picture", ""))
        if key not in self._known:
            what = "图片（不在稿件图库里，传不到公众号）"
            return self._gone(what, str(tag.get("alt", "")))
        if key not in self.pictures:
            self.pictures.append(key)
        alt = escape(str(tag.get("alt", "")))
        return f'<img src="{picture_src(key)}" alt="{alt}" style="{_STYLES["img"]}"/>'

    def _list(self, tag: Tag, depth: int) -> str:
        lines = []
        start = str(tag.get("start", "1"))
        number = int(start) if start.isascii() and start.isdigit() else 1
        for item in tag.find_all("li", recursive=False):
            mark = f"{number}." if tag.name == "ol" else ("•" if depth == 0 else "–")
            number += 1
            inner, deeper = "", ""
            for child in item.children:
                if isinstance(child, Tag) and child.name in ("ul", "ol"):
                    deeper += self._list(child, depth + 1)
                elif isinstance(child, Tag) and child.name == "p":
                    inner += ("<br/>" if inner else "") + self._inside(child)
                elif isinstance(child, Tag) and child.name in _BLOCKS:
                    deeper += self._node(child)
                else:
                    inner += self._node(child)
            style = f"margin:0 0 8px;padding-left:{1.3 + depth * 1.2:.1f}em;text-indent:-1.3em;"
            lines.append(f'<p style="{style}">{mark} {inner.strip()}</p>{deeper}')
        return "".join(lines)

    def _cell(self, tag: Tag) -> str:
        spans = "".join(
            f' {name}="{value}"'
            for name in ("colspan", "rowspan")
            if (value := str(tag.get(name, ""))).isascii() and value.isdigit()
        )
        return f'<{tag.name}{spans} style="{_STYLES[tag.name]}">{self._inside(tag)}</{tag.name}>'

    def _link(self, tag: Tag) -> str:
        """A link to a sent WeChat article stays; any other becomes text and a number."""
        given, inner = str(tag.get("href", "")).strip(), self._inside(tag)
        address = _whole(given, self._address)
        if is_article(address):
            return f'<a href="{escape(address)}" style="{_STYLES["a"]}">{inner}</a>'
        self.losses["可点开的站外链接（网址列在文末）"] += 1
        if not address or tag.get_text(strip=True) == address:
            return self._traces.changed("链接不能点开", inner)
        if address not in self._links:
            self._links.append(address)
        mark = f'<span style="{_STYLES["mark"]}">[{self._links.index(address) + 1}]</span>'
        return self._traces.changed("链接变成编号，网址列在文末", f"{inner}{mark}")


def _whole(address: str, story: str) -> str:
    """`address` with its host, as read on the page `story`; "" for what is no web page."""
    if not address or address.startswith("#"):
        return ""
    try:
        whole = urljoin(story, address)
    except ValueError:
        return ""
    return whole if whole.startswith(("http://", "https://")) else ""
