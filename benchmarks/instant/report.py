"""From what was measured to tables of ratios with their ranges, and the document that keeps them."""

import statistics
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.instant.contestants import BARE, CONTESTANTS, OTHER_PAGES, SEVERAL
from benchmarks.instant.inboxes import BEFORE, ROOT
from benchmarks.instant.ratios import (
    AIMS,
    BYTES,
    COLD,
    KNOWN,
    KNOWN_CPU,
    MEMORY,
    NEW,
    NEW_CPU,
    NUMBERS,
    PAINTED,
    REQUESTS,
    SHIFT,
    Measure,
    Record,
    p95,
    ratio_to,
    values_of,
)

DOCUMENT = ROOT / "docs" / "performance.md"
OF_THE_OVERVIEW = (NEW, KNOWN, NEW_CPU, KNOWN_CPU, COLD, NUMBERS, PAINTED, BYTES, REQUESTS, SHIFT, MEMORY)
OTHERS = [each for each in CONTESTANTS if each.name != "now"]
USUAL_CHARTS = 4  # of the plain pages; those of other counts have tables of their own
OPENING = """\
# How fast it is

Written by `make bench` from its own runs; change `benchmarks/instant`, not this. No time is asserted anywhere.

Compared, one after the other in each round and on the same invented exports: this commit, commit {before} with
data that its own code built, and the Overview as an ordinary developer would write it straight on the rows, in plain
Streamlit and in Dash (`benchmarks/peers`): five numbers with what they were before, and four charts, as commit {before}
has. The plain pages protect nobody, keep no answers, estimate without an interval, and have no goals, control limits,
sentences or small charts beside the numbers.

- *Choice to painted*: a real browser, from the key or click that chooses until the frame in which the last change of the
  page is painted; the page is as high as it needs to be for all charts to be in sight. *New*: a view that nobody has
  asked this server for; *known*: the same views again. Of three choices one adds a place, two change a month.
- *Server CPU*: of all its processes, until then. *Opening*: a browser that has nothing yet, in a window of 1280 x 900;
  bytes as sent, web socket included, until all of the page has been in sight. *Memory*: what processes share counted once.
- *Viewers* speak the page's own protocol from outside, without a browser: months, places and pathways at will, {thinking}
  seconds after the last answer on average; the time until all of the answer is there.
- Browser, viewers and servers share one machine, so compare ratios. A ratio is of medians of all rounds; in
  parentheses the lowest and the highest of any one round.

`make bench BENCH="--help"` lists what can be chosen. One part alone, such as protection, has scripts of its own in
`benchmarks/`.
"""


def named(part: str, charts: int) -> str:
    """A part of a sitting, as it is kept apart from others."""
    return part if charts == USUAL_CHARTS else f"{part} beside plain pages of {charts} charts"


def of_last_sitting(records: Sequence[Record]) -> list[Record]:
    return [each for each in records if each["sitting"] == records[-1]["sitting"]]


def written(records: Sequence[Record]) -> str:
    """The document of these records; of each part and size, the latest sitting that measured it."""
    latest = {(each["part"], each.get("rows")): each["sitting"] for each in records}
    sittings = {each["sitting"]: each for each in records if each["part"] == "sitting"}
    held = [
        each
        for each in records
        if each["part"] != "sitting" and latest[each["part"], each["rows"]] == each["sitting"]
    ]
    failed = [each for each in held if "failed" in each]
    held = [each for each in held if "failed" not in each]
    used = [sittings[name] for name in dict.fromkeys(each["sitting"] for each in held)]
    blocks = [
        OPENING.format(before=BEFORE, thinking=5),
        _circumstances(used),
    ]
    blocks += _aims(held)
    for rows in sorted({each["rows"] for each in held}):
        blocks += _of_size(rows, [each for each in held if each["rows"] == rows])
    blocks += _across([each for each in held if each["part"] == "overview"])
    if failed:
        blocks.append(_not_measured(failed))
    return "\n".join(blocks)


def _aims(records: Sequence[Record]) -> Iterator[str]:
    sizes = {
        rows: [each for each in records if each["rows"] == rows]
        for rows in sorted({each["rows"] for each in records})
    }
    lines = []
    for aim in AIMS:
        found = [aim.found(of_size) for of_size in sizes.values()]
        if found.count(None) == len(found):
            continue
        shown = [
            "" if value is None else f"{value:.3g}{'' if value <= aim.most(rows) else ' (missed)'}"
            for value, rows in zip(found, sizes, strict=True)
        ]
        most = dict.fromkeys(f"{aim.most(rows):g}" for rows in sizes)
        lines.append([aim.title, " or ".join(most), *shown])
    yield "## What was aimed at\n"
    yield "From one size to the next an aim may differ; the ratios stand below with their ranges.\n"
    yield _table(["", "at most", *(f"{rows:,} rows" for rows in sizes)], lines)


def _not_measured(failed: Sequence[Record]) -> str:
    lines = [f"- {each['part']} of {each['who']}, {each['rows']:,} rows: {each['failed']}" for each in failed]
    return "## Not measured\n\n" + "\n".join(lines) + "\n"


def _of_size(rows: int, records: Sequence[Record]) -> Iterator[str]:
    yield f"## {rows:,} rows\n"
    parts: dict[str, list[Record]] = {}
    for each in records:
        parts.setdefault(each["part"], []).append(each)
    for part, tabled in TABLED.items():
        for name in sorted(name for name in parts if name.startswith(part)):
            yield tabled(name, parts[name])


