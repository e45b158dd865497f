"""Every figure on a page is followed to the words behind it, and those are counted again.

A figure is a link with `data-figure` (what it counts) and `data-count` (how many). Where it leads,
each utterance stands as `data-voice`. They are collected from all pages of that list, read from the
database by their numbers, and counted here in plain Python: by no query of the board's own.
"""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode, urlsplit

from cms.topics.models import Voice
from cms.topics.selectors import OWN_WORDS
from cms.topics.selectors.scope import SEARCHED

LINK = re.compile(r"<a\s[^>]*data-figure=[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
VOICE = re.compile(r'data-voice="(\d+)"')
NEXT = re.compile(r'rel="next" href="([^"]+)"')
MOST_PAGES = 50


@dataclass(frozen=True)
class Figure:
    """One number on a page: what it counts, how many, and where its words are."""

    kind: str
    count: int
    address: str
    label: str


def figures(text: str) -> list[Figure]:
    """All figures of a page."""
    found = []
    for tag in LINK.findall(text):
        given = {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}
        found.append(
            Figure(
                kind=given["data-figure"],
                count=int(given["data-count"]),
                address=given["href"],
                label=given.get("aria-label", ""),
            )
        )
    return found


def recounted(client, figure: Figure) -> int:
    """How many the words behind a figure are."""
    return COUNTS[figure.kind](voices_at(client, figure.address))


def voices_at(client, address: str) -> list[Voice]:
    """The utterances that an address lists, near-copies one by one, from all of its pages."""
    whole = f"{address}{'&' if urlsplit(address).query else '?'}{urlencode({'each': 1})}"
    path = urlsplit(whole).path
    seen: set[int] = set()
    for _page in range(MOST_PAGES):
        response = client.get(whole)
        assert response.status_code == 200, whole
        text = response.content.decode()
        seen |= {int(number) for number in VOICE.findall(text)}
        following = NEXT.search(text)
        if not following:
            break
        whole = unescape(following[1])
        assert urlsplit(whole).path == path
    return list(Voice.objects.filter(pk__in=seen))


def differences(client, text: str) -> list[str]:
    """What does not add up on a page, in words; [] when every figure holds."""
    wrong = []
    for figure in dict.fromkeys(figures(text)):
        number = recounted(client, figure)
        if number != figure.count:
            wrong.append(f"{figure.label or figure.kind}: {number} behind it, {figure.address}")
    return wrong


def _spoken(voices):
    return [voice for voice in voices if voice.source not in SEARCHED]


def _people(voices) -> int:
    return len({voice.person_key for voice in _spoken(voices)})


def _own_people(voices) -> int:
    return _people([one for one in voices if one.source in OWN_WORDS and not one.copy_of])


def _searched(source: str):
    return lambda voices: sum(one.weight for one in voices if one.source == source)


COUNTS = {
    "people": _people,
    "own_people": _own_people,
    "voices": lambda voices: len(_spoken(voices)),
    "unhappy": lambda voices: sum(
        one.mood == Voice.Mood.BAD for one in voices if one.source in OWN_WORDS
    ),
    "searches": _searched(Voice.Source.SEARCH),
    "empty": _searched(Voice.Source.EMPTY),
}
