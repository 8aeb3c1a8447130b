"""Which columns of a file to take, ask about or leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from leadstats.assistant import values
from leadstats.assistant.asking import Asker
from leadstats.assistant.meeting import Surroundings
from leadstats.assistant.questions import LEFT
from leadstats.model.schema import TABLES, Column, Table
from leadstats.recognition import constraints, forms, suggest
from leadstats.recognition.claims import IS_SURE, Claim
from leadstats.recognition.relations import CARRIERS
from leadstats.recognition.suggest import Judge

FILLED_AS_OFTEN = 0.5
ENDS = ("released_at", "exited_on")  # without them nobody would ever leave


@dataclass(frozen=True)
class Chosen:
    """The file's columns for ours, our columns it does not have, and what to say about them."""

    claims: Mapping[str, Claim]
    absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def choose(judge: Judge, asker: Asker, around: Surroundings, table: Table) -> Chosen:
    """The columns as claimed or answered; asks if two fit, or none is sure."""
    return _Choosing(judge, asker, around).run(table)


class _Choosing:
    def __init__(self, judge: Judge, asker: Asker, around: Surroundings):
        self.judge, self.sheet, self.asker, self.around = judge, judge.sheet, asker, around
        self.absent: list[str] = []
        self.notes: list[str] = []

    def run(self, table: Table) -> Chosen:
        person = self.judge.as_table(table.name).claims.get("person_id")
        self.asker.person = person.headers[0] if person else None
        answers = {column.name: self.asker.told_column(column) for column in table.columns}
        told = {name: None if said == LEFT else said for name, said in answers.items() if said is not None}
        claims = dict(self.judge.as_table(table.name, told).claims)
        self.absent += [name for name, header in told.items() if header is None]
        for column in table.columns:
            if column.name not in told:
                self._weigh(table, column, claims)
            if column.name == "person_id" and "person_id" in claims:
                self.asker.person = claims["person_id"].headers[0]
        claims = self._with_clocks(table, claims)
        return Chosen(claims, tuple(self.absent), tuple(self.notes))

    def _weigh(self, table: Table, column: Column, claims: dict[str, Claim]) -> None:
        """Takes the claim of one column, asks about it, or leaves it."""
        if column.name in (carrier for carrier, _ in CARRIERS.values()) and self.around.meetings:
            self._join_events(table, column, claims)
        elif column.name == "person_id" and self.around.joins:
            self._join_people(column, claims)
        elif claim := claims.get(column.name):
            taken = {header for each in claims.values() for header in each.headers}
            others = self._differing(column, claim, self.judge.rivals(table.name, claim, taken))
            if others:
                self._take(
                    column, claims, [claim.headers[0], *others], self._both_counts(column, claim, others)
                )
            elif not claim.is_sure and (column.required or column.decides):
                self._take(column, claims, [*claim.headers, *self.judge.candidates(table.name, column.name)])
            elif column.name == "is_diverted":
                said = f"By {claim.headers[0]}: {self._outcomes(claim.headers[0])}."
                text = "Which column says what became of the arrest: diverted, booked or cited?"
                self._take(column, claims, [claim.headers[0]], said, claim.headers[0], text)
        elif column.required and not self._is_given(table, column):
            self._take(column, claims, self.judge.candidates(table.name, column.name))
        elif column.decides:
            found = self._could_be(table, column, claims)
            if found:
                self._take(column, claims, found, default=None if column.name in (*ENDS, "race") else LEFT)

    def _take(
        self,
        column: Column,
        claims: dict[str, Claim],
        likely: Sequence[str],
        said: str = "",
        default: str | None = None,
        text: str = "",
    ) -> None:
        answer = self.asker.ask_column(column, likely, default, text, said)
        if answer == LEFT:
            claims.pop(column.name, None)
            self.absent.append(column.name)
        elif answer is not None and column.name not in claims:
            claims[column.name] = Claim(column.name, (answer,), IS_SURE, ("the likeliest",))

    def _join_events(self, table: Table, column: Column, claims: dict[str, Claim]) -> None:
        """The number that two files share; a number that joins them wins over what a header says."""
        meetings = self.around.meetings
        joining = [each for each in meetings if each.joins]
        claim = claims.get(column.name)
        is_target = TABLES[table.name].key[:1] == (column.name,)
        mine = [each.number if is_target else each.carried for each in joining]
        said = "; ".join(each.in_words for each in (joining or meetings)[:3])
        if not joining:
            if claim and not is_target:
                default = claim.headers[0] if self.around.is_outcome_told else None
                self._take(column, claims, [*claim.headers], f"{said}.", default)
            return
        best = mine[0]
        sure = best
        if is_target:
            person, dated = (claims.get(name) for name in ("person_id", table.dated_by))
            event = [each.headers[0] for each in (person, dated) if each]
            if not constraints.repeats(self.sheet, (best,), event).are_one_event:
                said, sure = f"{said}, but {best} alone repeats for several events", None
        if sure:
            claims[column.name] = Claim(column.name, (best,), 0.95, (said,))
        if not is_target:
            return  # asked about the file whose own number it is
        text = "Which number do the files share, so that an arrest finds its referral or its stay?"
        self._take(column, claims, [*mine, *(claim.headers if claim else ())], f"{said}.", sure, text)

    def _join_people(self, column: Column, claims: dict[str, Claim]) -> None:
        """Of two columns that number people, the one whose numbers the program's own files know."""
        best, claim = self.around.joins[0], claims.get("person_id")
        if claim and claim.headers == (best.number,):
            claims["person_id"] = replace(claim, evidence=(best.in_words, *claim.evidence))
            return
        profile = self.sheet.profile(best.number)
        sure = best.number if profile.filled >= forms.FITS * profile.rows else None
        if sure:
            claims["person_id"] = Claim("person_id", (sure,), 0.95, (best.in_words,))
        likely = [each.number for each in self.around.joins]
        self._take(column, claims, [*likely, *(claim.headers if claim else ())], f"{best.in_words}.", sure)

    def _differing(self, column: Column, claim: Claim, rivals: Sequence[str]) -> list[str]:
        """The rivals that are filled about as often, and differ in some row."""
        if not rivals or not (column.required or column.is_date or column.kind in ("races", "flag")):
            return []
        enough = FILLED_AS_OFTEN * self.sheet.profile(claim.headers[0]).filled
        found = [each for each in rivals if self.sheet.profile(each).filled >= enough]
        return [each for each in found if any(a != b for a, b in self.sheet.rows_of(claim.headers[0], each))]

    def _both_counts(self, column: Column, claim: Claim, others: Sequence[str]) -> str:
        first = claim.headers[0]
        pairs = list(self.sheet.rows_of(first, others[0]))
        differ = sum(a != b for a, b in pairs)
        return f"{first} and {others[0]} say it differently in {differ:,} of {len(pairs):,} rows."

    def _outcomes(self, header: str) -> str:
        profile = self.sheet.profile(header)
        words = values.words_of(TABLES["arrest"].column("is_diverted"), profile.values)
        yes = sum(
            count
            for value, count in profile.values.items()
            if words.values.get(value, value).lower() in ("yes", "true", "1")
        )
        return f"{yes:,} of {profile.filled:,} were diverted"

    def _could_be(self, table: Table, column: Column, claims: Mapping[str, Claim]) -> list[str]:
        """Unused columns that could be one that no header names; an end must come after its beginning."""
        taken = {header for each in claims.values() for header in each.headers} | {*self.judge.marked}
        found = self.judge.could_be(table.name, column.name, taken)
        if column.kind == "races" and (self.judge.marked or self._is_given(table, column)):
            return []
        if not column.is_date:
            return found
        earlier = claims.get(constraints.ORDERS.get(table.name, {}).get(column.name, ""))
        if earlier is None:
            return []
        orders = {each: constraints.order(self.sheet, earlier.headers[0], each) for each in found}
        return [each for each, order in orders.items() if order and order.share >= constraints.NEARLY_ALL]

    def _is_given(self, table: Table, column: Column) -> bool:
        has_groups = table.name == "population" and bool(self.judge.wide)
        return column.kind == "choice" or has_groups or column.name == "seen_on"

    def _with_clocks(self, table: Table, claims: dict[str, Claim]) -> dict[str, Claim]:
        """Jails and police often keep the time of a day in a column of its own, named like that of the day."""
        for name, claim in claims.items():
            if not table.column(name).may_have_time or len(claim.headers) > 1:
                continue
            taken = {header for each in claims.values() for header in each.headers}
            clock = suggest.clock_of(self.sheet, claim.headers[0], taken)
            if clock:
                claims[name] = replace(claim, headers=(*claim.headers, clock))
                self.notes.append(f"The time of {claim.headers[0]} is taken from {clock}.")
        return claims
