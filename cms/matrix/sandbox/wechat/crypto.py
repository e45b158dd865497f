"""Signatures and safe-mode encryption of callbacks (contract §9)."""

import hashlib
import secrets
import struct
from base64 import b64decode, b64encode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # PKCS#7 to 32 bytes, not to AES's own 16


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def encrypt(key: str, message: str, app_id: str, random: bytes | None = None) -> str:
    body = message.encode()
    prefix = random or secrets.token_bytes(16)
    plain = prefix + struct.pack(">I", len(body)) + body + app_id.encode()
    padding = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(key).encryptor()
    padded = plain + bytes([padding]) * padding
    return b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def decrypt(key: str, cipher_text: str, app_id: str) -> str:
    """The message inside; ValueError when it was not meant for this app or is damaged."""
    decryptor = _cipher(key).decryptor()
    padded = decryptor.update(b64decode(cipher_text)) + decryptor.finalize()
    plain = padded[: -padded[-1]]
    (length,) = struct.unpack(">I", plain[16:20])
    if plain[20 + length :].decode() != app_id:
        raise ValueError("app id in the reply differs")
    return plain[20 : 20 + length].decode()


def _cipher(key: str) -> Cipher:
    raw = b64decode(key + "=")
    return Cipher(algorithms.AES(raw), modes.CBC(raw[:16]))
