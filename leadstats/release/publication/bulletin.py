"""The bulletin: what a release says, in sentences, charts and tables, in each language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leadstats.model import periods
from leadstats.model.language import LANGUAGES, Language, message
from leadstats.model.measures import Measure
from leadstats.model.settings import Event
from leadstats.narrative import wording
from leadstats.release.estimates import EstimateTable
from leadstats.release.history import Rounded
from leadstats.release.publication import drawing
from leadstats.release.publication.drawing import Bar
from leadstats.release.publication.edition import Edition
from leadstats.release.publication.labels import label, level_name
from leadstats.release.publication.notes import notes
from leadstats.release.publication.page import BulletinPage, escape, render, table
from leadstats.release.tables import PublicTable, ShareTable

PERIODS_IN_CHART = {"month": 36, "quarter": 16, "year": 12, "three_years": 6}
CHANGED = message("Since {day} something else is usual: {text}. Do not compare numbers before and after.")
UNITS = {"people": message("People"), "arrests": message("Arrests")}
PERIODS_IN_TABLE = {"month": 13, "quarter": 5, "year": 4, "three_years": 3}


def pages(edition: Edition) -> dict[str, bytes]:
    written: dict[str, bytes] = {}
    for language in LANGUAGES.values():
        book = _Book(edition, language)
        found = [
            book.overview(),
            *map(book.measure, book.measures()),
            *map(book.estimate, edition.estimates),
            book.about(),
        ]
        menu = [(page.path, page.title) for page in found]
        for page in found:
            written[f"bulletin/{language.code}/{page.path}"] = render(page, edition, language, menu)
    return written


@dataclass(frozen=True)
class _Book:
    edition: Edition
    language: Language

    def measures(self) -> list[Measure]:
        """In the order of the plan."""
        wanted = list(dict.fromkeys(wish.measure for wish in self.edition.plan.tables))
        held = {table_.measure.name: table_.measure for table_ in self.edition.tables}
        return [held[name] for name in wanted if name in held]

    def overview(self) -> BulletinPage:
        say = self.language.text
        parts = []
        for measure in self.measures():
            title = say(measure.title)
            table_ = self._over_time(self._own(measure))
            link = f'<p><a href="{measure.name}.html">{escape(say("More on: {title}", title=title))}</a></p>'
            parts.append(
                f"<section><h2>{escape(title)}</h2>{self._sentence(table_)}{self._columns(table_)}{link}</section>"
            )
        for estimate in self.edition.estimates:
            link = f'<p><a href="{estimate.estimate.series}.html">{escape(say("More on: {title}", title=say(estimate.metric.title)))}</a></p>'
            head = f"<h2>{escape(say(estimate.metric.title))}</h2>"
            parts.append(f"<section>{head}{self._estimated(estimate)}{link}</section>")
        lead = say(
            "These are numbers of people and, where it says so, of arrests. A number that stands for fewer than {threshold} people is hidden, and so "
            "is every number from which somebody could work one out.",
            threshold=self.edition.plan.threshold,
        )
        body = f"<p>{escape(lead)}</p>{''.join(parts)}"
        return BulletinPage(
            "index.html",
            say("Overview"),
            say("Key numbers of {program}.", program=self.edition.program),
            body,
        )

    def measure(self, measure: Measure) -> BulletinPage:
        say = self.language.text
        own = self._own(measure)
        notes = "".join(
            f"<p>{escape(say(text))}</p>"
            for text in (
                measure.definition,
                measure.caution,
                *([measure.sum_definition] if measure.sum_unit else []),
            )
        )
        notes += "".join(f"<p>{escape(text)}</p>" for text in self._warnings())
        body = [notes, self._sentence(self._over_time(own)), *self._sections(own)]
        for share in (share for share in self.edition.shares if share.measure == measure):
            body.append(self._share_section(share))
        sums = [table_ for table_ in self.edition.tables if table_.measure == measure and table_.is_sum]
        if sums:
            body += [f"<h2>{escape(say(measure.sum_title))}</h2>", self._sentence(self._over_time(sums))]
            body += self._sections(sums)
        return BulletinPage(
            f"{measure.name}.html", say(measure.title), say(measure.definition), "".join(body)
        )

    def estimate(self, estimate: EstimateTable) -> BulletinPage:
        say, title = self.language.text, self.language.text(estimate.metric.title)
        definition = estimate.definition_in(self.language)
        notes = "".join(
            f"<p>{escape(text)}</p>"
            for text in (definition, say(estimate.estimate.caution), *self._warnings())
        )
        rows = [[year, *self._ends(row)] for year, row in estimate.rows.items()]
        heads = [level_name(self.language, "year"), title, say("From"), say("To")]
        link = f'<p class="note"><a href="../../data/{estimate.name}.csv">{escape(say("Download the whole table (CSV)"))}</a></p>'
        body = notes + self._estimated(estimate) + table(title, heads, rows, say("not published")) + link
        return BulletinPage(f"{estimate.estimate.series}.html", title, definition, body)

    def _ends(self, row: Rounded | None) -> list[str | None]:
        if row is None:
            return [None, None, None]
        if row.bound:
            return [self._bounded(row), "", ""]
        return [*map(self.language.number, (row.value, row.low, row.high))]

    def _bounded(self, row: Rounded) -> str:
        number = self.language.number(row.value)
        more = self.language.text("{share} or more", share=number)
        return more if row.bound == "at_least" else self.language.text("{share} or less", share=number)

    def _estimated(self, estimate: EstimateTable) -> str:
        """The last year that is shown."""
        year, row = next((year, row) for year, row in reversed([*estimate.rows.items()]) if row)
        told = estimate.estimate
        values = {"period": year, "number": self.language.number(row.value), "bounded": ""}
        if row.bound:
            text = self.language.text(told.bounded_sentence, **values | {"bounded": self._bounded(row)})
        else:
            ends = {"low": self.language.number(row.low), "high": self.language.number(row.high)}
            text = self.language.text(told.sentence, **values | ends)
        return f'<p class="big">{escape(text)}</p>'

    def about(self) -> BulletinPage:
        say = self.language.text
        body = "".join(
            f"<h2>{escape(head)}</h2>" + "".join(f"<p>{escape(text)}</p>" for text in texts)
            for head, texts in notes(self.edition, self.language).items()
        )
        title = say("About these numbers")
        description = say(
            "How the numbers of {program} are made and protected.", program=self.edition.program
        )
        return BulletinPage("about.html", title, description, body + self._downloads())

    def _downloads(self) -> str:
        say = self.language.text
        whole = [
            ("../../public.parquet", say("All tables in one file (Parquet)")),
            ("../../data-dictionary.csv", say("What each column means (CSV)")),
            ("../../data/corrections.csv", say("Corrections (CSV)")),
            ("../../certificate.md", say("Certificate in words")),
            ("../../certificate.json", say("Certificate for machines (JSON)")),
            ("../../SHA256SUMS", say("Check sums of all files")),
        ]
        single = [(f"../../data/{table_.name}.csv", self._name(table_)) for table_ in self.edition.tables]
        single += [
            (
                f"../../data/{each.name}.csv",
                f"{say(each.metric.title)}: {level_name(self.language, 'year')} (CSV)",
            )
            for each in self.edition.estimates
        ]
        items = "".join(f'<li><a href="{path}">{escape(text)}</a></li>' for path, text in [*whole, *single])
        return f"<h2>{escape(say('Downloads'))}</h2><ul>{items}</ul>"

    def _own(self, measure: Measure) -> list[PublicTable]:
        return [table_ for table_ in self.edition.tables if table_.measure == measure and not table_.is_sum]

    def _sections(self, tables: Sequence[PublicTable]) -> Iterator[str]:
        """One section a breakdown; those with an outcome are told as percentages."""
        by = dict.fromkeys(table_.levels[1:] for table_ in tables if "outcome" not in table_.levels)
        for levels in by:
            same = sorted(
                (table_ for table_ in tables if table_.levels[1:] == levels),
                key=lambda t: periods.PUBLISHED.index(t.levels[0]),
            )
            # Months are too narrow for groups: they would be a wall of hidden numbers.
            yield self._section([t for t in same if t.levels[0] != "month"] or same if levels else same)

    def _section(self, same: Sequence[PublicTable]) -> str:
        """The finest periods and the longest: long ones show groups that are too small in short ones."""
        levels = same[0].levels[1:]
        head = self.language.text("Over time") if not levels else self._by(levels)
        chart = self._columns(same[0]) if not levels else self._bars(same[-1]) if len(levels) == 1 else ""
        chosen = same[:1] if len(same) == 1 else [same[0], same[-1]] if len(levels) < 2 else same[-1:]
        return f"<section><h2>{escape(head)}</h2>{chart}{''.join(self._table(each) for each in chosen)}</section>"

    def _by(self, levels: Sequence[str]) -> str:
        names = [level_name(self.language, level) for level in levels]
        if len(names) == 1:
            return self.language.text("By category: {name}", name=names[0])
        return self.language.text("By category: {name} and {second}", name=names[0], second=names[1])

    def _name(self, table_: PublicTable) -> str:
        names = [level_name(self.language, level) for level in table_.levels]
        return f"{self.language.text(table_.title)}: {', '.join(names)} (CSV)"

    @staticmethod
    def _over_time(tables: Sequence[PublicTable]) -> PublicTable:
        alone = [table_ for table_ in tables if len(table_.levels) == 1]
        return min(alone, key=lambda table_: periods.PUBLISHED.index(table_.levels[0]))

    def _sentence(self, table_: PublicTable) -> str:
        """The last shown period that is not shorter than a quarter, and the one before it."""
        say = self.language.text
        longer = [t for t in self.edition.tables if t.series == table_.series and len(t.levels) == 1]
        told = next(
            (t for time in ("quarter", "year", "month") for t in longer if t.levels[0] == time), table_
        )
        numbers = [
            (codes[0], number)
            for codes, number in told.numbers.items()
            if not self.edition.is_cut(told, codes[0])
        ]
        if not numbers:
            return ""
        period, number = numbers[-1]
        if number is None:
            text = say(
                "The number for {period} is hidden to protect privacy.", period=self.language.period(period)
            )
            if found := told.merged.get(period):
                text += f" {wording.capital(wording.together(found, self.language))}."
        else:
            message = table_.measure.sum_sentence if table_.is_sum else table_.measure.sentence
            text = say(message, period=self.language.period(period), number=self.language.number(number))
            if len(numbers) > 1 and numbers[-2][1] is not None and not self._changed(numbers[-2][0], period):
                text += f" {self._compared(number, *numbers[-2])}"
        return f'<p class="big">{escape(text)}</p>'

    def _changed(self, before: str, period: str) -> bool:
        """Whether, between two periods or within one, something changed for good what is counted."""
        first, last = periods.first_month(before), periods.last_day(period)
        return any(first < event.day <= last for event in self._new_baselines())

    def _warnings(self) -> list[str]:
        return [
            self.language.text(CHANGED, day=self.language.day(event.day), text=event.text.rstrip("."))
            for event in self._new_baselines()
        ]

    def _new_baselines(self) -> list[Event]:
        first, last = self.edition.coverage
        return [
            event for event in self.edition.events if event.is_new_baseline and first <= event.day <= last
        ]

    def _compared(self, number: int, before: str, was: int) -> str:
        say, period = self.language.text, self.language.period(before)
        if number == was:
            return say("That is as many as in {period}.", period=period)
        by = self.language.number(abs(number - was))
        if number > was:
            return say("That is {number} more than in {period}.", number=by, period=period)
        return say("That is {number} fewer than in {period}.", number=by, period=period)

    def _columns(self, table_: PublicTable) -> str:
        whole = [cell for cell in table_.numbers.items() if not self.edition.is_cut(table_, cell[0][0])]
        cells = whole[-PERIODS_IN_CHART[table_.levels[0]] :]
        rows = [
            Bar(
                self.language.short_period(codes[0]),
                number,
                self._of_everybody(table_, codes[0]) or self._written(number),
            )
            for codes, number in cells
        ]
        return self._figure(table_, rows, drawing.columns)

    def _bars(self, table_: PublicTable) -> str:
        last = max(codes[0] for codes in table_.numbers) if table_.numbers else ""
        rows = [
            Bar(label(self.language, table_.levels[1], codes[1]), number, self._written(number))
            for codes, number in table_.numbers.items()
            if codes[0] == last
        ]
        return self._figure(table_, rows, drawing.bars, last)

    def _figure(self, table_: PublicTable, rows: Sequence[Bar], draw, period: str = "") -> str:
        say = self.language.text
        title = ", ".join(filter(None, (say(table_.title), period and self.language.period(period))))
        known = [bar for bar in rows if bar.number is not None]
        if known:
            low, high = min(known, key=lambda bar: bar.number), max(known, key=lambda bar: bar.number)
            text = say(
                "Bar chart. Lowest shown: {low} ({low_label}). Highest: {high} ({high_label}).",
                low=low.written,
                low_label=low.label,
                high=high.written,
                high_label=high.label,
            )
        else:
            text = say("Bar chart. All numbers are hidden to protect privacy.")
        hatched = say("Hatched: hidden to protect privacy.") if len(known) < len(rows) else ""
        name = f"{table_.name}-{period}".replace("_", "-").rstrip("-")
        return (
            f"<figure>{draw(name, title, text, rows)}"
            f'<figcaption class="note">{escape(f"{title}. {text} {hatched}".strip())}</figcaption></figure>'
        )

    def _table(self, table_: PublicTable) -> str:
        say = self.language.text
        periods = list(dict.fromkeys(codes[0] for codes in table_.numbers))[
            -PERIODS_IN_TABLE[table_.levels[0]] :
        ]
        if len(table_.levels) == 1:
            rows = [[self.language.period(period), self._of_everybody(table_, period)] for period in periods]
            heads = [level_name(self.language, table_.levels[0]), say(table_.title)]
        else:
            groups = dict.fromkeys(codes[1:] for codes in table_.numbers)
            rows = [
                [
                    self._labels(table_.levels[1:], group),
                    *(self._cell(table_.numbers.get((period, *group))) for period in periods),
                ]
                for group in groups
            ]
            heads = [
                self._levels(table_.levels[1:]),
                *map(self.language.period, periods),
            ]
        caption = f"{say(table_.title)}: {self._levels(table_.levels)}"
        link = f'<p class="note"><a href="../../data/{table_.name}.csv">{escape(say("Download the whole table (CSV)"))}</a></p>'
        return table(caption, heads, rows, say("hidden")) + link

    def _share_section(self, share: ShareTable) -> str:
        say, measure = self.language.text, share.measure
        last = max((row.codes[0] for row in share.rows), default="")
        rows = [
            [
                self._labels(share.levels[1:], row.codes[1:]) or say("Everyone"),
                None if row.denominator is None else self.language.number(row.denominator),
                None if row.numerator is None else self.language.number(row.numerator),
                None if row.percent is None else self.language.percent(row.percent, row.bound),
            ]
            for row in share.rows
            if row.codes[0] == last
        ]
        question = say(measure.question)
        heads = [
            self._by(share.levels[1:]) if share.levels[1:] else "",
            say(UNITS[share.unit]),
            say(measure.yes),
            say("Percent"),
        ]
        heads[0] = heads[0] or say("Who")
        note = say("Hidden, or fewer than {least}.", least=self.edition.plan.least_denominator)
        return (
            f"<section><h2>{escape(question)}: {escape(self.language.period(last))}</h2>"
            + table(f"{question}, {self.language.period(last)}", heads, rows, say("hidden"))
            + f'<p class="note">{escape(note)} <a href="../../data/{share.name}.csv">'
            + f"{escape(say('Download the whole table (CSV)'))}</a></p></section>"
        )

    def _labels(self, levels: Sequence[str], codes: Sequence[str]) -> str:
        return ", ".join(label(self.language, *pair) for pair in zip(levels, codes, strict=True))

    def _levels(self, levels: Sequence[str]) -> str:
        return ", ".join(level_name(self.language, level) for level in levels)

    def _of_everybody(self, table_: PublicTable, period: str) -> str | None:
        """Where it is hidden, what it has with others; None where nothing of it is known."""
        found = table_.merged.get(period)
        if found is None:
            return self._cell(table_.numbers[period,])
        return f"{self.language.text('hidden')}; {wording.together(found, self.language)}"

    def _cell(self, number: int | None) -> str | None:
        return None if number is None else self.language.number(number)

    def _written(self, number: int | None) -> str:
        return self.language.text("hidden") if number is None else self.language.number(number)
