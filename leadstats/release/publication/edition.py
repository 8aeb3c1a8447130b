"""One release before it becomes files: what it says, about what, by whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from leadstats.model import periods
from leadstats.model.settings import Event
from leadstats.release.estimates import EstimateTable
from leadstats.release.history import Correction
from leadstats.release.plan import ReleasePlan
from leadstats.release.tables import PublicTable, ShareTable

LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"


@dataclass(frozen=True)
class Edition:
    """All that one release says, before it becomes files."""

    name: str
    program: str
    is_sample: bool
    data_through: date
    published_on: date
    approved_by: str
    database: str
    plan: ReleasePlan
    zones: Mapping[str, str]
    tables: tuple[PublicTable, ...]
    shares: tuple[ShareTable, ...]
    estimates: tuple[EstimateTable, ...] = ()
    left_out: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    begins: Mapping[str, date] = field(default_factory=dict)  # by measure, the first day of its numbers
    outlines: Mapping[str, str] = field(default_factory=dict)  # by place its GeoJSON geometry
    corrections: tuple[Correction, ...] = ()  # of all releases, this one's last
    is_rebased: bool = False
    # Series of which records were withdrawn or put elsewhere too: of all releases, once for each, this one's last.
    not_only_added: tuple[str, ...] = ()
    earlier: Mapping[str, str] = field(default_factory=dict)  # releases protected together: name, digest

    @property
    def title(self) -> str:
        return f"{self.program}: public statistics"

    @property
    def coverage(self) -> tuple[date, date]:
        labels = [
            codes[0] for table in self.tables for codes in table.numbers if table.levels[0] != "three_years"
        ]
        first = min(map(periods.first_month, labels), default=self.data_through.replace(day=1))
        return first, max(map(periods.last_day, labels), default=self.data_through)

    def is_cut(self, table: PublicTable, period: str) -> bool:
        """Whether the numbers of a measure begin within a period, so that it is no point of a line."""
        begun = self.begins.get(table.measure.name)
        return begun is not None and periods.first_month(period) < begun

    @property
    def corrected(self) -> tuple[Correction, ...]:
        """Of this release."""
        return tuple(each for each in self.corrections if self.is_rebased and each.day == self.published_on)

    @property
    def publisher(self) -> str:
        return self.plan.publisher.name or self.program
