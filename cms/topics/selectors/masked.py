"""What was said, as it may be shown: the one place where this room hides numbers and names."""

from collections.abc import Sequence

from cms.interactions.privacy import mask


def masked(text: str) -> str:
    return mask(text).text


def masked_pieces(text: str, marks: Sequence[Sequence[int]]) -> list[tuple[str, bool]]:
    """`text` masked and cut at `marks`, [start, end) places in it: [(piece, is_marked)]."""
    cut: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(marks):
        cut += [(masked(text[at:start]), False), (masked(text[max(at, start) : end]), True)]
        at = max(at, end)
    cut.append((masked(text[at:]), False))
    return [piece for piece in cut if piece[0]]
