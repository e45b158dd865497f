"""From our rows to the channels' values: accounts, stories, pictures, tokens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.html import strip_tags

from cms.matrix.channels import registry
from cms.matrix.channels.base import Channel, Overrides, Picture, Story
from cms.matrix.models import ChannelAccount, ChannelVersion
from cms.news.models import CustomImage
from cms.news.services import body_render

LOCK_SECONDS = 30
PICTURE_SPEC = "max-1200x1600|format-jpeg"
COVER_SPEC = "fill-900x383|format-jpeg"


class CacheTokenStore:
    """Access tokens in the shared cache: all processes use one, none revokes another's."""

    def get(self, key):
        return cache.get(f"token:{key}")

    def set(self, key, value, expires_at):
        cache.set(f"token:{key}", (value, expires_at), max(1, int(expires_at - time.time())))

    @contextmanager
    def lock(self, key) -> Iterator[None]:
        """Wait for the lock at most LOCK_SECONDS; a holder that died loses it by then."""
        name = f"token-lock:{key}"
        patience = time.monotonic() + LOCK_SECONDS
        while not cache.add(name, 1, LOCK_SECONDS) and time.monotonic() < patience:
            time.sleep(0.05)
        try:
            yield
        finally:
            cache.delete(name)


def open_channel(account: ChannelAccount) -> Channel:
    """The channel of an account, ready to call; use it in a `with`."""
    return registry.get(account.channel)(account.as_value(), CacheTokenStore())


def overrides_of(version: ChannelVersion) -> Overrides:
    return Overrides(title=version.title, digest=version.digest, text=version.text)


def story_of(page) -> Story:
    """A story page as channels know it; pictures are read when a channel loads them."""
    body = body_render(page=page)
    published = page.first_published_at or timezone.now()
    return Story(
        id=page.pk,
        title=page.title,
        summary=page.summary,
        author=page.original_author or page.responsible_editor,
        source=page.source_name or (page.union.name if page.union else settings.WAGTAIL_SITE_NAME),
        url=page.full_url or "",
        body_html=body,
        # Its own key: the cover is cropped otherwise than the same image in the body.
        cover=_picture(page.cover, COVER_SPEC, f"cover-{page.cover_id}") if page.cover else None,
        pictures=tuple(_pictures_in(body)),
        tags=tuple(tag.name for tag in page.tags.all()),
        section=page.get_parent().title,
        published_on=timezone.localtime(published).strftime("%Y-%m-%d"),
    )


def _pictures_in(body: str) -> Iterator[Picture]:
    marked = BeautifulSoup(body, "html.parser").find_all("img", attrs={"data-picture": True})
    keys = {int(tag["data-picture"]) for tag in marked if tag["data-picture"].isdigit()}
    for image in CustomImage.objects.in_bulk(keys).values():
        yield _picture(image, PICTURE_SPEC, key=str(image.pk))


def _picture(image: CustomImage, spec: str, key: str) -> Picture:
    def load() -> bytes:
        with image.get_rendition(spec).file.open("rb") as file:
            return file.read()

    return Picture(
        key=key,
        filename=f"{key}.jpg",
        content_type="image/jpeg",
        alt=strip_tags(image.description or image.title),
        load=load,
    )
