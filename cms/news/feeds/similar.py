"""Which of many texts are worth comparing with one: a fingerprint of 64 bits for each.

The comparison itself is exact: search.text.similar."""

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


def bits_apart(a: int, b: int) -> int:
    """In how many bits two fingerprints differ: 0 to 64, about 32 for unrelated texts.

    No text (0) is as far as can be from everything.
    """
    return ((a ^ b) & ((1 << BITS) - 1)).bit_count() if a and b else BITS
