"""What WeChat pushes to us: verified, decrypted, read into frozen values (contract §9).

Two entrances: `echo` for the platform's GET when the address is set up, `read_push` for its POST.
Both raise CallbackRefused; answer that with 403. Answer everything else with `success`, at once.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from defusedxml import ElementTree  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

from ..base import Json
from ..http import number, text
from .pushes import Push, push_of

MAX_BYTES = 256 * 1024
# The platform sends at once and tries again within seconds; clocks differ by little.
WINDOW = timedelta(minutes=10)
_MAX_DEPTH = 8
_LENGTH = struct.Struct(">I")


class CallbackRefused(Exception):
    """Not from the platform, or unreadable. The argument says why (English, for the log)."""


@dataclass(frozen=True)
class Secrets:
    """What the account and the platform share. `aes_keys`: the current one, then the previous."""

    app_id: str
    token: str
    aes_keys: tuple[str, ...] = ()


def signature(token: str, *parts: str) -> str:
    """SHA-1 (hex) over the sorted parts and token, as the platform signs."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode()).hexdigest()


def echo(query: Mapping[str, str], shared: Secrets) -> str:
    """What to answer to the platform's GET. Raises CallbackRefused for a foreign signature."""
    _verify(query.get("signature", ""), query, shared)
    return query.get("echostr", "")


def read_push(body: bytes, query: Mapping[str, str], shared: Secrets) -> Push:
    """One push, XML or JSON, plain or encrypted. Raises CallbackRefused."""
    return push_of(read_fields(body, query, shared))


def signature_given(query: Mapping[str, str]) -> str:
    """The signature that stands for this very request."""
    return query.get("msg_signature" if query.get("encrypt_type") == "aes" else "signature", "")


def read_fields(
    body: bytes, query: Mapping[str, str], shared: Secrets, now: datetime | None = None
) -> Json:
    """The fields of one push, verified and decrypted; `push_of` understands them.

    With `now`, a push whose time differs by more than WINDOW is refused: a captured request is
    worth nothing later. Raises CallbackRefused.
    """
    if len(body) > MAX_BYTES:
        raise CallbackRefused("too large")
    if query.get("encrypt_type") == "aes":
        encrypted = text(_fields(body).get("Encrypt"))
        _verify(query.get("msg_signature", ""), query, shared, encrypted)
        body = decrypt(encrypted, shared)
    else:
        _verify(query.get("signature", ""), query, shared)
    if now is not None and not _in_window(query.get("timestamp", ""), now):
        raise CallbackRefused("old")
    return _fields(body)


def _in_window(timestamp: str, now: datetime) -> bool:
    sent = number(timestamp)
    return sent is not None and abs(now.timestamp() - sent) <= WINDOW.total_seconds()


def decrypt(encrypted: str, shared: Secrets) -> bytes:
    """The message inside `Encrypt`. Raises CallbackRefused if no key opens it for this app."""
    return _opened(encrypted, shared)[0]


def answered_with(body: bytes, shared: Secrets) -> Secrets:
    """For the answer to an encrypted push: with the key that the platform used, and no other.

    A new key is ours before it is entered there; until then the platform reads only the old one.
    """
    _message, used = _opened(text(_fields(body).get("Encrypt")), shared)
    return replace(shared, aes_keys=(used,))


def _opened(encrypted: str, shared: Secrets) -> tuple[bytes, str]:
    """The message, and the key that opened it."""
    for aes_key in shared.aes_keys:
        try:
            key = _key(aes_key)
            decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
            unpadder = PKCS7(256).unpadder()
            padded = decryptor.update(base64.b64decode(encrypted)) + decryptor.finalize()
            plain = unpadder.update(padded) + unpadder.finalize()
            (length,) = _LENGTH.unpack(plain[16:20])
        except (ValueError, binascii.Error, struct.error):
            continue
        message, app_id = plain[20 : 20 + length], plain[20 + length :]
        if hmac.compare_digest(app_id, shared.app_id.encode()):
            return message, aes_key
    raise CallbackRefused("cannot be decrypted for this account")


def encrypt(
    message: str, shared: Secrets, timestamp: str, nonce: str, salt: bytes | None = None
) -> str:
    """The XML answer of safe mode around `message`; `salt` is 16 random bytes."""
    key = _key(shared.aes_keys[0])
    raw = message.encode()
    plain = (salt or secrets.token_bytes(16)) + _LENGTH.pack(len(raw)) + raw
    padder = PKCS7(256).padder()
    padded = padder.update(plain + shared.app_id.encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()
    return (
        f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt>"
        f"<MsgSignature><![CDATA[{signature(shared.token, timestamp, nonce, sealed)}]]>"
        f"</MsgSignature><TimeStamp>{timestamp}</TimeStamp>"
        f"<Nonce><![CDATA[{nonce}]]></Nonce></xml>"
    )


def passive_text(push: Push, content: str, now: datetime) -> str:
    """A text answer to the sender of `push` (XML); `encrypt` it in safe mode."""
    return _passive(push, "text", f"<Content>{_cdata(content)}</Content>", now)


def passive_news(
    push: Push, title: str, description: str, picture_url: str, url: str, now: datetime
) -> str:
    """An answer with one linked card (the platform allows one item)."""
    item = (
        f"<Title>{_cdata(title)}</Title><Description>{_cdata(description)}</Description>"
        f"<PicUrl>{_cdata(picture_url)}</PicUrl><Url>{_cdata(url)}</Url>"
    )
    inner = f"<ArticleCount>1</ArticleCount><Articles><item>{item}</item></Articles>"
    return _passive(push, "news", inner, now)


def _passive(push: Push, kind: str, inner: str, now: datetime) -> str:
    return (
        f"<xml><ToUserName>{_cdata(push.sender)}</ToUserName>"
        f"<FromUserName>{_cdata(push.receiver)}</FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime>"
        f"<MsgType>{_cdata(kind)}</MsgType>{inner}</xml>"
    )


def _cdata(value: str) -> str:
    return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _key(aes_key: str) -> bytes:
    return base64.b64decode(aes_key + "=")


def _verify(given: str, query: Mapping[str, str], shared: Secrets, *parts: str) -> None:
    expected = signature(shared.token, query.get("timestamp", ""), query.get("nonce", ""), *parts)
    if not shared.token or not hmac.compare_digest(given.encode(), expected.encode()):
        raise CallbackRefused("wrong signature")


def _fields(body: bytes) -> Json:
    """The fields of an XML or JSON body; repeated XML elements become lists."""
    try:
        if body.lstrip().startswith(b"{"):
            data = json.loads(body.decode("utf-8"))
        else:
            data = _element(ElementTree.fromstring(body, forbid_dtd=True), 0)
    except (ValueError, ParseError, DefusedXmlException, RecursionError) as error:
        raise CallbackRefused(f"unreadable: {type(error).__name__}") from error
    return data if isinstance(data, dict) else {}


def _element(element: Element, depth: int) -> Any:
    if len(element) == 0:
        return (element.text or "").strip()
    if depth >= _MAX_DEPTH:
        raise ValueError("nested too deeply")
    fields: dict[str, Any] = {}
    for child in element:
        value = _element(child, depth + 1)
        if child.tag not in fields:
            fields[child.tag] = value
        elif isinstance(fields[child.tag], list):
            fields[child.tag].append(value)
        else:
            fields[child.tag] = [fields[child.tag], value]
    return fields
