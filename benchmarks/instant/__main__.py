"""python -m benchmarks.instant: measures in turn, prints ratios, asserts nothing. `--help` lists what can be chosen."""

import argparse
import calendar
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import psutil

from benchmarks.instant import browser, report
from benchmarks.instant.contestants import BARE, CONTESTANTS, OTHER_PAGES, SEVERAL, Contestant
from benchmarks.instant.inboxes import ROOT, Inbox, prepared
from benchmarks.instant.server import served
from benchmarks.instant.visitors import StreamlitVisitor, crowd

PARTS = ("overview", "pages", "viewers", "split")


def main(arguments: Sequence[str] | None = None) -> None:
    asked = _parser().parse_args(arguments)
    asked.keep.mkdir(parents=True, exist_ok=True)
    kept = asked.keep / "results.jsonl"
    if not asked.only_write:
        measured = _measured(asked)
        with kept.open("a", encoding="utf-8") as file:
            for record in measured:
                file.write(json.dumps(record) + "\n")
                file.flush()
    records = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    text = report.written(records if asked.write or asked.only_write else report.of_last_sitting(records))
    print(text)
    if asked.write or asked.only_write:
        report.DOCUMENT.write_text(text, encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instant", description=__doc__)
    add = parser.add_argument
    names = [each.name for each in (*CONTESTANTS, SEVERAL, BARE)]
    add(
        "--rows",
        type=int,
        nargs="+",
        default=[10_000, 1_000_000, 10_000_000],
        help="of the invented exports, each size in turn",
    )
    add("--rounds", type=int, default=3, help="how often it is each one's turn, with a server started anew")
    add(
        "--choices",
        type=int,
        default=12,
        help="new choices on each page a round; on the Overview then the same again, which are known",
    )
    add("--viewers", type=int, nargs="+", default=[10, 25, 50], help="who choose freely at a time")
    add("--seconds", type=float, default=60, help="for which viewers choose")
    add("--parts", nargs="+", choices=PARTS, default=PARTS)
    add("--contestants", nargs="+", choices=names, default=names)
    add(
        "--charts",
        type=int,
        choices=range(1, 5),
        default=report.USUAL_CHARTS,
        help="of the plain pages; the Overview of the earlier commit has four",
    )
    add(
        "--keep",
        type=Path,
        default=ROOT / "data" / "private" / "bench",
        help="folder of inboxes, built data and results",
    )
    add(
        "--as-built",
        action="store_true",
        help="take this commit's database as it was built, whatever has changed since",
    )
    add(
        "--write",
        action="store_true",
        help=f"write {report.DOCUMENT.name} from this run and the latest of what it left out",
    )
    add("--only-write", action="store_true", help="the same without a run")
    return parser


def _measured(asked: argparse.Namespace) -> Iterator[dict]:
    sitting = {"sitting": time.strftime("%Y-%m-%d %H:%M:%S")}
    chosen = [each for each in (*CONTESTANTS, SEVERAL, BARE) if each.name in asked.contestants]
    inboxes = [prepared(asked.keep, rows, asked.as_built) for rows in asked.rows]
    os.environ["CHARTS"] = f"{asked.charts}"  # which the plain pages go by
    yield sitting | {"part": "sitting"} | _circumstances()
    for inbox in inboxes:
        for number in range(asked.rounds):
            # A B A B, and from the other end every second time: whoever comes last is not always the same.
            turn = chosen if number % 2 == 0 else chosen[::-1]
            for part in asked.parts:
                for contestant in turn:
                    where = {"rows": inbox.rows, "round": number, "who": contestant.name}
                    for record in _tried(_part(part, contestant, inbox, asked, number)):
                        print(
                            f"{time.strftime('%H:%M:%S')} {where | record}"[:200], file=sys.stderr, flush=True
                        )
                        yield sitting | where | {"part": report.named(part, asked.charts)} | record


def _tried(records: Iterator[dict]) -> Iterator[dict]:
    """A sitting takes hours, so that one of it which fails is told of and does not end it."""
    try:
        yield from records
    except Exception as error:
        yield {"failed": f"{type(error).__name__}: {error}"}


def _part(
    part: str, contestant: Contestant, inbox: Inbox, asked: argparse.Namespace, number: int
) -> Iterator[dict]:
    match part:
        case "overview" if contestant in CONTESTANTS:
            yield _overview(contestant, inbox, asked.choices, asked.charts)
        case "pages" if contestant.program:
            yield from _pages(contestant, inbox, asked.choices, OTHER_PAGES)
        case "pages" if contestant is BARE:
            yield from _pages(contestant, inbox, asked.choices, [""])
        case "viewers" if contestant is not BARE:
            for viewers in asked.viewers:
                yield _viewers(contestant, inbox, viewers, asked.seconds, number)
        case "split" if contestant.program:
            yield _split(contestant, inbox, asked.choices, asked.keep)


def _overview(contestant: Contestant, inbox: Inbox, count: int, charts: int) -> dict:
    steps = _steps(inbox, count)
    with browser.chromium() as chromium, served(contestant.command(inbox)) as server:
        # The product's own Overview has as many as it has.
        least = 1 if contestant.program else charts
        opened = partial(browser.opened, chromium, server.address, contestant.screen, browser.NUMBERS, least)
        with opened() as (_, first):
            pass
        with opened() as (page, second):
            # The first choice of all brings along what only it needs.
            browser.choices(page, server, contestant, steps[:1])
            new = browser.choices(page, server, contestant, steps[1:])
            known = browser.choices(page, server, contestant, steps[1:], is_back=True)
            drawn = browser.charts_of(page)
        return {
            "first": asdict(first),
            "second": asdict(second),
            "new": asdict(new),
            "known": asdict(known),
            "memory": server.memory(),
            "drawn": drawn,
        }


def _pages(contestant: Contestant, inbox: Inbox, count: int, names: Sequence[str]) -> Iterator[dict]:
    steps = _steps(inbox, count)
    with browser.chromium() as chromium, served(contestant.command(inbox)) as server:
        for name in names:
            with browser.opened(chromium, f"{server.address}/{name}", contestant.screen) as (page, _):
                browser.choices(page, server, contestant, steps[:1])
                yield {"page": name, "new": asdict(browser.choices(page, server, contestant, steps[1:]))}


def _viewers(contestant: Contestant, inbox: Inbox, viewers: int, seconds: float, seed: int) -> dict:
    with served(contestant.command(inbox)) as server:
        for port in server.ports:
            contestant.visitor(port).close()
        before = server.cpu()
        found = crowd(contestant.visitor, server.ports, viewers, seconds, seed)
        return {
            "viewers": viewers,
            "taken": found.taken,
            "errors": found.errors,
            "cpu": server.cpu() - before,
            "memory": server.memory(),
        }


def _split(contestant: Contestant, inbox: Inbox, count: int, keep: Path) -> dict:
    """Seconds of the server's cores for each new choice, by what they went into."""
    to, dice = keep / "sampled.json", random.Random(1)
    to.unlink(missing_ok=True)
    with served(contestant.sampled(inbox, to)) as server:
        visitor = StreamlitVisitor(server.ports[0])
        for _ in range(2):
            visitor.choose(dice)
        time.sleep(1)
        before, cpu = json.loads(to.read_text(encoding="utf-8")), server.cpu()
        for _ in range(count):
            visitor.choose(dice)
        cpu = server.cpu() - cpu
        time.sleep(1)
        seen = {
            name: count - before.get(name, 0)
            for name, count in json.loads(to.read_text(encoding="utf-8")).items()
        }
        visitor.close()
    return {"split": {name: cpu / count * times / sum(seen.values()) for name, times in seen.items()}}


def _steps(inbox: Inbox, count: int) -> list:
    """One more than asked for: the first one is not counted."""
    with duckdb.connect(str(inbox.flat), read_only=True) as rows:
        last = rows.execute("SELECT max(day) FROM arrests").fetchone()[0]
        places = rows.execute(
            "SELECT DISTINCT place FROM arrests WHERE place IS NOT NULL ORDER BY place"
        ).fetchall()
    months = [12 * last.year + last.month - 1 - back for back in range(59, -1, -1)]
    named = [f"{calendar.month_name[month % 12 + 1]} {month // 12}" for month in months]
    return browser.walk(named, [place for (place,) in places], count + 1)


def _circumstances() -> dict:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=7"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    chromium = subprocess.run([shutil.which("chromium"), "--version"], capture_output=True, text=True).stdout
    return {
        "commit": commit,
        "day": f"{date.today()}",
        "cores": os.cpu_count(),
        "memory": psutil.virtual_memory().total / 2**30,
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "chromium": chromium.split()[1] if chromium else "",
    }


if __name__ == "__main__":
    main()
