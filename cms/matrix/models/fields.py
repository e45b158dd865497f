"""A text column whose content is encrypted at rest with a key made from SECRET_KEY."""

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models


def _cipher() -> Fernet:
    return _cipher_of(settings.SECRET_KEY)


@cache
def _cipher_of(secret: str) -> Fernet:
    digest = hashlib.sha256(f"matrix-secrets:{secret}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def encrypt(value: str) -> str:
    return _cipher().encrypt(value.encode()).decode()


def decrypt(token: str) -> str:
    """The value of `token`; "" when SECRET_KEY is no longer the one it was made with."""
    try:
        return _cipher().decrypt(token.encode()).decode()
    except InvalidToken:
        return ""


class EncryptedTextField(models.TextField):
    """Reads and writes plain text; the database only ever sees a Fernet token.

    A value that cannot be decrypted (SECRET_KEY was changed) reads as empty: the administrator
    enters it again, nothing else of the account is lost.
    """

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value, expression, connection):
        return decrypt(value) if value else value
