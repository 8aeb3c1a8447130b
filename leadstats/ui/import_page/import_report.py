"""What the commands say of exports, as markup: files recognized, rows accounted for, messages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from leadstats.counting.catalog import load_metrics
from leadstats.model.messages import EXIT_CODES, GRAVEST_FIRST
from leadstats.model.schema import TABLES
from leadstats.narrative import wording
from leadstats.ui.shell.markup import Markup, details, table, tag, text

Said = Mapping[str, Any]  # JSON

COUNTS = ("read", "loaded", "rejected", "duplicate", "out_of_scope")
VALUES_SHOWN = 12
CHANGING = ("new", "changed")


def listed(files: Sequence[tuple[str, int]]) -> Markup:
    rows = [(name, _size(size)) for name, size in files]
    return details(
        f"{len(files)} {_files(len(files))} in the inbox", table("Files in the inbox", ("File", "Size"), rows)
    )


def summary(plan: Said) -> str:
    """How much is recognized, as one sentence or two."""
    files = plan["files"]
    known = sum(len(each["names"]) for each in files if each["status"] in ("known", *CHANGING))
    total = sum(len(each["names"]) for each in files)
    columns = sum(
        len(part["columns"]) for each in files if each["status"] in CHANGING for part in each["tables"]
    )
    said = f"{known} of {total} {_files(total)} recognized"
    if columns:
        said += f", {columns} columns of them new to this inbox"
    asked = len(plan["questions"])
    needs = {0: "nothing has to be asked", 1: "one question is left"}.get(
        asked, f"{asked} questions are left"
    )
    return f"{said}; {needs}."


def described(each: Said) -> Markup:
    """One kind of file: what it is, its columns, a few rows before and after."""
    kind = TABLES[each["table"]].row_is if each["table"] in TABLES else each["table"]
    what = f"one row is one {kind}" if each["table"] in TABLES else kind or ""
    title = ", ".join(filter(None, (f"{name_of(each)}: {each['status']}", what)))
    inner = [
        table(f"{_read_as(each, part['table'])}: columns", HEAD, _lines(part), labels=3)
        for part in each["tables"]
        if part["columns"]
    ]
    only = {
        f"As {part['table'].replace('_', ' ')}, only rows with {header} = {' or '.join(kept)}."
        for part in each["tables"]
        for header, kept in part["only"].items()
    }
    inner += (tag("p", text(sentence)) for sentence in sorted(only))
    inner += (_preview(shown, _read_as(each, shown["table"])) for shown in each["previews"])
    if each["unused"]:
        inner.append(tag("p", text(f"Not used, never loaded: {', '.join(each['unused'])}."), class_="quiet"))
    inner += (tag("p", text(note)) for note in each["notes"])
    told = [
        tag(
            "p",
            text(f"Not used, though it looks like {found['looks_like']}: {found['header']}."),
            class_="caution",
        )
        for found in each["overlooked"]
    ]
    return tag("div", details(title, *inner) if inner else tag("p", text(title)), *told)


def _read_as(each: Said, name: str) -> str:
    return f"{name_of(each)} as {name.replace('_', ' ')}"


def name_of(each: Said) -> str:
    first, *others = each["names"]
    return f"{first} and {len(others)} more" if others else first


def changeable(each: Said) -> dict[str, tuple[str, dict[str, str]]]:
    """What of a file may be read differently: the key of each answer, its words, and the possible answers."""
    tables = {name: f"One {known.row_is}" for name, known in TABLES.items()}
    found = {}
    if each["status"] not in ("known", "changed"):
        nothing = {"nothing": "Nothing to read: leave the file out"}
        found[f"{each['pattern']}: table"] = ("What one row is", tables | nothing)
    headers = {header: header for header in each["headers"]} | {"(none)": "None of the columns"}
    for position, part in enumerate(each["tables"]):
        if part["table"] not in TABLES or (each["status"] == "new" and position):
            continue
        prefix = "" if each["status"] == "new" else f"{part['table']}."
        for column in TABLES[part["table"]].columns:
            said = f"{column.name.replace('_', ' ')}: {column.meaning}"
            found[f"{each['pattern']}: {prefix}{column.name}"] = (said, headers)
    return found


HEAD = ("Ours", "In your file", "How its cells are read")


def _lines(part: Said) -> Iterator[tuple[str, str, str]]:
    for column in part["columns"]:
        told = [f"{theirs} = {ours}" for theirs, ours in column["values"][:VALUES_SHOWN]]
        more = ["..."] if len(column["values"]) > VALUES_SHOWN else []
        doubt = "" if column["is_sure"] else " (please check)"
        meaning = TABLES[part["table"]].column(column["ours"]).meaning.split("; ")[0]
        ours = f"{column['ours'].replace('_', ' ')}{doubt}: {meaning[0].lower()}{meaning[1:]}"
        yield ours, " + ".join(column["theirs"]), "; ".join([*column["forms"], *told, *more])


def _preview(shown: Said, title: str) -> Markup:
    """Each row twice: as it stands in the file, and as it will be read."""
    rows = []
    for before, after in zip(shown["before"], shown["after"], strict=True):
        rows += [("file", *before), ("read", *after)]
    caption = f"{title}: first rows, as in your file and as read; what could point to a person is masked"
    head = (shown["table"].replace("_", " "), *(name.replace("_", " ") for name in shown["ours"]))
    return table(caption, head, rows, labels=1 + len(shown["ours"]))


def accounts(report: Said) -> Markup:
    rows = [
        (
            each["file"],
            (each["table"] or "not used").replace("_", " "),
            *(wording.count(each[name]) for name in COUNTS),
        )
        for each in report["files"]
        if each["table"]
    ]
    head = ("File", "Read as", "Rows read", "Loaded", "Rejected", "Duplicate", "Out of scope")
    return table("Rows read are loaded, rejected, duplicate or out of scope", head, rows, labels=2)


SHOWN_HEADLINES = 5
HELD = "held"


def headlines(report: Said) -> Markup:
    """The numbers asked for first, before they are in force, beside those of the last build; all that are in doubt."""
    found = [
        each
        for place, each in enumerate(report["headlines"])
        if place < SHOWN_HEADLINES or each["is_doubtful"]
    ]
    rows = [
        (
            each["title"],
            wording.span(*(date.fromisoformat(f"{each[end]}-01") for end in ("from", "to"))),
            _number(each["metric"], each["old"], "no number"),
            _number(each["metric"], each["new"], wording.NOT_RECORDED),
            "look again" if each["is_doubtful"] else "none",
        )
        for each in found
    ]
    head = ("Headline", "Months", "Last build", "With these files", "Doubt")
    return table("The same months in the last build and with these files", head, rows, labels=2)


def is_held(report: Said) -> bool:
    """Whether nothing but a person's word keeps the build from going ahead."""
    found = [each for file in report["files"] for each in file["problems"]] + report["problems"]
    stopping = {severity for severity, code in EXIT_CODES.items() if code > 1}
    return {each["severity"] for each in found} & stopping == {HELD}


