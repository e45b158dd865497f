"""What a story will look like on a channel, in the editor: shaped by the real renderer."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from django import template
from django.utils.safestring import SafeString, mark_safe

from cms.matrix.channels import registry
from cms.matrix.channels.base import Account, Loss, Overrides, Problem
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.weibo.render import weibo_length
from cms.matrix.gateway import COVER_SPEC, overrides_of, story_of
from cms.news.models import CustomImage

register = template.Library()
PICTURE = re.compile(r'src="picture:([^"]+)"')


@dataclass(frozen=True)
class ChannelPreview:
    """`html` is the WeChat article's own inline-styled HTML; `length` counts as Weibo counts."""

    fields: dict
    losses: tuple[Loss, ...]
    problems: list[Problem]
    html: SafeString
    length: int
    cover_url: str


@register.simple_tag
def channel_preview(page, slug: str) -> ChannelPreview:
    """Shape `page` for the channel `slug`, with what its version for that channel says."""
    versions = [v for v in page.channel_versions.all() if v.account.channel == slug]
    account = versions[0].account.as_value() if versions else _nobody(slug)
    overrides = overrides_of(versions[0]) if versions else Overrides()
    with registry.get(slug)(account, MemoryTokenStore()) as channel:
        payload = channel.render(story_of(page), overrides)
        problems = channel.check(payload)
    return ChannelPreview(
        fields=dict(payload.fields),
        losses=payload.losses,
        problems=problems,
        html=_with_pictures(payload.fields.get("content", "")),
        length=weibo_length(payload.fields.get("status", "")),
        cover_url=page.cover.get_rendition(COVER_SPEC).url if page.cover else "",
    )


def _nobody(slug: str) -> Account:
    """Stands in until the editor has chosen an account; complete enough to be checked."""
    return Account(
        id=0, channel=slug, name="", base_url="", app_id="", secret="", extra={"rip": "127.0.0.1"}
    )


def _with_pictures(html: str) -> SafeString:
    """Put addresses in place of picture keys. The HTML is the renderer's own: it escapes."""
    keys = {unquote(key) for key in PICTURE.findall(html)}
    images = CustomImage.objects.in_bulk({int(key) for key in keys if key.isdigit()})
    urls = {str(pk): image.get_rendition("max-1200x1600").url for pk, image in images.items()}
    filled = PICTURE.sub(lambda found: f'src="{urls.get(unquote(found[1]), "")}"', html)
    return mark_safe(filled)
