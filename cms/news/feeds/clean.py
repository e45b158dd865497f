"""Foreign HTML to the few elements a story may contain.

The sanitizer (nh3) runs first, so the walker sees only well-formed, harmless markup, and again
last, so that nothing but the allow-list gets out whatever the walker does.
"""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import nh3

from .decode import strip_controls

Block = tuple[str, str]

MAX_HTML = 300_000
MAX_BLOCKS = 2_000
MAX_PICTURES = 50
MAX_URL = 1000
# The sanitizer takes quadratic time over nesting, and no article is nested like this.
MAX_NESTING = 100
MAX_LIST_DEPTH = 4

INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
LISTS = {"ul", "ol"}
TABLE_PARTS = {"caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
ALLOWED = {"p", "br", "h2", "h3", "h4", "strong", "em", "a", "blockquote", "li", "table"}
ALLOWED |= LISTS | TABLE_PARTS
CELL_ATTRIBUTES = {"colspan", "rowspan"}
ATTRIBUTES = {"a": {"href"}, "td": CELL_ATTRIBUTES, "th": CELL_ATTRIBUTES}
# Lazy-loading pages keep the real address in a data attribute.
PICTURE_SOURCES = ("data-src", "data-original", "src")

READ_BLOCKS = {"div", "section", "article", "header", "footer", "main", "aside", "center"}
READ_BLOCKS |= {"pre", "dl", "dt", "dd", "figure", "figcaption", "address", "hr"}
READ_TAGS = ALLOWED | set(INLINE) | set(HEADINGS) | READ_BLOCKS | {"img"}
READ_ATTRIBUTES = {**ATTRIBUTES, "img": set(PICTURE_SOURCES)}
DROPPED_WITH_CONTENT = {"script", "style", "iframe", "noscript", "template", "object", "svg"}
DROPPED_WITH_CONTENT |= {"math", "title", "textarea", "select", "button", "form"}

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
ANY_TAG = re.compile(r"<[^<>]*>")
# HTML closes these by itself, or never: left open they do not nest.
NOT_NESTING = {"p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot"}
NOT_NESTING |= {"br", "img", "hr", "input", "meta", "link", "wbr", "col", "source", "area", "embed"}
SPACES = re.compile(r"[ \t\r\f\v\xa0\u3000\u200b\ufeff]+")


def http_url(base_url: str, url: str) -> str:
    """Absolute http(s) form of a link, or "" for anything else (javascript:, empty, broken)."""
    url = "".join(strip_controls(url).split())
    if not url:
        return ""
    try:
        absolute = urljoin(base_url, url)
        parts = urlsplit(absolute)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return absolute if usable and len(absolute) <= MAX_URL else ""


@dataclass(frozen=True)
class Cleaned:
    """Harmless HTML and the absolute addresses of the pictures it had, in order, no repeats."""

    html: str
    pictures: tuple[str, ...]


def clean(raw: str, base_url: str) -> Cleaned:
    """Paragraphs, headings, lists, quotes and tables of `raw`; links become absolute.

    Line-break layouts (<br><br>, indented lines) become paragraphs. Anything beyond MAX_HTML
    characters or MAX_BLOCKS blocks is cut.
    """
    walker = _walk(raw, base_url)
    markup = "".join(block.html for block in walker.blocks)
    return Cleaned(markup, tuple(dict.fromkeys(walker.pictures))[:MAX_PICTURES])


def clean_html(raw: str, base_url: str) -> str:
    """The HTML of `clean`."""
    return clean(raw, base_url).html


def to_blocks(raw: str, base_url: str = "") -> list[Block]:
    """Blocks for a StreamField: (kind, value) with the value plain text for "heading" and "quote",
    HTML for "paragraph" (a list is a paragraph of its own) and "table"."""
    return [(block.kind, block.value) for block in _walk(raw, base_url).blocks]


def plain_text(raw: str) -> str:
    """Text of `raw`, one line per block; no markup, no entities, no control characters."""
    return "\n".join(block.text for block in _walk(raw, "").blocks)


def strip_tags(raw: str) -> str:
    """One line of text, for titles and names. Double escaping (&amp;ldquo;) is undone."""
    text = html.unescape(
        nh3.clean(_bounded(raw), tags=set(), clean_content_tags={"script", "style"})
    )
    return SPACES.sub(" ", " ".join(strip_controls(html.unescape(text)).split())).strip()


@dataclass(frozen=True)
class _Block:
    kind: str
    html: str

    @property
    def text(self) -> str:
        spaced = re.sub(r"<br>|</(?:p|li|tr|caption)>|<[uo]l>", "\n", self.html)
        spaced = re.sub(r"</t[dh]>", " ", spaced)
        text = strip_controls(html.unescape(ANY_TAG.sub("", spaced)))
        lines = (SPACES.sub(" ", line).strip() for line in text.split("\n"))
        return "\n".join(line for line in lines if line)

    @property
    def value(self) -> str:
        if self.kind == "heading":
            return self.text.replace("\n", " ")
        return self.text if self.kind == "quote" else self.html


def _walk(raw: str, base_url: str) -> "_Walker":
    walker = _Walker(base_url)
    walker.feed(
        nh3.clean(
            _bounded(raw),
            tags=READ_TAGS,
            attributes=READ_ATTRIBUTES,
            clean_content_tags=DROPPED_WITH_CONTENT,
            link_rel=None,
        )
    )
    walker.close()
    walker.flush()
    return walker


def _bounded(raw: str) -> str:
    """At most MAX_HTML characters; markup nested absurdly deep is reduced to its text."""
    raw = strip_controls(raw[:MAX_HTML])
    depth = deepest = 0
    for match in TAG.finditer(raw):
        if match.group(2).lower() not in NOT_NESTING:
            depth = max(depth - 1, 0) if match.group(1) else depth + 1
            deepest = max(deepest, depth)
    return ANY_TAG.sub(" ", raw) if deepest > MAX_NESTING else raw


@dataclass
class _Inline:
    """Text of one paragraph. `open` are the inline tags in force, e.g. {"a": '<a href="…">'}."""

    open: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)

    def start(self, name: str, tag: str) -> None:
        if name not in self.open:
            self.open[name] = tag
            self.parts.append(tag)

    def end(self, name: str) -> None:
        """Close a tag and whatever was opened inside it, then reopen the latter."""
        if name not in self.open:
            return
        names = list(self.open)
        inner = names[names.index(name) + 1 :]
        self.parts += [f"</{each}>" for each in reversed(inner)] + [f"</{name}>"]
        del self.open[name]
        self.parts += [self.open[each] for each in inner]

    def take(self) -> str:
        """The paragraph so far, closed; what is open continues in the next one."""
        closing = [f"</{name}>" for name in reversed(self.open)]
        text = "".join(self.parts + closing)
        self.parts = list(self.open.values())
        return _without_empty(text)