def _number(metric: str, value: float | None, lacking: str) -> str:
    return lacking if value is None else wording.amount(value, load_metrics()[metric].unit)


def messages(report: Said) -> list[Markup]:
    """All messages by cause, the gravest first."""
    found = [*report["problems"], *(each for file in report["files"] for each in file["problems"])]
    causes: dict[tuple, list[Said]] = {}
    for each in sorted(found, key=lambda each: (GRAVEST_FIRST.index(each["severity"]), each["code"])):
        causes.setdefault((each["severity"], each["code"]), []).append(each)
    return [message(*group) for group in causes.values()] or [
        tag("p", text("The checks found nothing to fix."))
    ]


def message(first: Said, *others: Said) -> Markup:
    """One cause: where it was found, what was expected, what to do; open if it stops the build."""
    same = (first, *others)
    facts = {
        "Expected": _shared(same, "expected"),
        "What to do": _shared(same, "fix"),
        "Code": first["code"],
    }
    pairs = (tag("dt", text(name)) + tag("dd", text(fact)) for name, fact in facts.items() if fact)
    rows = [
        (_where(each), _column(each), each["value"] or "", each["likely"] or "")
        for each in same[:MOST_LISTED]
    ]
    head = [(title, index) for index, title in enumerate(FOUND) if any(row[index] for row in rows)]
    listed = table(
        f"Where: {first['title'].lower()}",
        [title for title, _ in head],
        [[row[index] for _, index in head] for row in rows],
        labels=len(head),
    )
    count = sum(each["count"] for each in same)
    times = f" ({wording.count(count)})" if count > 1 else ""
    title = f"{wording.capital(first['severity'])}: {first['title']}{times}"
    is_grave = GRAVEST_FIRST.index(first["severity"]) < GRAVEST_FIRST.index("warning")
    more = len(same) - len(rows)
    rest = tag("p", text(f"And {more} more."), class_="quiet") if more else ""
    return details(
        title, tag("dl", *pairs, class_="definition"), listed if head else "", rest, is_open=is_grave
    )


FOUND = ("Where", "Column", "Found", "Likely")
MOST_LISTED = 20


def _shared(same: Sequence[Said], name: str) -> str:
    """What all of one cause say, or each of them in turn."""
    return " / ".join(dict.fromkeys(each[name] for each in same[:MOST_LISTED]))


def _column(each: Said) -> str:
    if not each["column"] or each["field"] in (None, each["column"]):
        return each["column"] or ""
    return f"{each['column']} (our field: {each['field']})"


def _where(each: Said) -> str:
    """File, sheet and rows, as a spreadsheet shows them."""
    rows = each["rows"] or ([each["row"]] if each["row"] else [])
    more = ", ..." if each["count"] > len(rows) > 1 else ""
    told = f"row {rows[0]}" if len(rows) == 1 else f"rows {', '.join(map(str, rows))}{more}" if rows else ""
    return ", ".join(filter(None, (each["file"], each["sheet"] and f"sheet {each['sheet']}", told)))


def _files(count: int) -> str:
    return "file" if count == 1 else "files"


def _size(size: float) -> str:
    units: Iterable[str] = ("bytes", "kB", "MB", "GB")
    for unit in units:
        if size < 1000 or unit == "GB":
            return f"{size:,.0f} {unit}"
        size /= 1000
    raise AssertionError
