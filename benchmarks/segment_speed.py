"""How fast texts are cut into words, beside jieba's own lcut in the same run, and how alike.

    python benchmarks/segment_speed.py [--docs DOCS.jsonl] [--rounds 5]

Prints one JSON object. Both cut with the same lexicon and without inventing words (HMM off), as
index and query do; the rounds alternate, and rates are those of the median round in process time.
``span_f1`` compares the words' places in the texts. Memory is what a fresh process grew by at the
first cut. Without --docs the texts are the generator's that the speed of search is measured with.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.rows import read_rows
from benchmarks.search_text import stories
from search import lexicon
from search.text import segment

GENERATED = 1_500
TIMES, ALIKE = 8, 0.997
MEMORY = """
from pathlib import Path
from search import lexicon
from search.text import segment

def resident():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

words = lexicon.current()
before = resident()
made = segment.{maker}(words)
made.cut("先读词典", False)
print((resident() - before) / 1024)
"""


def main() -> None:
    options = parse()
    texts = load(options.docs)
    characters = sum(map(len, texts))
    cutters = {
        "product": segment.cutter().cut,
        "jieba": segment._python(lexicon.current()).cut,
    }
    rates: dict[str, list[float]] = {name: [] for name in cutters}
    for cut in cutters.values():
        cut("先读词典", False)
    for _round in range(options.rounds):
        for name, cut in cutters.items():
            started = time.process_time()
            for text in texts:
                cut(text, False)
            rates[name].append(characters / (time.process_time() - started))
    speed = {name: median(values) for name, values in rates.items()}
    alike = span_f1(texts, cutters["product"], cutters["jieba"])
    times = median(a / b for a, b in zip(rates["product"], rates["jieba"], strict=True))
    report = {
        "texts": len(texts),
        "characters": characters,
        "characters_per_second": {name: round(value) for name, value in speed.items()},
        "times_jieba": round(times, 1),
        "span_f1": round(alike, 5),
        "memory_mb": {"product": grown("_rust"), "jieba": grown("_python")},
        "segmenter": "rjieba" if segment.rjieba else "jieba",
        "bars": {f"{TIMES} times jieba": times >= TIMES, f"span F1 {ALIKE}": alike >= ALIKE},
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--docs", type=Path, help="{title, text} rows, plain or .gz")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def load(docs: Path | None) -> list[str]:
    if docs:
        return [f"{row.get('title', '')}\n{row['text']}" for row in read_rows(docs)]
    return [story.text for story in stories(GENERATED, 1, lexicon.from_files())]


def span_f1(texts, ours, theirs) -> float:
    same = mine = reference = 0
    for text in texts:
        a, b = spans(ours(text, False)), spans(theirs(text, False))
        same, mine, reference = same + len(a & b), mine + len(a), reference + len(b)
    return 2 * same / (mine + reference)


def spans(words: list[str]) -> set[tuple[int, int]]:
    found, place = set(), 0
    for word in words:
        found.add((place, place + len(word)))
        place += len(word)
    return found


def grown(maker: str) -> float:
    """Return by how many MB a fresh process grows when it first cuts a text."""
    run = [sys.executable, "-c", MEMORY.format(maker=maker)]
    folder = Path(__file__).resolve().parents[1]
    done = subprocess.run(run, cwd=folder, capture_output=True, text=True, check=True)
    return round(float(done.stdout), 1)


if __name__ == "__main__":
    main()
