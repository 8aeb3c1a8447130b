"""What a number is waiting for, and which days the exports cover: never a zero."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from leadstats.counting.view import NOT_RECORDED, NOT_RELEASED, Published
from leadstats.model.language import say, say_plural
from leadstats.model.metrics import Metric, UnreadableMetric
from leadstats.model.schema import FACTS, TABLES
from leadstats.narrative import wording


def not_released(titles: Iterable[str]) -> str:
    return say("Not among the public numbers: {list}.", list=wording.listing(titles))


def missing(published: Published) -> str:
    """Which export, column or setting a figure is waiting for, in words a partner can act on."""
    if published.missing == NOT_RELEASED:
        return not_released([published.metric.title])
    return lacking(published.metric, published.metric.title, published.missing)


def lacking(metric: Metric, what: str, missing: Sequence[str]) -> str:
    """Which exports, columns or settings something waits for; or, where the file of its metric is wrong, how to
    put it right. missing: tables, "table.column", "site.key", or several of these joined by " or "."""
    if isinstance(metric, UnreadableMetric):
        return say(
            "{what} cannot be shown until a file of the tool is corrected. {line}.",
            what=what,
            line=metric.fault.line,
        )
    exports = [
        say("{name}.csv (one row per {row})", name=name, row=say(TABLES[name].row_is))
        for name in missing
        if name in TABLES
    ]
    if exports:
        return say_plural(
            "{what} needs {list}. It is not among the exports that were loaded.",
            "{what} needs {list}. They are not among the exports that were loaded.",
            len(exports),
            what=what,
            list=wording.listing(exports),
        )
    columns = [name for name in missing if name not in FACTS]
    said = [say(FACTS[name]) for name in missing if name in FACTS]
    if columns:
        needs = wording.listing(
            wording.listing(map(_recorded_where, name.split(" or ")), is_choice=True) for name in columns
        )
        said.insert(0, say("nothing that was loaded has {needs}", needs=needs))
    return say("{what} is not recorded: {why}.", what=what, why="; ".join(said))


def _recorded_where(name: str) -> str:
    table, _, column = name.partition(".")
    if name in FACTS:
        return f"{name} ({say(FACTS[name])})"
    if table not in TABLES:
        return say("{column} (in site.toml)", column=column)
    return f"{name} ({wording.small(say(TABLES[table].column(column).meaning))})"


def gaps(published: Published) -> str:
    """What the exports lack for some of the periods shown; empty if they cover all or none."""
    lacking = [cell.period for cell in published.cells if cell.hidden == NOT_RECORDED]
    if published.missing:
        return ""
    if not lacking:
        return ends(published)
    periods_lacking, all_periods = len(set(lacking)), len({cell.period for cell in published.cells})
    names = dict.fromkeys(each for name in published.not_recorded for each in name.split(" or "))
    said = [say(FACTS[name]) for name in names if name in FACTS]
    if tables := [name for name in names if name in TABLES]:
        said.insert(0, say("the exports of {list} do not tell enough of them", list=wording.listing(tables)))
    if columns := [name for name in names if name not in FACTS and name not in TABLES]:
        said.insert(0, say("not all exports cover them with {list}", list=wording.listing(columns)))
    why = "; ".join(said)
    if all_periods == 1:
        told = say("These months are not recorded: {why}.", why=why)
    else:
        told = say_plural(
            "{number} of {all} periods is not recorded: {why}.",
            "{number} of {all} periods are not recorded: {why}.",
            periods_lacking,
            number=periods_lacking,
            all=all_periods,
            why=why,
        )
    return f"{told} {ends(published)}".rstrip()


def ends(published: Published) -> str:
    """On which days the numbers begin and end, if the exports cover only a part of the months."""
    filters, first, last = published.filters, published.counts_from, published.data_through
    if all(cell.hidden == NOT_RECORDED for cell in published.cells):
        return ""
    said = []
    if first:
        said.append(
            say(
                "The numbers begin on {day}: of what was before, the exports do not tell enough.",
                day=wording.day(first),
            )
        )
    if last and filters.first_month <= last < filters.next_day - timedelta(days=1):
        said.append(
            say("The numbers end on {day}, with the exports that they rest on.", day=wording.day(last))
        )
    return " ".join(said)
