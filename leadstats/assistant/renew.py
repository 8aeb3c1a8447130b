"""The second month: an existing mapping is kept, and only what is new in a file is asked about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec import structs
from rapidfuzz import fuzz

from leadstats.assistant import rows, values
from leadstats.assistant.asking import Asker
from leadstats.assistant.questions import LEFT, Answers, MappingQuestion
from leadstats.model.schema import TABLES
from leadstats.model.settings import ROW, FileMapping
from leadstats.recognition import constraints, forms, moments, race_columns
from leadstats.recognition.claims import IS_SURE
from leadstats.recognition.fit import fit
from leadstats.recognition.suggest import Judge
from leadstats.recognition.vocabulary import likeness, plain

MARGIN = 0.1  # how much better the best of several new columns must be than the next
BY_VALUES = 0.95


@dataclass(frozen=True)
class Renewal:
    """A mapping with what is new in a file, the questions about that, and remarks by part and key."""

    mapping: FileMapping
    questions: tuple[MappingQuestion, ...] = ()
    remarks: Mapping[tuple[str, str], str] | None = None


def renew(judge: Judge, mapping: FileMapping, answers: Answers) -> Renewal:
    """The mapping with what is new in the file added to it."""
    return _Renewing(judge, mapping, answers).run()


class _Renewing:
    def __init__(self, judge: Judge, mapping: FileMapping, answers: Answers):
        self.judge, self.sheet, self.mapping = judge, judge.sheet, mapping
        self.asker = Asker(judge.sheet, mapping.pattern, answers, is_known=True)
        self.asker.table = mapping.table
        self.there = {_plain(header): header for header in self.sheet.headers}
        self.remarks: dict[tuple[str, str], str] = {}

    def run(self) -> Renewal:
        person = self._header(self.mapping.columns.get("person_id", ("",))[0])
        self.asker.person = person
        self._find_again()
        self._take_answers()
        self.mapping = structs.replace(
            self.mapping, formats={**self.mapping.formats, **dict(self._written_anew())}
        )
        for name, words in self._news():
            told = values.told(self.asker, TABLES[self.mapping.table].column(name), words, is_new=True)
            if told:
                merged = {**self.mapping.values.get(name, {}), **told}
                self.mapping = structs.replace(self.mapping, values={**self.mapping.values, name: merged})
        self._judge_rows()
        return Renewal(self.mapping, tuple(self.asker.questions), self.remarks)

    def _header(self, theirs: str) -> str | None:
        """A header of the mapping as it is in this file, under its own name or a newer one."""
        found = self.there.get(_plain(theirs))
        for new, old in self.mapping.renamed.items():
            if found is None and _plain(old) == _plain(theirs):
                found = self.there.get(_plain(new))
        return found

    def _named(self) -> dict[str, list[str]]:
        """The headers that the mapping names, and the columns of ours that each serves."""
        named: dict[str, list[str]] = {}
        for column, headers in self.mapping.columns.items():
            for header in headers:
                if header != ROW:
                    named.setdefault(header, []).append(column)
        for part in (self.mapping.wide, self.mapping.marked, self.mapping.only, self.mapping.links):
            for header in part:
                named.setdefault(header, [])
        return named

    def _find_again(self) -> None:
        """Looks for headers that the file no longer has: by their cells, under a new name, or by asking."""
        named = self._named()
        used = {self._header(header) for header in named}
        free = [header for header in self.sheet.headers if header not in used]
        fresh = [header for header in free if _plain(header) not in {*map(_plain, self.mapping.headers)}]
        for lost in [header for header in named if self._header(header) is None]:
            answer = self._told_of(lost, named[lost])
            if answer is None:
                answer = self._asked_for(lost, named[lost], fresh or free)
            if answer == LEFT:
                self._leave(named[lost])
            elif answer is not None:
                self.mapping = structs.replace(self.mapping, renamed={**self.mapping.renamed, answer: lost})
                self.remarks.setdefault(("renamed", answer), "answered")

    def _told_of(self, lost: str, columns: list[str]) -> str | None:
        table = TABLES[self.mapping.table]
        for name in columns:
            answer = self.asker.told_column(table.column(name), lost)
            if answer is not None:
                return answer
        return self.asker.told(lost, (*self.sheet.headers, LEFT)) if not columns else None

    def _asked_for(self, lost: str, columns: list[str], free: list[str]) -> str | None:
        table = TABLES[self.mapping.table]
        scored = sorted(((self._suits(lost, columns, header), header) for header in free), reverse=True)
        ((best, why), header), *others = scored or [((0.0, ""), None)]
        next_best = others[0][0][0] if others else 0.0
        is_sure = best >= IS_SURE and best - next_best >= MARGIN
        ours = [table.column(name) for name in columns]
        decides = any(column.required or column.decides for column in ours) or not ours
        if not is_sure and not decides:
            return None  # the build says that it is missing, and counts it as not known
        if is_sure:
            self.remarks["renamed", header] = f"{lost} until now: {why}"
        default = header if is_sure else None
        likely = [header for (score, _), header in scored if score > 0]
        meant = ", ".join(name.replace("_", " ") for name in columns) or "which rows count, or a group"
        text = f"The column {lost!r} is gone. Which one is it now ({meant})?"
        if ours:
            return self.asker.ask_column(ours[0], likely, default, text, f"{why}." if is_sure else "")
        options = [
            (each, self.asker.described(each)) for each in dict.fromkeys((*likely, *self.sheet.headers))
        ]
        return self.asker.ask(lost, text, [*options, (LEFT, "None: it is gone")], default)

    def _suits(self, lost: str, columns: list[str], header: str) -> tuple[float, str]:
        """How well a new column fits a lost one: by the values it had, or else by name and cells."""
        profile = self.sheet.profile(header)
        if not profile.filled:
            return 0.0, ""
        total = sum(profile.values.values())
        for name in columns:
            known = {value.strip().lower() for value in self.mapping.values.get(name, {})}
            share = sum(count for value, count in profile.values.items() if value.lower() in known) / total
            if known and share >= forms.FITS and profile.distinct > 1:
                return BY_VALUES + 0.05 * share, f"{share:.0%} of its cells are values that {lost} had"
        only = {
            value.lower()
            for value in (*self.mapping.only.get(lost, ()), *self.mapping.left_out.get(lost, ()))
        }
        share = sum(count for value, count in profile.values.items() if value.lower() in only) / total
        if only and share >= forms.FITS and profile.distinct > 1:
            return BY_VALUES + 0.05 * share, f"{share:.0%} of its cells are values that {lost} had"
        for part in (self.mapping.wide, self.mapping.marked):
            if lost in part and race_columns.race_of_header(header) == part[lost]:
                return BY_VALUES, "its header names the same group"
        alike = fuzz.token_sort_ratio(plain(lost), plain(header)) / 100
        best, why = 0.0, ""
        for name in columns:
            column = TABLES[self.mapping.table].column(name)
            said = max(alike, likeness(header, self.mapping.table, name))
            fitting = fit(column, profile, said)
            order = self._order(name, header)
            if fitting >= 0.3 and (order is None or order.share >= constraints.NEARLY_ALL):
                score = 0.7 * said + 0.3 * fitting
                held = f", on or after its beginning in {order.in_words}" if order else ""
                best, why = max((best, why), (score, f"the header and the cells fit{held}"))
        return best, why

    def _order(self, name: str, header: str) -> constraints.Order | None:
        earlier = constraints.ORDERS.get(self.mapping.table, {}).get(name)
        start = self._header(self.mapping.columns.get(earlier, ("",))[0]) if earlier else None
        return constraints.order(self.sheet, start, header) if start else None

    def _leave(self, columns: list[str]) -> None:
        kept = {name: headers for name, headers in self.mapping.columns.items() if name not in columns}
        absent = tuple(dict.fromkeys((*self.mapping.absent, *columns)))
        self.mapping = structs.replace(self.mapping, columns=kept, absent=absent)

    def _take_answers(self) -> None:
        """Takes answers that change how columns are read, whether or not they were asked for."""
        for column in TABLES[self.mapping.table].columns:
            current = self.mapping.columns.get(column.name, ())
            if any(self._header(header) is None for header in current if header != ROW):
                continue
            answer = self.asker.told_column(column)
            if answer == LEFT:
                self._leave([column.name])
            elif answer is not None and [self._header(each) or each for each in current] != [answer]:
                absent = tuple(name for name in self.mapping.absent if name != column.name)
                columns = {**self.mapping.columns, column.name: (answer,)}
                self.mapping = structs.replace(self.mapping, columns=columns, absent=absent)
                self.remarks["columns", column.name] = "answered"

    def _written_anew(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Dates that the formats known so far do not read, with the formats that do."""
        for name, theirs in self.mapping.columns.items():
            is_date = TABLES[self.mapping.table].column(name).is_date
            header = self._header(theirs[0]) if is_date else None
            if header is None or not (profile := self.sheet.profile(header)).filled:
                continue
            known = self.mapping.formats.get(name, ())
            if moments.read_by(profile.values, known) < forms.FITS:
                new = moments.dates(profile.values, may_be_serial=True)
                if new.share >= forms.FITS and new.formats:
                    yield name, (*known, *(each for each in new.formats if each not in known))

    def _news(self) -> Iterator[tuple[str, forms.Words]]:
        for name, theirs in self.mapping.columns.items():
            told = {value.strip().lower() for value in self.mapping.values.get(name, {})}
            told |= {value.lower() for value in self.mapping.missing}
            cells: dict[str, int] = {}
            for header in filter(None, map(self._header, theirs)):
                cells |= {v: n for v, n in self.sheet.profile(header).values.items() if v.lower() not in told}
            separator = self.mapping.split.get(name)
            if separator:
                parts = {part.strip() for value in cells for part in value.split(separator)}
                cells = {part: 1 for part in parts if part and part.lower() not in told}
            words = values.words_of(TABLES[self.mapping.table].column(name), cells) if cells else None
            is_new = words and (words.values or words.unclear or words.together)
            if is_new and name not in ("sex", "gender"):
                yield name, words

    def _judge_rows(self) -> None:
        """New programs and kinds of rows, where it is written down which are left out."""
        for header in self.mapping.left_out:
            theirs = self._header(header)
            if theirs is None:
                continue
            scope = rows.Scope(theirs, self.mapping.only[header], self.mapping.left_out[header])
            new = rows.new_values(self.asker, scope)
            self.mapping = structs.replace(
                self.mapping,
                only={**self.mapping.only, header: new.only},
                left_out={**self.mapping.left_out, header: new.left_out},
            )


def _plain(name: str) -> str:
    return " ".join(name.split()).lower()
