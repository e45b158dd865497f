"""What detection costs as voices pile up: CPU seconds, peak memory, size of the state.

    python benchmarks/topics_scale.py [--sizes 10k,100k,1m]

Prints one JSON object. For each size: the full build, day by day from a stream (1,000 voices a
day), and then one more day of new voices by a fresh process that loads the state: what the nightly
task costs. CPU is of the engine only, the making of the voices is left out; of an increment it
holds all the process did: start, dictionary, load, advance, dump. `to_first` are ratios to the
first size of the same run. `baseline` is work on the same texts that any solution has to do more
or less of: jieba's own cutting, and single-pass clustering that compares with every group.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import topics_data
from cms.topics.detection import Detector, Said, Settings, features
from cms.topics.detection.frequencies import Frequencies
from cms.topics.detection.groups import Group, likeness
from search.text import segment

SIZES = {"10k": 10, "100k": 100, "1m": 1000}
#: Voices of the baselines.
CUT, COMPARED = 10_000, 2_000


def main() -> None:
    options = parse()
    if options.part:
        print(json.dumps(PARTS[options.part](options)))
        return
    print(json.dumps(run(options.sizes), ensure_ascii=False, indent=1))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=lambda text: text.lower().split(","), default=list(SIZES))
    parser.add_argument(
        "--part", choices=("build", "increment", "baseline"), help=argparse.SUPPRESS
    )
    parser.add_argument("--days", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--state", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def run(sizes: list[str]) -> dict:
    result: dict = {"voices_a_day": topics_data.PER_DAY, "sizes": {}}
    with tempfile.TemporaryDirectory(prefix="rongmei-topics-") as folder:
        for size in sizes:
            shared = ["--days", str(SIZES[size]), "--state", str(Path(folder) / size)]
            result["sizes"][size] = {
                part: _process(part, *shared) for part in ("build", "increment")
            }
    first = result["sizes"][sizes[0]]
    for size in result["sizes"].values():
        size["to_first"] = {
            part: {
                figure: round(size[part][figure] / first[part][figure], 2)
                for figure in ("cpu_seconds", "peak_mb")
            }
            for part in ("build", "increment")
        }
    result["baseline"] = _process("baseline")
    return result


def _process(part: str, *arguments: str) -> dict:
    """Each part in a process of its own, so that peaks of memory are its own."""
    command = [sys.executable, __file__, "--part", part, *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def build(options: argparse.Namespace) -> dict:
    detector, spent, said = Detector(), 0.0, 0
    for number in range(options.days):
        day = list(topics_data.voices(number))
        said += len(day)
        began = time.process_time()
        detector.advance(topics_data.day_of(number), day)
        spent += time.process_time() - began
    began = time.process_time()
    packed = detector.dump()
    spent += time.process_time() - began
    options.state.write_bytes(packed)
    groups = list(detector.groups)
    return {
        "voices": said,
        "cpu_seconds": round(spent, 2),
        "peak_mb": _peak(),
        "state_kb": round(len(packed) / 1024),
        "groups": len(groups),
        "groups_of_several": sum(group.voices > 1 for group in groups),
    }


def increment(options: argparse.Namespace) -> dict:
    # Made first by another process: the generator's own work and memory are not the engine's.
    day = _made_elsewhere(options.days)
    made = time.process_time()
    detector = Detector.load(options.state.read_bytes())
    loaded = time.process_time()
    detector.advance(topics_data.day_of(options.days), day)
    advanced = time.process_time()
    packed = detector.dump()
    return {
        "voices": len(day),
        "cpu_seconds": round(time.process_time(), 2),
        "load_seconds": round(loaded - made, 2),
        "advance_seconds": round(advanced - loaded, 2),
        "dump_seconds": round(time.process_time() - advanced, 2),
        "peak_mb": _peak(),
        "state_kb": round(len(packed) / 1024),
    }


def _made_elsewhere(number: int) -> list[Said]:
    code = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); from benchmarks import topics_data;"
        "print(json.dumps([[one.id, one.person, one.text]"
        " for one in topics_data.voices(int(sys.argv[2]))]))"
    )
    root = str(Path(__file__).resolve().parents[1])
    made = subprocess.run(
        [sys.executable, "-c", code, root, str(number)], check=True, capture_output=True
    ).stdout
    day = topics_data.day_of(number)
    return [Said(id, day, person, text) for id, person, text in json.loads(made)]


def baseline(_options: argparse.Namespace) -> dict:
    texts = [
        one.text
        for number in range(CUT // topics_data.PER_DAY)
        for one in topics_data.voices(number)
    ]
    plain = segment._python(segment.lexicon.current())
    plain.cut("预热", False)
    began = time.process_time()
    for text in texts:
        plain.cut(text, False)
    cut = time.process_time() - began
    return {
        "jieba_cuts": len(texts),
        "jieba_cpu_seconds": round(cut, 2),
        "compared_with_all": COMPARED,
        "compared_cpu_seconds": round(_single_pass(texts[:COMPARED]), 2),
        "characters_mean": round(sum(map(len, texts)) / len(texts), 1),
        "peak_mb": _peak(),
    }


def _single_pass(texts: list[str]) -> float:
    """CPU seconds of clustering the same vectors without an index."""
    settings, frequencies, groups = Settings(), Frequencies(), []
    began = time.process_time()
    for number, text in enumerate(texts):
        one = Said(str(number), topics_data.START, "", text)
        vector = features.vector(features.count(one, settings), frequencies, settings)
        best = max(groups, key=lambda group: likeness(vector, group), default=None)
        if best is None or likeness(vector, best) < settings.pair:
            best = Group(key=one.id, first=0, last=0)
            groups.append(best)
        for feature, weight in vector.items():
            best.centre[feature] = best.centre.get(feature, 0) + weight
        best.pull += 1
    return time.process_time() - began


PARTS = {"build": build, "increment": increment, "baseline": baseline}

if __name__ == "__main__":
    main()
