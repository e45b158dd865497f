"""What a story will look like on a channel, in the editor: shaped by the real renderer."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cms.matrix.adaptation import Counter, counters, shaped
from cms.matrix.channels import registry
from cms.matrix.channels.base import Loss, Overrides, Payload, Problem, Story
from cms.matrix.channels.wechat import marks
from cms.matrix.channels.wechat.render import digest_cut
from cms.matrix.gateway import COVER, COVER_SPEC, overrides_of, story_of
from cms.matrix.models import ChannelAccount, ChannelVersion
from cms.news.models import CustomImage

register = template.Library()
PICTURE = re.compile(r'src="picture:([^"]+)"')
COVER_CROPS = (("2.35:1", COVER_SPEC), ("1:1", "fill-300x300|format-jpeg"))
FIELDS = {
    "title": "标题",
    "digest": "摘要",
    "cover": "封面",
    "text": "正文",
    "content": "正文",
    "account": "账号",
    "url": "网址",
    "content_source_url": "网址",
}


@dataclass(frozen=True)
class ChannelPreview:
    """What goes out to `accounts`: those for which exactly the same goes out."""

    label: str
    story: Story
    overrides: Overrides
    payload: Payload
    problems: list[tuple[str, Problem]]
    counters: list[Counter]
    covers: list[tuple[str, str]]
    accounts: list[str] = field(default_factory=list)

    @property
    def fields(self) -> dict:
        return dict(self.payload.fields)

    @property
    def losses(self) -> tuple[Loss, ...]:
        return self.payload.losses


@register.simple_tag
def channel_previews(page, slug: str) -> list[ChannelPreview]:
    """`page` shaped for each of its accounts on the channel `slug`, alike ones together.

    Until an account is chosen, for an account that nobody has.
    """
    story = story_of(page)
    found: dict[tuple, ChannelPreview] = {}
    for version in _versions(page, slug):
        payload, problems = shaped(story, version)
        key = (payload.to_json(), tuple(problems))
        if key not in found:
            found[key] = _preview(slug, story, version, payload, problems)
        if version.account.pk:
            found[key].accounts.append(version.account.name)
    return list(found.values())


def _versions(page, slug: str) -> list[ChannelVersion]:
    mine = [v for v in page.channel_versions.all() if v.account.channel == slug]
    return mine or [ChannelVersion(account=_nobody(slug))]


def _nobody(slug: str) -> ChannelAccount:
    """Stands in until the editor has chosen an account; complete enough to be checked."""
    return ChannelAccount(channel=slug, app_id="nobody", extra={"rip": "127.0.0.1"})


def _preview(slug, story, version, payload, problems) -> ChannelPreview:
    kind = registry.get(slug)
    return ChannelPreview(
        label=kind.label,
        story=story,
        overrides=overrides_of(version),
        payload=payload,
        problems=[(FIELDS.get(one.field, one.field), one) for one in problems],
        counters=counters(kind, payload),
        covers=_covers(payload.fields.get("cover", "")),
    )


def _covers(key: str) -> list[tuple[str, str]]:
    """(ratio, address) of the cover as lists show it."""
    image = CustomImage.objects.filter(pk=key.removeprefix(COVER) or None).first()
    return [(ratio, image.get_rendition(spec).url) for ratio, spec in COVER_CROPS] if image else []


@dataclass(frozen=True)
class WeChatViews:
    """An article twice: as it is kept, and with the losses marked; the renderer's own HTML."""

    kept: SafeString
    marked: SafeString
    digest: SafeString
    losses: tuple[Loss, ...]


@register.simple_tag
def wechat_views(preview: ChannelPreview) -> WeChatViews:
    """Pictures have addresses in both, so that they can be looked at."""
    content, story, overrides = preview.fields["content"], preview.story, preview.overrides
    digest = marks.marked_digest(preview.fields["digest"], digest_cut(story, overrides))
    return WeChatViews(
        kept=_with_pictures(marks.kept_html(content).html),
        marked=_with_pictures(marks.marked_html(story, overrides)),
        digest=mark_safe(digest),
        losses=marks.all_losses(preview.losses, content),
    )


@register.simple_tag
def status_marked(preview: ChannelPreview) -> SafeString:
    """A short status, followed by the part of the summary for which there was no room."""
    status = preview.fields["status"]
    if preview.overrides.text:
        return format_html("{}", status)
    words = " ".join((preview.overrides.digest or preview.story.summary).split())
    fits = next((n for n in range(len(words), 0, -1) if words[:n] in status), 0)
    if fits == len(words):
        return format_html("{}", status)
    return format_html('{}<del class="lost">{}</del>', status, words[fits:])


@register.filter
def as_html(content: str) -> SafeString:
    """A payload's own HTML, for a channel that takes the story's body as it is."""
    return mark_safe(content)


@register.filter
def channel_label(slug: str) -> str:
    return registry.get(slug).label


def _with_pictures(html: str) -> SafeString:
    """Put addresses in place of picture keys. The HTML is the renderer's own: it escapes."""
    keys = {unquote(key) for key in PICTURE.findall(html)}
    images = CustomImage.objects.in_bulk({int(key) for key in keys if key.isdigit()})
    urls = {str(pk): image.get_rendition("max-1200x1600").url for pk, image in images.items()}
    filled = PICTURE.sub(lambda found: f'src="{urls.get(unquote(found[1]), "")}"', html)
    return mark_safe(filled)
