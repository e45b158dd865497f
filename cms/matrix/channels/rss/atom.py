"""The feed as a document: Atom (RFC 4287), with marks where an entry was taken back (RFC 6721).

The document is all there is to know: it is read back, changed and written whole, so no second
file can disagree with it. Libraries that build feeds cannot read one back, take an entry out or
leave a mark in its place; the standard library's ElementTree can.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from defusedxml import ElementTree as defused  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

from ..base import Json

NEWEST = 100
_ATOM = "{http://www.w3.org/2005/Atom}"
_DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
# The hash of what was approved: by it a lost submission is recognised exactly.
_CONTENT = "{urn:rongmei:feed}content-hash"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ElementTree.register_namespace("", _ATOM.strip("{}"))
ElementTree.register_namespace("at", _DELETED[1:].partition("}")[0])
ElementTree.register_namespace("rongmei", _CONTENT[1:].partition("}")[0])


@dataclass(frozen=True)
class Enclosure:
    """A cover's copy: where it is, its content type, its size in bytes."""

    url: str
    content_type: str
    size: int


class Feed:
    """One feed, newest entry first."""

    def __init__(self, root: Element) -> None:
        self._root = root

    @classmethod
    def empty(cls, address: str) -> Self:
        """A feed without entries; its first address is its name for ever."""
        root = Element(f"{_ATOM}feed")
        _add(root, "id", address)
        return cls(root)

    @classmethod
    def parsed(cls, data: bytes) -> Self:
        """Raises ValueError when `data` is no feed of ours."""
        try:
            root = defused.fromstring(data)
        except (ElementTree.ParseError, DefusedXmlException) as error:
            raise ValueError(str(error)) from error
        if root.tag != f"{_ATOM}feed" or not root.findtext(f"{_ATOM}id"):
            raise ValueError("not an Atom feed")
        return cls(root)

    def to_bytes(self) -> bytes:
        """The document as it is served."""
        text = ElementTree.tostring(self._root, encoding="unicode")
        return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()

    def ids(self) -> list[str]:
        """The entries' ids, newest first."""
        return [entry.findtext(f"{_ATOM}id", "") for entry in self._entries()]

    def content_hash(self, entry_id: str) -> str:
        """What stands under `entry_id`, or "" when nothing does."""
        entry = self._entry(entry_id)
        return "" if entry is None else entry.findtext(_CONTENT, "")

    def is_withdrawn(self, entry_id: str) -> bool:
        """Whether a mark says that the entry was taken back."""
        return any(mark.get("ref") == entry_id for mark in self._root.findall(_DELETED))

    def describe(self, *, title: str, address: str) -> None:
        """Put what belongs to the feed as a whole at its head."""
        for tag in ("title", "updated", "link", "author"):
            for old in self._root.findall(f"{_ATOM}{tag}"):
                self._root.remove(old)
        head = Element("head")
        _add(head, "title", title)
        _add(head, "updated", _now())
        _add(head, "link", rel="self", type="application/atom+xml", href=address)
        _add(_add(head, "author"), "name", title)
        self._root[1:1] = list(head)

    def put(
        self, fields: Json, *, content: str, content_hash: str, enclosure: Enclosure | None
    ) -> None:
        """Set an entry: in its old place if it is there, else as the newest one."""
        old = self._entry(fields["id"])
        moment = _now()
        published = moment if old is None else old.findtext(f"{_ATOM}published", moment)
        entry = _entry(fields, content, enclosure, published=published, updated=moment)
        SubElement(entry, _CONTENT).text = content_hash
        if old is not None:
            self._root[list(self._root).index(old)] = entry
            return
        self._unmark(fields["id"])
        entries = self._entries()
        place = list(self._root).index(entries[0]) if entries else len(self._root)
        self._root.insert(place, entry)
        for surplus in self._entries()[NEWEST:]:
            self._root.remove(surplus)

    def withdraw(self, entry_id: str) -> None:
        """Take an entry out and mark that it was: subscribers see that they must, too."""
        entry = self._entry(entry_id)
        if entry is not None:
            self._root.remove(entry)
        self._unmark(entry_id)
        SubElement(self._root, _DELETED, {"ref": entry_id, "when": _now()})
        for surplus in self._root.findall(_DELETED)[:-NEWEST]:
            self._root.remove(surplus)

    def _entries(self) -> list[Element]:
        return self._root.findall(f"{_ATOM}entry")

    def _entry(self, entry_id: str) -> Element | None:
        return next(
            (entry for entry in self._entries() if entry.findtext(f"{_ATOM}id") == entry_id), None
        )

    def _unmark(self, entry_id: str) -> None:
        for mark in self._root.findall(_DELETED):
            if mark.get("ref") == entry_id:
                self._root.remove(mark)


def _entry(
    fields: Json, content: str, enclosure: Enclosure | None, *, published: str, updated: str
) -> Element:
    entry = Element(f"{_ATOM}entry")
    _add(entry, "id", fields["id"])
    _add(entry, "title", fields["title"])
    _add(entry, "published", published)
    _add(entry, "updated", updated)
    _add(entry, "link", rel="alternate", type="text/html", href=fields["url"])
    if enclosure:
        _add(
            entry,
            "link",
            rel="enclosure",
            type=enclosure.content_type,
            length=str(enclosure.size),
            href=enclosure.url,
        )
    if fields["author"]:
        _add(_add(entry, "author"), "name", fields["author"])
    _add(_add(entry, "source"), "title", fields["source"])
    for tag in fields["tags"]:
        _add(entry, "category", term=tag)
    _add(entry, "summary", fields["summary"])
    _add(entry, "content", content, type="html")
    return entry


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    child = SubElement(
        parent, f"{_ATOM}{tag}", {name: _clean(value) for name, value in attributes.items()}
    )
    child.text = _clean(text)
    return child


def _clean(text: str) -> str:
    """Without what XML cannot hold, however it is escaped."""
    return _NOT_XML.sub("", text)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
