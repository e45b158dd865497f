"""How well and how fast watched words are found.

    python benchmarks/matching.py [--terms 10000] [--megabytes 1]

Prints one JSON object. `quality`: recall and false alarms on the labelled set of tests/search/data
(part 1 was tuned on; parts 2 and 3 were written later, and what they showed was then added).
`speed`: many terms over a long text, beside one compiled regular expression and one `str.find` a
term in the same run; both only find plain words. Terms are drawn from the segmenter's dictionary,
the text is that of the labelled set over and over, with such words strewn in.
"""

import argparse
import json
import random
import re
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from search import lexicon
from search.lexicon.base import build
from search.text import segment
from search.text.match import find_terms
from search.text.watch import find_watched

LABELLED = Path(__file__).resolve().parents[1] / "tests" / "search" / "data" / "moderation.jsonl"
#: A strewn-in word after about so many characters.
STREWN = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--terms", type=int, default=10_000)
    parser.add_argument("--megabytes", type=float, default=1.0, help="of UTF-8")
    options = parser.parse_args()
    result = {"quality": quality(), "speed": speed(options.terms, options.megabytes)}
    print(json.dumps(result, ensure_ascii=False))


def labelled() -> list[dict]:
    return [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]


def quality() -> dict:
    """Shares of sentences in which something is found: by kind, by disguise, by part of the set."""
    found: dict[str, list[bool]] = defaultdict(list)
    for row in labelled():
        hit = bool(find_watched(row["text"]))
        kind = "false_alarms" if row["label"] == "ok" else "recall_plain"
        if row["disguise"]:
            kind = "recall_disguised"
            found[f"disguise_{row['disguise']}"].append(hit)
        found[kind].append(hit)
        found[f"part{row['part']}_{kind}"].append(hit)
    shares = {name: round(sum(hits) / len(hits), 4) for name, hits in sorted(found.items())}
    return {"sentences": len(labelled()), "watched": len(lexicon.current().watch), **shares}


def speed(count: int, megabytes: float) -> dict:
    terms, text = material(count, megabytes)
    words = build(
        [(term, "topic", 1.0) for term in terms],
        [],
        [],
        "benchmark",
        watch=[(term, "引流", "hold") for term in terms],
        allow=lexicon.current().allow,
    )
    segment.words("预热")
    find_watched("预热，加薇信")
    before = memory()
    lexicon.use(lambda: words)
    results: dict = {
        "terms": len(terms),
        "characters": len(text),
        "megabytes": round(len(text.encode()) / 1e6, 3),
        "build_find_terms": timed(find_terms, "预热"),
        "build_find_watched": timed(find_watched, "预热"),
    }
    results["memory_of_both_mb"] = round(memory() - before, 1)
    results["find_terms"] = timed(find_terms, text)
    results["find_watched"] = timed(find_watched, text)
    pattern = re.compile("|".join(map(re.escape, sorted(terms, key=len, reverse=True))))
    results["one_regex"] = timed(pattern.findall, text)
    results["str_find_each"] = timed(lambda text: find_each(terms, text), text)
    return results


def material(count: int, megabytes: float) -> tuple[list[str], str]:
    """Terms of 3 and more characters, and a text in which they stand."""
    chance = random.Random(12351)
    with segment.DICTIONARY.open(encoding="utf-8") as lines:
        longer = [word for word, *_ in map(str.split, lines) if 3 <= len(word) <= 6]
    terms = chance.sample(longer, count)
    sentences = [row["text"] for row in labelled()]
    parts: list[str] = []
    size, strewn = 0, 0
    while size < megabytes * 1e6:
        part = chance.choice(sentences) + "。"
        if strewn > STREWN:
            part, strewn = chance.choice(terms) + part, 0
        strewn += len(part)
        size += len(part.encode())
        parts.append(part)
    return terms, "".join(parts)


def find_each(terms: list[str], text: str) -> list[tuple[str, int]]:
    found = []
    for term in terms:
        at = text.find(term)
        while at >= 0:
            found.append((term, at))
            at = text.find(term, at + 1)
    return found


def timed(call, text: str) -> dict:
    """Seconds by the clock and of this process alone (on a busy machine the fairer), and hits."""
    clock, process = time.perf_counter(), time.process_time()
    found = call(text)
    return {
        "seconds": round(time.perf_counter() - clock, 3),
        "cpu_seconds": round(time.process_time() - process, 3),
        "found": len(found),
    }


def memory() -> float:
    """The most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
