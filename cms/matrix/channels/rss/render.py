"""Story → one entry of a feed, with its full text.

Readers of feeds keep plain HTML as it is. What they cannot follow are addresses relative to our
site, so these are made whole; pictures stay marked by key until their copies have an address.
"""

import html
from collections.abc import Mapping
from importlib.resources import files
from string import Template
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from ..base import Loss, Overrides, Payload, Story
from ..links import with_source

_ENTRY = Template(files(__package__).joinpath("templates/entry.html").read_text(encoding="utf-8"))


def render(story: Story, overrides: Overrides) -> Payload:
    """id, title, summary, author, source, url, tags, content, cover and pictures (keys).

    `id` stays the same for a story whatever becomes of its title, text or place on the site.
    """
    url = with_source(story.url, "rss")
    body, lost = _body(story, overrides.text)
    cover = overrides.cover or story.cover
    content = _ENTRY.substitute(
        content=body,
        tail=_paragraphs(overrides.tail),
        source=html.escape(story.source),
        url=html.escape(url),
    )
    return Payload(
        fields={
            "id": _id(story),
            "title": overrides.title or story.title,
            "summary": overrides.digest or story.summary,
            "author": story.author,
            "source": story.source,
            "url": url,
            "tags": [tag for tag in (story.section, *story.tags) if tag],
            "content": "\n".join(line for line in content.splitlines() if line.strip()),
            "cover": cover.key if cover else "",
            "pictures": [key for key in _keys(body) if key],
        },
        losses=(Loss("图库里已经没有的图片", lost),) if lost else (),
    )


def with_pictures(content: str, addresses: Mapping[str, str]) -> str:
    """`content` with the address of each picture's copy in the place of its key."""
    soup = BeautifulSoup(content, "html.parser")
    for image in soup.find_all("img", attrs={"data-picture": True}):
        image["src"] = addresses[str(image["data-picture"])]
        del image["data-picture"]
    return str(soup)


def _body(story: Story, text: str) -> tuple[str, int]:
    """The text as HTML, and how many of its pictures had to be left out."""
    if text:
        return _paragraphs(text), 0
    soup = BeautifulSoup(story.body_html.strip(), "html.parser")
    held = {picture.key for picture in story.pictures}
    missing = [image for image in soup.find_all("img") if image.get("data-picture") not in held]
    for image in missing:
        (image.find_parent("figure") or image).decompose()
    for link in soup.find_all("a", href=True):
        link["href"] = urljoin(story.url, str(link["href"]))
    return str(soup), len(missing)


def _paragraphs(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)


def _keys(body: str) -> list[str]:
    images = BeautifulSoup(body, "html.parser").find_all("img", attrs={"data-picture": True})
    return list(dict.fromkeys(str(image["data-picture"]) for image in images))


def _id(story: Story) -> str:
    """An address by form, so that it is no part of what a reader reads (`Payload.likeness`)."""
    site = urlsplit(story.url)
    return f"{site.scheme or 'https'}://{site.netloc or 'localhost'}/#story-{story.id}"
