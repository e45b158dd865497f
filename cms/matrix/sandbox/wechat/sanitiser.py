"""What the platform does to an article's HTML before it keeps it (contract §6).

Scripts, foreign pictures and foreign links go; ``class`` and ``position`` go; ``div`` dissolves; a
style written with entities is emptied; quotes come back as entities. A client must look at what was
kept.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

VOID = {"br", "hr", "img", "col"}
# fmt: off
KEPT = VOID | {
    "section", "p", "span", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "em", "i", "u", "s",
    "sub", "sup", "small", "del", "ins", "ul", "ol", "li", "blockquote", "table", "thead", "tbody",
    "tfoot", "tr", "td", "th", "caption", "colgroup", "pre", "code", "a", "figure", "figcaption",
}
DROPPED_WHOLE = {
    "script", "style", "link", "iframe", "form", "input", "object", "embed", "textarea", "select",
    "button", "title", "head", "noscript", "audio", "video", "source", "meta", "base", "template",
}
NEVER_CLOSED = VOID | {"link", "input", "embed", "meta", "base", "source"}
BLOCKS = {
    "section", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "pre",
    "figure", "div",
}
ATTRIBUTES = {
    "style", "width", "height", "alt", "title", "colspan", "rowspan", "border", "cellpadding",
    "cellspacing", "align", "valign", "bgcolor", "start", "type",
}
# fmt: on
DEEPEST = 200  # elements nested further are kept, but side by side
DIV_KEEPS = {"color", "font-size", "font-weight", "text-align", "line-height"}
REFUSED = re.compile(r"<\s*(iframe|form)\b", re.IGNORECASE)
RAW_STYLE = re.compile(r"""\bstyle\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
ENTITY = re.compile(r"&#?\w+;")
ARTICLE_HOSTS = {"mp.weixin.qq.com"}


@dataclass
class Node:
    """An element, or with an empty tag a run of text."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True)
class Rules:
    """``picture_base`` starts every picture URL that survives, ``article_base`` every link."""

    picture_base: str
    article_base: str
    dissolve_div: bool = True


class _Tree(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self._open = [self.root]

    def handle_starttag(self, tag, attrs):
        node = Node(tag, {name: value or "" for name, value in attrs})
        raw_style = RAW_STYLE.search(self.get_starttag_text() or "")
        if raw_style and ENTITY.search(raw_style[1]):
            node.attrs["style"] = ""
        self._open[-1].children.append(node)
        if tag not in NEVER_CLOSED and len(self._open) < DEEPEST:
            self._open.append(node)

    def handle_startendtag(self, tag, attrs):
        depth = len(self._open)
        self.handle_starttag(tag, attrs)
        del self._open[depth:]

    def handle_endtag(self, tag):
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data):
        self._open[-1].children.append(Node("", text=data))


def refused(html: str) -> bool:
    """Raw HTML the platform answers with 45166 instead of cleaning it."""
    return REFUSED.search(html) is not None


def has_foreign_link(html: str, rules: Rules) -> bool:
    return any(
        node.tag == "a" and not _is_article(node.attrs.get("href", ""), rules)
        for node in _walk(_parse(html))
    )


def clean(html: str, rules: Rules) -> str:
    """The HTML as the platform keeps and returns it."""
    return "".join(_write(node) for node in _clean_all(_parse(html).children, rules))


def plain_text(html: str) -> str:
    dropped = "".join(_text(node) for node in _parse(html).children)
    return re.sub(r"\s+", " ", dropped).strip()


def _parse(html: str) -> Node:
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return tree.root


def _walk(node: Node):
    yield node
    for child in node.children:
        yield from _walk(child)


def _text(node: Node) -> str:
    if node.tag in DROPPED_WHOLE:
        return ""
    return node.text + "".join(_text(child) for child in node.children)


def _clean_all(nodes: list[Node], rules: Rules) -> list[Node]:
    return [kept for node in nodes for kept in _clean(node, rules)]


def _clean(node: Node, rules: Rules) -> list[Node]:
    if not node.tag:
        return [node]
    if node.tag in DROPPED_WHOLE or node.tag.startswith("mp-"):
        return []
    children = _clean_all(node.children, rules)
    if node.tag == "div":
        return (
            _dissolve(node, children)
            if rules.dissolve_div
            else [Node("div", _attributes(node.attrs), children)]
        )
    if node.tag == "img":
        return _picture(node, rules)
    if node.tag == "a":
        return _link(node, children, rules)
    if node.tag not in KEPT:
        return children
    return [Node(node.tag, _attributes(node.attrs), children)]


def _dissolve(node: Node, children: list[Node]) -> list[Node]:
    """A div around blocks vanishes; one around text becomes a paragraph with little style."""
    if any(child.tag in BLOCKS for child in children):
        return children
    if not children:
        return []
    attrs = _attributes(node.attrs)
    kept = {
        name: value for name, value in _declarations(attrs.get("style", "")) if name in DIV_KEEPS
    }
    style = "".join(f"{name}: {value};" for name, value in kept.items())
    return [Node("p", {"style": style} if style else {}, children)]


def _picture(node: Node, rules: Rules) -> list[Node]:
    source = node.attrs.get("src") or node.attrs.get("data-src", "")
    if not source.startswith(rules.picture_base):
        return []
    return [Node("img", {"data-src": source} | _attributes(node.attrs))]


def _link(node: Node, children: list[Node], rules: Rules) -> list[Node]:
    href = node.attrs.get("href", "")
    if not _is_article(href, rules):
        return children
    return [Node("a", {"href": href} | _attributes(node.attrs), children)]


def _is_article(href: str, rules: Rules) -> bool:
    if href.startswith(f"{rules.article_base}?"):
        return True
    parts = urlsplit(href)
    return parts.scheme in {"http", "https"} and parts.netloc in ARTICLE_HOSTS


def _attributes(attrs: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in attrs.items() if name in ATTRIBUTES}
    if kept.get("style"):
        allowed = [f"{n}: {v};" for n, v in _declarations(kept["style"]) if n != "position"]
        kept["style"] = " ".join(allowed)
    return kept


def _declarations(style: str) -> list[tuple[str, str]]:
    """``name: value`` pairs; semicolons inside brackets or quotes do not end a value."""
    pairs = []
    for part in re.findall(r"""(?:[^;("']|\([^)]*\)|"[^"]*"|'[^']*')+""", style):
        name, colon, value = part.partition(":")
        if colon and name.strip() and not re.search(r"expression\(|javascript:", value, re.I):
            pairs.append((name.strip().lower(), value.strip()))
    return pairs


def _write(node: Node) -> str:
    if not node.tag:
        return _escape(node.text)
    attrs = "".join(f' {name}="{_escape(value)}"' for name, value in node.attrs.items())
    if node.tag in VOID:
        return f"<{node.tag}{attrs}>"
    return f"<{node.tag}{attrs}>{''.join(_write(child) for child in node.children)}</{node.tag}>"


def _escape(text: str) -> str:
    for raw, entity in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ('"', "&quot;"),
        ("'", "&#39;"),
    ):
        text = text.replace(raw, entity)
    return text