def _without_empty(text: str) -> str:
    """Drop emphasis and links around nothing (innermost first) and breaks at either end."""
    for _depth in range(3):
        text = re.sub(r"<(strong|em|a)(?: [^<>]*)?>(\s*)</\1>", r"\2", text)
    text = re.sub(r" {2,}", " ", text).strip()
    while text.startswith("<br>") or text.endswith("<br>"):
        text = text.removeprefix("<br>").removesuffix("<br>").strip()
    return text


class _Walker(HTMLParser):
    """Sorts sanitized HTML into blocks. Lists and tables are each kept whole, one block."""

    def __init__(self, base_url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base_url = base_url
        self.blocks: list[_Block] = []
        self.pictures: list[str] = []
        self._inline = _Inline()
        self._heading = ""
        self._quotes = 0
        self._whole: list[str] = []  # the list or table being copied
        self._nesting: list[str] = []  # its open list and table tags
        self._whole_has_text = False  # since its last tag
        self._after_break = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._break()
        elif tag == "img":
            self._picture(values)
        elif tag == "a":
            href = http_url(self.base_url, values.get("href", ""))
            if href:
                self._inline.start("a", f'<a href="{html.escape(href)}">')
        elif tag in INLINE:
            self._inline.start(INLINE[tag], f"<{INLINE[tag]}>")
        elif tag in LISTS or tag == "table":
            self._start_whole(tag)
        elif self._nesting:
            self._start_part(tag, values)
        else:
            self.flush()
            self._heading = HEADINGS.get(tag, self._heading)
            self._quotes += tag == "blockquote"

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" or tag in INLINE:
            self._inline.end(INLINE.get(tag, tag))
        elif tag in LISTS or tag == "table":
            self._end_whole(tag)
        elif self._nesting:
            self._end_part(tag)
        else:
            self.flush()
            if tag in HEADINGS:
                self._heading = ""
            self._quotes = max(self._quotes - (tag == "blockquote"), 0)

    def handle_data(self, data: str) -> None:
        if self._after_break and data.startswith(("\u3000", "\xa0\xa0", "\n\u3000")):
            self.flush()
        text = SPACES.sub(" ", data.replace("\n", " "))
        if text.strip():
            self._after_break = False
        self._inline.parts.append(html.escape(text, quote=False))

    def flush(self) -> None:
        """End the current paragraph."""
        self._after_break = False
        text = self._inline.take()
        if text and self._nesting:
            self._whole.append(f"<br>{text}" if self._whole_has_text else text)
            self._whole_has_text = True
        elif text:
            self._add_paragraph(text)

    def _add_paragraph(self, text: str) -> None:
        if self._heading:
            self._add("heading", f"<{self._heading}>{text}</{self._heading}>")
        elif self._quotes:
            self._add("quote", f"<blockquote><p>{text}</p></blockquote>")
        else:
            self._add("paragraph", f"<p>{text}</p>")

    def _add(self, kind: str, markup: str) -> None:
        if len(self.blocks) >= MAX_BLOCKS:
            return
        block = _Block(kind, nh3.clean(markup, tags=ALLOWED, attributes=ATTRIBUTES, link_rel=None))
        if block.text:
            self.blocks.append(block)

    def _break(self) -> None:
        if self._after_break and not self._nesting:
            self.flush()
        else:
            self._inline.parts.append("<br>")
            self._after_break = True

    def _picture(self, values: dict[str, str]) -> None:
        for source in PICTURE_SOURCES:
            if url := http_url(self.base_url, values.get(source, "")):
                self.pictures.append(url)
                return

    def _start_whole(self, tag: str) -> None:
        self.flush()
        self._nesting.append(tag)
        if self._copies(tag):
            self._copy(f"<{tag}>")

    def _end_whole(self, tag: str) -> None:
        self.flush()
        if self._copies(tag):
            self._copy(f"</{tag}>")
        self._nesting.pop()
        if not self._nesting:
            kind = "table" if tag == "table" else "paragraph"
            self._add(kind, "".join(self._whole))
            self._whole = []

    def _copies(self, tag: str) -> bool:
        """Tables within tables or lists and very deep lists lose their markup, not their text."""
        if tag == "table":
            return self._nesting == ["table"]
        return len(self._nesting) <= MAX_LIST_DEPTH

    def _copy(self, tag: str) -> None:
        self._whole.append(tag)
        self._whole_has_text = False

    def _is_part(self, tag: str) -> bool:
        return tag == "li" or (tag in TABLE_PARTS and self._nesting == ["table"])

    def _start_part(self, tag: str, values: dict[str, str]) -> None:
        self.flush()
        if self._is_part(tag):
            spans = (
                f' {name}="{values[name]}"'
                for name in sorted(CELL_ATTRIBUTES & values.keys())
                if values[name].isdecimal() and len(values[name]) < 3
            )
            self._copy(f"<{tag}{''.join(spans)}>")

    def _end_part(self, tag: str) -> None:
        self.flush()
        if self._is_part(tag):
            self._copy(f"</{tag}>")
