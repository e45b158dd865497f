"""The file of a model: packed JSON of whole numbers and names, read with suspicion.

bz2 and not gzip: it has no time in it, and its one implementation packs to the same bytes
everywhere, which the several implementations of deflate do not.
"""

import bz2
import json
from dataclasses import asdict, dataclass, fields

#: Rises when the features or this form change: older files are refused.
FORMAT = 1
#: Bytes of a file before and after unpacking: far more than a model of a county has.
PACKED_LIMIT, UNPACKED_LIMIT = 8_000_000, 64_000_000
#: The greatest number in a file; all are thousands.
NUMBER_LIMIT = 10**9


class BadModel(ValueError):
    """These bytes are no model that this version can use; the message says why."""


@dataclass(frozen=True)
class Content:
    """What a file holds: see ``Model`` and ``Vocabulary`` for the meaning."""

    labels: list[str]
    names: list[str]
    telling: list[int]
    weights: list[list[int]]
    baselines: list[int]


def pack(content: Content) -> bytes:
    written = {"format": FORMAT, **asdict(content)}
    text = json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return bz2.compress(text.encode())


def unpack(packed: bytes) -> Content:
    """Return what ``pack`` packed.

    Raises BadModel if the bytes are too many, not packed, not JSON, of another format, or if the
    parts do not fit each other.
    """
    read = _json(_unpacked(packed))
    if not isinstance(read, dict) or read.pop("format", None) != FORMAT:
        raise BadModel(f"not a classifier of format {FORMAT}")
    if set(read) != {field.name for field in fields(Content)}:
        raise BadModel("parts are missing or unknown")
    content = Content(**read)
    _check(content)
    return content


def _unpacked(packed: bytes) -> bytes:
    if len(packed) > PACKED_LIMIT:
        raise BadModel(f"more than {PACKED_LIMIT} bytes")
    unpacker = bz2.BZ2Decompressor()
    try:
        text = unpacker.decompress(packed, max_length=UNPACKED_LIMIT)
    except OSError as error:
        raise BadModel("not packed by bz2") from error
    if not unpacker.eof:
        raise BadModel("cut off, or too large when unpacked")
    return text


def _json(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadModel("not JSON") from error


def _check(content: Content) -> None:
    for names, what in ((content.labels, "labels"), (content.names, "names")):
        if not _all(names, str) or "" in names or len(set(names)) != len(names):
            raise BadModel(f"{what} must be distinct texts")
    if not content.labels:
        raise BadModel("no labels")
    _check_numbers(content.telling, len(content.names), "telling")
    if any(telling < 1 for telling in content.telling):
        raise BadModel("telling must be above 0")
    _check_numbers(content.baselines, len(content.labels), "baselines")
    if not _all(content.weights, list) or len(content.weights) != len(content.labels):
        raise BadModel("weights must be one list for each label")
    for line in content.weights:
        _check_numbers(line, len(content.names), "weights")


def _check_numbers(numbers: object, length: int, what: str) -> None:
    if not _all(numbers, int) or len(numbers) != length:
        raise BadModel(f"{what} must be {length} whole numbers")
    if any(abs(number) > NUMBER_LIMIT for number in numbers):
        raise BadModel(f"{what} must be within ±{NUMBER_LIMIT}")


def _all(values: object, kind: type) -> bool:
    return isinstance(values, list) and all(type(value) is kind for value in values)
