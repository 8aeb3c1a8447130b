"""How long `map` looks at an inbox of many wide exports.

python -m benchmarks.mapping [FILES] [COLUMNS] [ROWS]
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from leadstats.assistant import make_plan

THINGS = [
    "Intake",
    "Program",
    "Court",
    "Release",
    "Case",
    "Offense",
    "Custody",
    "Officer",
    "Contact",
    "Service",
    "Event",
    "Referral",
    "Bond",
    "Exit",
]
ASPECTS = [
    "Date",
    "Number",
    "Code",
    "Status",
    "Type",
    "Name",
    "Flag",
    "Desc",
    "Amount",
    "Time",
    "Reason",
    "Level",
    "Key",
    "Score",
    "Result",
    "Source",
    "Class",
]
WORDS = ("Open", "Closed", "A1", "B2", "Theft", "Medium", "North")


def write(folder: Path, files: int, columns: int, rows: int) -> None:
    """Exports of systems nobody knows: each with headers, order and cells of its own."""
    rng = random.Random(1)
    names = [f"{thing} {aspect} {n}".strip(" 0") for thing in THINGS for aspect in ASPECTS for n in range(4)]
    for number in range(files):
        header = rng.sample(names, columns)
        lines = [",".join(header)]
        lines += [",".join(_cell(rng, name) for name in header) for _ in range(rows)]
        (folder / f"export_{number:03}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _cell(rng: random.Random, name: str) -> str:
    if "Date" in name:
        return f"{rng.randint(1, 12)}/{rng.randint(1, 28)}/2026"
    if "Number" in name or "Key" in name:
        return str(rng.randint(1, 99_999))
    return rng.choice("YN") if "Flag" in name else rng.choice(WORDS)


def main(files: int = 200, columns: int = 100, rows: int = 100) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), files, columns, rows)
        begun, worked = time.perf_counter(), time.process_time()
        plan = make_plan(Path(folder))
        plan.as_text(Path(folder))
        took, work = time.perf_counter() - begun, time.process_time() - worked
    print(
        f"{files} files of {columns} columns and {rows} rows: {took:.1f} s ({work:.1f} s of work), {len(plan.files)} kinds"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
