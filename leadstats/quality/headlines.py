"""The numbers that boards ask for first, in the last build and in a new one, before that is put in force."""

from datetime import date
from pathlib import Path

from leadstats.counting.catalog import load_metrics
from leadstats.counting.coverage import coverage
from leadstats.counting.database import ProgramDatabase, open_database
from leadstats.counting.measure import measure
from leadstats.counting.view import Filters
from leadstats.ingest.report import Headline
from leadstats.model import periods
from leadstats.model.metrics import Metric

HEADLINES = (
    "people_referred", "people_enrolled", "arrests_diverted", "jail_nights", "people_placed_in_permanent_housing",
    "arrests", "jail_bookings", "people_exited", "intake_within_30_days", "stops",
)  # fmt: skip
MONTHS = 12


def headlines(former: Path | None, built: Path) -> tuple[Headline, ...]:
    """Each headline that either database file has, for the last twelve months that both reach.

    Months that only one of them reaches are new coverage, and are not compared.
    """
    new, old = _opened(built), _opened(former) if former else None
    try:
        found = [_headline(metric, old, new) for name, metric in load_metrics().items() if name in HEADLINES]
    finally:
        for database in filter(None, (old, new)):
            database.close()
    told = [each for each in found if each and (each.old is not None or each.new is not None)]
    return tuple(sorted(told, key=lambda each: HEADLINES.index(each.metric)))


def _opened(path: Path) -> ProgramDatabase | None:
    """None for a file from another version, whose numbers cannot be compared."""
    try:
        return open_database(path.parent, path.name)
    except FileNotFoundError:
        return None


def _headline(metric: Metric, old: ProgramDatabase | None, new: ProgramDatabase | None) -> Headline | None:
    known = [coverage(each, metric) for each in (old, new) if each]
    through = [each.through for each in known if each.through and not each.missing]
    if not through:
        return None
    last = periods.last_complete(min(through))
    first = max(periods.months_before(last, MONTHS - 1), *_first_months(metric, old, last))
    filters = Filters(first, last, "total")
    numbers = [_number(metric, each, filters) for each in (old, new)]
    return Headline(metric.name, metric.title, f"{first:%Y-%m}", f"{last:%Y-%m}", *numbers)


def _first_months(metric: Metric, old: ProgramDatabase | None, last: date) -> list[date]:
    """Where the last build begins; anything earlier is new coverage."""
    days = [old.first_days[source] for source in metric.sources if source in old.first_days] if old else []
    return [min(periods.start(min(days), "month"), last)] if days else [date.min.replace(year=1900)]


def _number(metric: Metric, database: ProgramDatabase | None, filters: Filters) -> float | None:
    if database is None:
        return None
    cells = measure(database, metric, filters, "analyst").cells
    return cells[0].value if len(cells) == 1 and not cells[0].hidden else None
