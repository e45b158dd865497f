"""One story to a hundred accounts: from 终审 to the last publication, beside the lower bound.

    python benchmarks/matrix_speed.py [--accounts 100] [--latency-ms 80] [--database postgres]

Every call to the platform takes --latency-ms at the sandbox. The lower bound is what a perfect
sender with the same number of hands could do: the calls that the platform counted, in sequence for
each account, times the latency, divided by the workers' threads. Every round sends another story;
`ratio` is the median over the rounds. Prints one JSON object.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.matrix_stack import BACKENDS, Stack  # noqa: E402
from benchmarks.server import free_port  # noqa: E402

BAR = 1.5
# The first round starts what is started once: connections, dictionaries, tokens.
WARM_UP = 1
PATIENCE = 300


def main() -> None:
    options = parse()
    with tempfile.TemporaryDirectory(prefix="rongmei-speed-", ignore_cleanup_errors=True) as folder:
        stack = Stack(
            Path(folder), options.database, port=free_port(), workers=options.workers,
            threads=options.threads, pace=1,
        )  # fmt: skip
        os.environ.update(stack.env)
        import django

        django.setup()
        try:
            report = measure(stack, options)
        finally:
            stack.stop()
            if options.logs:
                stack.keep_logs(options.logs)
    print(json.dumps(report, ensure_ascii=False, indent=2))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=100)
    parser.add_argument("--latency-ms", type=int, default=80)
    parser.add_argument("--database", choices=list(BACKENDS), default="sqlite")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4, help="of each worker")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--logs", type=Path, help="keep the processes' words here")
    return parser.parse_args()


def measure(stack: Stack, options: argparse.Namespace) -> dict:
    from django.core.management import call_command

    from benchmarks.matrix_newsroom import Newsroom, Platform

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    newsroom = Newsroom(stack.site)
    stack.start()
    platform = Platform(stack.sandbox_address)
    accounts = [
        platform.wechat(newsroom.union, number, kind="certified_service", publish_delay=0)
        for number in range(options.accounts)
    ]
    stories = [newsroom.write(n + 1, accounts) for n in range(WARM_UP + options.rounds)]
    platform.call("PUT", "pace", latency_ms=options.latency_ms)
    rounds = []
    for number, story in enumerate(stories):
        found = send(newsroom, platform, story, stack, options)
        found["worker_memory_mb"] = memory_mb(stack)
        if number >= WARM_UP:
            rounds.append(found)
        print(f"{number}: {found}", file=sys.stderr, flush=True)
    ratio = median(found["ratio"] for found in rounds)
    first, last = rounds[0]["worker_memory_mb"], rounds[-1]["worker_memory_mb"]
    return {
        "accounts": options.accounts,
        "latency_ms": options.latency_ms,
        "hands": options.workers * options.threads,
        "rounds": rounds,
        "ratio": ratio,
        "memory_growth_mb": round(last - first, 1),
        "bars": {"ratio": ratio <= BAR, "memory": last - first <= 0.05 * first},
        "meta": {"database": options.database, "cores": os.cpu_count()},
    }


def send(newsroom, platform, story, stack: Stack, options: argparse.Namespace) -> dict:
    """Sign one story off and wait until it stands on every account."""
    from cms.matrix.models import Delivery

    before, cpu = calls(platform), cpu_seconds(stack)
    started = time.time()
    newsroom.sign_off(story)
    signed = time.time()
    published = Delivery.objects.filter(page_id=story.pk, state="published")
    while published.count() < options.accounts:
        if time.time() - started > PATIENCE:
            raise SystemExit(f"only {published.count()} of {options.accounts} published")
        time.sleep(0.1)
    last = max(published.values_list("published_at", flat=True)).timestamp()
    made = calls(platform) - before
    hands = options.workers * options.threads
    bound = made * options.latency_ms / 1000 / hands
    spent = cpu_seconds(stack)
    return {
        "seconds": round(last - started, 2),
        "sign_off_seconds": round(signed - started, 2),
        "cpu_seconds": {name: round(spent[name] - cpu[name], 1) for name in spent},
        "lower_bound_seconds": round(bound, 2),
        "calls_an_account": round(made / options.accounts, 2),
        "ratio": round((last - started) / bound, 2),
    }


def calls(platform) -> int:
    return sum(platform.books()["calls"].values())


def cpu_seconds(stack: Stack) -> dict[str, float]:
    """User and system time so far, of the sender's parts, the platform and this process."""
    parts = {name: [process] for name, process in stack.processes.items()}
    parts["workers"] = stack.workers
    spent = {name: sum(part.cpu_seconds() for part in group) for name, group in parts.items()}
    return {**spent, "sign_off": time.process_time()}


def memory_mb(stack: Stack) -> float:
    return round(sum(worker.memory_kb() for worker in stack.workers) / 1024, 1)


if __name__ == "__main__":
    main()
