"""What the attack found, for readers, and what has changed since the last release."""

from pathlib import Path

from leadstats.audit import AuditReport
from leadstats.release.publication.edition import Edition


def readable(report: AuditReport, edition: Edition) -> str:
    about = report.as_json()
    threshold = edition.plan.threshold
    tables = sum(len(outcome.tables) for outcome in report.outcomes.values())
    floors = sum(len(outcome.floors) for outcome in report.outcomes.values())
    together = ", ".join(edition.earlier) or "none"
    found = sum(replayed.coverage[0] for replayed in report.replays.values())
    looked_at = sum(replayed.coverage[1] for replayed in report.replays.values())
    run = sum(replayed.tables for replayed in report.replays.values())
    pieces = sum(replayed.pieces for replayed in report.replays.values())
    whole = sum(replayed.complete for replayed in report.replays.values())
    left_out = about["hidden"] - sum(len(replayed.fitting) for replayed in report.replays.values())
    merged = sum(len(table.merged) for table in edition.tables)
    rounding = (
        f"Shown numbers are rounded to the nearest {edition.plan.rounding}.\n"
        if edition.plan.rounding
        else ""
    )
    return f"""# Certificate of release {edition.name}

{edition.title}. Data through {edition.data_through}, published on {edition.published_on}, approved by
{edition.approved_by}.

## What was promised

No number below {threshold} can be worked out from what is published, in this release or together with
earlier ones. A hidden number gives no hint: it may stand for nobody, for a few, or for {threshold} and more.
{rounding}
## What was tried

An attacker who knows every published number and every sum that must hold between them looked for the
smallest and the largest value that each hidden number can have. Then it took the place of somebody who has the
program itself, though not the secret order in which the program takes cells: would it have made this very
release of other tables too? The program chooses piece by piece, a piece being what hangs together by sums beside the totals of
everybody. Where not all tables that fit a piece could be run, a few were; a value that was not found
then says nothing. `certificate.json` lists for each hidden number the values that were. Percentages, estimates, sums of arrests, the copy of
all tables in `public.parquet` and the check sums were examined too.

| | |
|---|---|
| numbers shown in this release | {about["shown"]:,} |
| numbers hidden, in all releases together | {about["hidden"]:,} |
| unpublished combinations that overlapping tables bound | {about["joints_not_published"]:,} |
| hidden totals of everybody, of which the number together with others is shown and used by the attack | {merged:,} |
| earlier releases read together with this one | {together} |
| tables on which the program that chooses was run again | {run:,} |
| pieces of which all tables that fit were run | {whole:,} |
| pieces of which a sample of them was run | {pieces - whole:,} |
| hidden numbers in no piece that was run (sums, rounded numbers, tables that overlap in a wide ring) | {left_out:,} |
| values of hidden numbers, up to {threshold} and a little more, found possible so | {found:,} of {looked_at:,} |
| hidden numbers that could be inferred | {len(about["breaks"])} |

## How it can be checked

`certificate.json` holds {tables} tables of whole numbers. Each reproduces every shown number exactly, and
between them every hidden number is at least once 0 and at least once {threshold} or more. Only {floors} hidden
numbers are known to be {threshold} or more: the sums that prove it are listed with them. Adding up whole
numbers and fractions is enough to check all of it. Nobody can tell whether any of these tables is the true
one.

To attack the release yourself: `python -m leadstats audit RELEASE --with EARLIER`.

## What it does not cover

Knowledge about single people from elsewhere. An insider who knows who was referred needs no table.
"""


def changes(edition: Edition, before: Path | None) -> str:
    """The history of all releases, newest first."""
    old = (before / "CHANGELOG.md").read_text(encoding="utf-8").split("\n", 2)[2] if before else ""
    first, last = edition.coverage
    lines = [
        "# Changes",
        "",
        f"## {edition.name}, published on {edition.published_on}",
        "",
        f"- Periods from {first:%Y-%m} to {last:%Y-%m}; data through {edition.data_through}.",
        _unchanged(edition) if before else "- First release.",
        f"- {len(edition.tables)} tables.",
        "",
    ]
    return "\n".join(lines) + ("\n" + old if old else "")


def _unchanged(edition: Edition) -> str:
    if not edition.corrected:
        return "- Numbers published before are unchanged; no corrections."
    reason = edition.corrected[0].reason
    return f"- {len(edition.corrected)} numbers published before have changed: {reason}. All are in data/corrections.csv."
