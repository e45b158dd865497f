"""Near-duplicates: the same release comes through several feeds with small changes."""

import hashlib
import re
import unicodedata
from collections import Counter

GRAM = 3
BITS = 64
NO_TEXT = re.compile(r"[\W_]+")


def simhash64(text: str) -> int:
    """Fingerprint of a text (plain, no HTML) from its character 3-grams; 0 without any letters.

    Width, case, spaces and punctuation do not count. A signed 64-bit number, so that it fits a
    database's big integer.
    """
    letters = NO_TEXT.sub("", unicodedata.normalize("NFKC", text).lower())
    grams = Counter(letters[i : i + GRAM] for i in range(max(len(letters) - GRAM + 1, 0)))
    if not grams and letters:
        grams[letters] = 1
    weights = [0] * BITS
    for gram, count in grams.items():
        digest = hashlib.blake2b(gram.encode("utf-8"), digest_size=BITS // 8).digest()
        bits = int.from_bytes(digest, "big")
        for position in range(BITS):
            weights[position] += count if bits >> position & 1 else -count
    unsigned = sum(1 << position for position, weight in enumerate(weights) if weight > 0)
    return unsigned - (1 << BITS) if unsigned >> (BITS - 1) else unsigned


def near(a: int, b: int, distance: int = 3) -> bool:
    """True when two fingerprints differ in at most `distance` bits. No text (0) is near nothing."""
    if not a or not b:
        return False
    return ((a ^ b) & ((1 << BITS) - 1)).bit_count() <= distance
