"""What tells the events of a file apart: a number in the file, a substitute for one, or the row."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from leadstats.model.schema import Table
from leadstats.model.settings import ROW
from leadstats.recognition import constraints, forms
from leadstats.recognition.claims import BY_ELIMINATION, IS_SURE, Claim, numbers_events
from leadstats.recognition.fit import is_number
from leadstats.recognition.profile import Sheet
from leadstats.recognition.vocabulary import names_a_person, unwanted

# Tables in which nobody has two events at one time, so that person and time number them.
ONE_AT_A_TIME = ("referral", "enrollment", "arrest", "jail_stay")


def numbered(sheet: Sheet, table: Table, claims: dict[str, Claim], marked: Iterable[str]) -> dict[str, Claim]:
    """The claims, with one for the number of each event: the column that has it, or that column with the person, or with
    person and time; or person and time alone; or the row.

    `marked`: headers of columns that say yes or no to a race, and so number nothing.
    """
    row_id = next((column for column in table.columns if numbers_events(table, column)), None)
    if row_id is None or not row_id.required:
        return claims
    found = claims.get(row_id.name)
    person, dated = claims.get("person_id"), claims.get(table.dated_by or "")
    of_event = [claim.headers[0] for claim in (person, dated) if claim]
    if found:
        number = found.headers
        # Moves within a jail are rows of one stay with other times; the build tells them from two stays.
        one = of_event[:1] if table.name == "jail_stay" and person else of_event
        rows = constraints.repeats(sheet, number, one)
        if rows.are_one_event:
            said = "no number repeats" if not rows.repeated else f"{rows.in_words} repeat it for one event"
            return claims | {row_id.name: replace(found, evidence=(said, *found.evidence))}
        for more in (of_event[:1], of_event) if person else ():
            headers = tuple(dict.fromkeys((*number, *more)))
            if constraints.repeats(sheet, headers, of_event).are_one_event:
                said = f"{number[0]} alone repeats for several events"
                return claims | {row_id.name: Claim(row_id.name, headers, 0.75, (said,))}
        further = (
            claim.headers[0] for name, claim in claims.items() if name not in (row_id.name, "person_id")
        )
        for header in further:
            headers = tuple(dict.fromkeys((*number, *of_event, header)))
            if sheet.are_unique(headers):
                said = f"{number[0]} alone repeats for several events"
                return claims | {row_id.name: Claim(row_id.name, headers, 0.75, (said,))}
    taken = {header for claim in claims.values() for header in claim.headers}
    if numbers := _unclaimed(sheet, {*taken, *marked}, of_event):
        # If several columns could be the number, a person says which; in none of them do two events share one.
        is_filled = sheet.profile(numbers[0]).filled == sheet.rows
        sure = BY_ELIMINATION if len(numbers) == 1 and is_filled else IS_SURE - 0.01
        said = "no header says so, but its cells number the rows"
        return claims | {row_id.name: Claim(row_id.name, numbers[:1], sure, (said,))}
    if person and dated and table.name in ONE_AT_A_TIME and _are_filled(sheet, person, dated):
        headers = (person.headers[0], dated.headers[0])
        said = "no column numbers the rows; the person and the time do"
        # A row without a day is not an event; a row without a person is, and would have no number.
        events = [(who, when) for who, when in sheet.rows_of(*headers) if when]
        are_unique = len({*events}) == len(events) and all(who for who, _ in events)
        sure = 0.75 if are_unique else IS_SURE - 0.01
        return claims | {row_id.name: Claim(row_id.name, headers, sure, (said,))}
    if dated:
        return claims | {row_id.name: Claim(row_id.name, (ROW,), 0.73, ("no column numbers the rows",))}
    return claims


def _unclaimed(sheet: Sheet, taken: Collection[str], of_event: Sequence[str]) -> tuple[str, ...]:
    """Free columns whose cells number events, whatever their headers say: the fullest first, then those in which several
    rows share the number of one event."""
    found = {}
    for profile in sheet.columns:
        header = profile.header
        is_free = header not in taken and unwanted(header) < 0.8 and not names_a_person(header)
        if is_free and is_number(profile) and not constraints.counts_rows(sheet, header):
            rows = constraints.repeats(sheet, (header,), of_event)
            if rows.are_one_event:
                found[header] = rows.empty, -rows.repeated
    return tuple(sorted(found, key=lambda header: found[header]))


def _are_filled(sheet: Sheet, *claims: Claim) -> bool:
    profiles = [sheet.profile(claim.headers[0]) for claim in claims]
    return all(each.filled >= forms.FITS * each.rows for each in profiles)
