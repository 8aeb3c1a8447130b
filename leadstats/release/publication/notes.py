"""What readers must know about every number of a release: for the bulletin and for the pages of the app."""

from collections.abc import Mapping

from leadstats.model.language import Language
from leadstats.release.history import Correction
from leadstats.release.publication.edition import Edition

CORRECTIONS = 50  # to be read in the notes
Notes = Mapping[str, list[str]]  # paragraphs by heading


def notes(edition: Edition, language: Language) -> Notes:
    say = language.text
    return {
        say("Why numbers are hidden"): _hiding(edition, language),
        say("Who is not counted"): _not_counted(edition, language),
        say("Corrections"): _corrections(edition, language),
        say("Who answers for this"): _answerable(edition, language),
    }


def _hiding(edition: Edition, language: Language) -> list[str]:
    say, plan = language.text, edition.plan
    return [
        say(
            "Few people stand behind a small number, and somebody might recognize them. Any number below "
            "{threshold} is hidden, zeros too, and so are further numbers from which it could be worked out by "
            "adding and subtracting. A hidden number could be 0 and could be {threshold} or more; only of a few is it known "
            "that they are {threshold} or more.",
            threshold=plan.threshold,
        ),
        say(
            "Shown numbers are rounded to the nearest {base}, so that sums may differ a little.",
            base=plan.rounding,
        )
        if plan.rounding
        else say(
            "Shown numbers are what the records said when a period was first published, or when they were last "
            "corrected; longer periods are the sum of their months. Late entries are added when numbers are "
            "corrected, and every number changed then is listed."
        ),
        say(
            "Before publication a program that plays the attacker tried to work out hidden numbers from all "
            "releases together. Its certificate lies beside the data.",
        ),
        say(
            "Percentages stand only where they rest on at least {least} people or, where arrests are counted, arrests.",
            least=plan.least_denominator,
        ),
        *(
            [
                say(
                    "Where the number of everybody in a period is hidden, it stands beside what that period has together with "
                    "other hidden ones. It is what shown numbers leave, so it tells nothing more."
                )
            ]
            if not plan.rounding
            else []
        ),
        *(
            [
                say(
                    "Estimates are rounded to steps at least as wide as what any one person could do to them, and so are the ends "
                    "of their ranges. They stand for whole years of the whole county alone, each once it has been "
                    "watched for a year, and stay as published unless a correction lists the change."
                )
            ]
            if edition.estimates
            else []
        ),
    ]


def _not_counted(edition: Edition, language: Language) -> list[str]:
    say = language.text
    return [
        say(
            "Only people in the records of the program and its partners are counted, each person once, or "
            "once a year where the page says so; where arrests are counted, each arrest counts. "
            "People who were never offered LEAD, or whose records carry no date, are in none of the numbers."
        ),
        say(
            "A month is published {days} days after its end. What is entered later changes it only together "
            "with many others: a small change would point at single people.",
            days=edition.plan.lag_days,
        ),
        say(
            "Every period and every category of the lists has a row, whether anybody is in it or not: that a "
            "row is there says nothing."
        ),
        say('Race and sex are as recorded; "Unknown" means that nothing was recorded.'),
    ]


def _corrections(edition: Edition, language: Language) -> list[str]:
    """The latest first; the file holds them all."""
    say, held = language.text, edition.corrections
    if not held:
        return [say("No number has been corrected so far.")]
    lines = [corrected(each, language) for each in held[::-1][:CORRECTIONS]]
    if edition.not_only_added:
        more = say("Records were not only added since: some were withdrawn, or put into another category.")
        lines.insert(0, more)
    if len(held) > CORRECTIONS:
        more = say("{number} more stand in corrections.csv.", number=language.number(len(held) - CORRECTIONS))
        lines.append(more)
    return lines


def corrected(each: Correction, language: Language) -> str:
    """One correction: what, old, new, when and why."""
    what = ", ".join((each.table, language.period(each.period), *each.categories))
    new = language.text("hidden") if each.new is None else language.number(each.new)
    return language.text(
        "{what}: {old} became {new} on {day}. Reason: {reason}",
        what=what,
        old=language.number(each.old),
        new=new,
        day=language.day(each.day),
        reason=each.reason,
    )


def _answerable(edition: Edition, language: Language) -> list[str]:
    say = language.text
    return [
        say(
            "{publisher} publishes these numbers; {approver} approved the release. Questions and errors: {email}.",
            publisher=edition.publisher,
            approver=edition.approved_by,
            email=edition.plan.publisher.email,
        ),
        say(
            "These pages work without scripts, on paper and with screen readers. If something does not work "
            "for you, write to the same address."
        ),
    ]
