"""Story → plain text, as a channel without any layout would show it."""

import re
from importlib.resources import files
from string import Template

from bs4 import BeautifulSoup

from ..base import Loss, Overrides, Payload, Story
from ..links import with_source

_POST = Template(files(__package__).joinpath("templates/post.txt").read_text(encoding="utf-8"))


def render(story: Story, overrides: Overrides) -> Payload:
    """title, text (the whole post), url, cover."""
    soup = BeautifulSoup(story.body_html, "html.parser")
    title = overrides.title or story.title
    body = overrides.text or soup.get_text("\n", strip=True)
    post = _POST.substitute(
        title=title,
        digest=overrides.digest or story.summary,
        text=body,
        tail=overrides.tail or story.source,
    )
    pictures = 0 if overrides.text else len(soup.find_all("img"))
    cover = overrides.cover or story.cover
    return Payload(
        fields={
            "title": title,
            "text": re.sub(r"\n{3,}", "\n\n", post).strip(),
            "url": with_source(story.url, "console"),
            "cover": cover.key if cover else "",
        },
        losses=(Loss("正文里的图片", pictures),) if pictures else (),
    )