def _overview(name: str, records: Sequence[Record]) -> str:
    rounds = len({each["round"] for each in records})
    ours = [each for each in records if each["who"] == "now"]
    count = sum(len(each["new"]["painted"]) for each in ours)
    drawn = " or ".join(f"{number}" for number in sorted({each["drawn"] for each in ours}))
    told = (
        f"{name.capitalize()}: {count} new choices each, in {rounds} {'round' if rounds == 1 else 'rounds'}. This commit "
        f"draws {drawn} charts, not counting those beside its numbers.\n\n"
    )
    rows = [[measure.title, *_line(records, measure)] for measure in OF_THE_OVERVIEW]
    titles = [each.title for each in CONTESTANTS]
    return told + _table(["", *titles, *(f"of {each.title}" for each in OTHERS)], rows)


def _line(records: Sequence[Record], measure: Measure) -> list[str]:
    """Medians, and this commit's ratio to each of the others."""
    shown = [
        f"{statistics.median(values):,.{measure.digits}f}"
        if (values := values_of(records, each.name, measure))
        else ""
        for each in CONTESTANTS
    ]
    return [*shown, *(str(ratio_to(records, each.name, measure) or "") for each in OTHERS)]


def _pages(_: str, records: Sequence[Record]) -> str:
    rows = []
    for page in OTHER_PAGES:
        here = [each for each in records if each["page"] == page]
        line = [page.replace("_", " ").capitalize()]
        for measure in (NEW, NEW_CPU):
            ours, theirs = (values_of(here, who, measure) for who in ("now", "before"))
            if ours and theirs:
                ratio = ratio_to(here, "before", measure)
                line += [f"{statistics.median(ours):,.0f}", f"{statistics.median(theirs):,.0f}", str(ratio)]
        rows.append(line)
    head = ["Page"]
    for what in ("New, ms", "CPU, ms"):
        head += [what, BEFORE, "ratio"]
    told = "The other pages, choice to painted and server CPU.\n\n" + _table(head, rows)
    return told + _least(records)


def _least(records: Sequence[Record]) -> str:
    """What Streamlit takes by itself, beside the page that does least: no page that is made with it takes less."""
    least = values_of(records, BARE.name, NEW)
    quickest = [each for each in records if each["page"] == "explore"]
    ours, theirs = (values_of(quickest, who, NEW) for who in ("now", "before"))
    if not (least and ours and theirs):
        return ""
    floor, now, before = map(statistics.median, (least, ours, theirs))
    return (
        f"\nThe least that Streamlit can draw, a choice among as many months and places that changes one line of text "
        f"(`benchmarks/peers/bare_page.py`), takes {floor:,.0f} ms: {floor / before:.2f} of Explore in {BEFORE}. Explore of "
        f"this commit takes {now / floor:.2f} times as much as that line.\n"
    )


def _viewers(_: str, records: Sequence[Record]) -> str:
    rows = []
    for viewers in sorted({each["viewers"] for each in records}):
        line = [f"{viewers}"]
        for contestant in (CONTESTANTS[0], SEVERAL, *OTHERS):
            here = [each for each in records if each["viewers"] == viewers and each["who"] == contestant.name]
            taken = [1000 * value for each in here for value in each["taken"]]
            errors = sum(len(each["errors"]) for each in here)
            line.append(
                f"{statistics.median(taken):,.0f} / {p95(taken):,.0f} ({len(taken)}{f', {errors} errors' if errors else ''})"
                if taken
                else f"{errors} errors"
                if errors
                else ""
            )
        rows.append(line)
    told = "Viewers who choose freely: median / 95th percentile in ms (answers).\n\n"
    return told + _table(["Viewers", *(each.title for each in (CONTESTANTS[0], SEVERAL, *OTHERS))], rows)


def _split(_: str, records: Sequence[Record]) -> str:
    names = list(dict.fromkeys(name for each in records for name in each["split"]))
    whole = {
        who: [sum(each["split"].values()) for each in records if each["who"] == who]
        for who in ("now", "before")
    }
    rows = []
    for name in names:
        found = {
            who: [each["split"].get(name, 0) for each in records if each["who"] == who]
            for who in ("now", "before")
        }
        rows.append(
            [
                name.capitalize(),
                *(f"{1000 * statistics.median(each):,.0f}" if each else "" for each in found.values()),
            ]
        )
    rows.append(
        ["All", *(f"{1000 * statistics.median(each):,.0f}" if each else "" for each in whole.values())]
    )
    told = "Where the server's time of a new choice goes, ms, by samples of its threads; the sampling itself costs a little.\n\n"
    return told + _table(["", "this commit", BEFORE], rows)


def _across(records: Sequence[Record]) -> Iterator[str]:
    """How the work of a choice grows with the rows."""
    sizes = sorted({each["rows"] for each in records})
    if len(sizes) < 2:
        return
    yield f"## From {sizes[0]:,} to {sizes[-1]:,} rows\n"
    rows = []
    for measure in (NEW, NEW_CPU, MEMORY):
        line = [measure.title]
        for contestant in CONTESTANTS:
            few, many = (
                values_of([each for each in records if each["rows"] == size], contestant.name, measure)
                for size in (sizes[0], sizes[-1])
            )
            line.append(f"{statistics.median(many) / statistics.median(few):.2f}" if few and many else "")
        rows.append(line)
    yield "Times as much; the aim for the CPU of this commit is at most 1.5.\n\n" + _table(
        ["", *(each.title for each in CONTESTANTS)], rows
    )


def _circumstances(sittings: Iterable[Record]) -> str:
    lines = [
        f"- {each['day']}, commit `{each['commit']}`: {each['cores']} cores, {each['memory']:.0f} GB, Python {each['python']}, "
        f"Chromium {each['chromium']}; load before it began {each['load']:.1f}"
        for each in sittings
    ]
    return "Measured:\n\n" + "\n".join(lines) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *(["---:"] * (len(head) - 1))], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


TABLED = {"overview": _overview, "pages": _pages, "viewers": _viewers, "split": _split}
