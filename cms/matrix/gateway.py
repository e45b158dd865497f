"""From our rows to the channels' values: accounts, stories, pictures, tokens."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.html import strip_tags

from cms.matrix.budget import DatabaseMeter
from cms.matrix.channels import registry
from cms.matrix.channels.base import Channel, Overrides, Payload, Picture, Story, Transient
from cms.matrix.models import ChannelAccount, ChannelVersion, UploadedPicture
from cms.matrix.models.fields import decrypt, encrypt
from cms.news.models import CustomImage
from cms.news.services import body_render

LOCK_SECONDS = 30
PICTURE_SPEC = "max-1200x1600|format-jpeg"
# A cover's key begins so; the rest of it, like any other key, is the image's primary key.
COVER = "cover-"
COVER_SPEC = "fill-900x383|format-jpeg"


class CacheTokenStore:
    """Access tokens in the shared cache: all processes use one, none revokes another's.

    What was fetched with other credentials, or from another place, is not found any more.
    """

    def __init__(self, account: ChannelAccount):
        given = salted_hmac(
            "cms.matrix.token", f"{account.base_url} {account.secret}", algorithm="sha256"
        )
        self._with = given.hexdigest()[:16]

    def get(self, key):
        kept = cache.get(f"token:{self._with}:{key}")
        value = kept and decrypt(kept[0])
        return (value, kept[1]) if value else None

    def set(self, key, value, expires_at):
        kept = (encrypt(value), expires_at)
        cache.set(f"token:{self._with}:{key}", kept, max(1, int(expires_at - time.time())))

    @contextmanager
    def lock(self, key) -> Iterator[None]:
        """One at a time across processes. Raises Transient after LOCK_SECONDS of waiting.

        A holder that died loses the lock by then; only the holder itself gives it back.
        """
        name, mine = f"token-lock:{key}", uuid.uuid4().hex
        patience = time.monotonic() + LOCK_SECONDS
        while not cache.add(name, mine, LOCK_SECONDS):
            if time.monotonic() > patience:
                raise Transient("lock", name, "正在等另一个进程取访问令牌，稍后自动再试。")
            time.sleep(0.05)
        try:
            yield
        finally:
            if cache.get(name) == mine:
                cache.delete(name)


class DatabaseUploads:
    """Which pictures an account holds on its platform: uploaded once, by whichever process."""

    def __init__(self, account: ChannelAccount):
        self._mine = UploadedPicture.objects.filter(account=account)
        self._account = account

    def get(self, digest, use):
        return (
            self._mine.filter(digest=digest, use=use).values_list("reference", flat=True).first()
            or ""
        )

    def put(self, digest, use, reference):
        held = UploadedPicture(account=self._account, digest=digest, use=use, reference=reference)
        UploadedPicture.objects.bulk_create(
            [held],
            update_conflicts=True,
            unique_fields=["account", "digest", "use"],
            update_fields=["reference"],
        )

    def drop(self, digest, use):
        self._mine.filter(digest=digest, use=use).delete()


def open_channel(
    account: ChannelAccount,
    *,
    before_call: Callable[[], None] | None = None,
    timeout: float = 10.0,
) -> Channel:
    """The channel of an account, ready to call; use it in a `with`.

    `before_call` runs before each call to the platform and may raise to stop it; `timeout`
    (seconds) bounds each wait for an answer.
    """
    kind = registry.get(account.channel)
    return kind(
        account.as_value(),
        CacheTokenStore(account),
        timeout=timeout,
        uploads=DatabaseUploads(account),
        meter=DatabaseMeter(account, kind.daily_calls, before_call),
    )


def overrides_of(version: ChannelVersion) -> Overrides:
    cover = version.cover
    return Overrides(
        title=version.title,
        digest=version.digest,
        text=version.text,
        tail=version.tail,
        cover=picture_of(f"{COVER}{cover.pk}", cover) if cover else None,
    )


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
        cover=picture_of(f"{COVER}{page.cover_id}", page.cover) if page.cover else None,
        pictures=tuple(_pictures_in(body)),
        tags=tuple(tag.name for tag in page.tags.all()),
        section=page.get_parent().title,
        published_on=timezone.localtime(published).strftime("%Y-%m-%d"),
    )


def pictures_for(payload: Payload) -> dict[str, Picture]:
    """The pictures a payload names, by key; one that is gone from the library is left out."""
    keys = {*payload.fields.get("pictures", ()), payload.fields.get("cover", "")}
    wanted = {key: int(pk) for key in keys if (pk := key.removeprefix(COVER)).isdigit()}
    images = CustomImage.objects.in_bulk(set(wanted.values()))
    return {key: picture_of(key, images[pk]) for key, pk in wanted.items() if pk in images}


def picture_of(key: str, image: CustomImage) -> Picture:
    """A picture as channels know it. A cover is cropped otherwise than the same in the body."""
    spec = COVER_SPEC if key.startswith(COVER) else PICTURE_SPEC

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


def _pictures_in(body: str) -> Iterator[Picture]:
    marked = BeautifulSoup(body, "html.parser").find_all("img", attrs={"data-picture": True})
    keys = {int(tag["data-picture"]) for tag in marked if tag["data-picture"].isdigit()}
    for image in CustomImage.objects.in_bulk(keys).values():
        yield picture_of(str(image.pk), image)
