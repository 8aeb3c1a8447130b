"""The attacker: reads a release as an outsider does and reports everything that can be inferred.

Shares no code with the part that protects, and runs it as a black box alone. Whatever it calls safe rests on tables of whole numbers
that reproduce every shown number; whatever it calls broken on sums of shown numbers. Both are kept.
"""

import dataclasses
import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from leadstats.audit.estimates import check_estimates
from leadstats.audit.folder import PublishedRelease, UnreadableError, read
from leadstats.audit.inference import Break, Outcome, System, attack, explain, proves
from leadstats.audit.linking import group_changes, revisions, since_revision, systems
from leadstats.audit.replay import Program, Replay, replay
from leadstats.audit.shares import check_shares, check_sums

__all__ = ["AuditReport", "UnreadableError", "audit", "small_revisions", "verify"]


@dataclass(frozen=True, eq=False)
class AuditReport:
    releases: tuple[PublishedRelease, ...]
    systems: Mapping[str, System]
    outcomes: Mapping[str, Outcome]
    replays: Mapping[str, Replay]
    others: tuple[Break, ...]  # found without equations: shares, sums, revisions, changed files
    seconds: float
    lacking: tuple[str, ...] = ()  # earlier releases that would have to be known to run the program

    @property
    def breaks(self) -> list[Break]:
        found = [
            dataclasses.replace(each, cell=f"{measure}: {each.cell}" if each.cell else measure)
            for measure, outcome in self.outcomes.items()
            for each in outcome.breaks
        ]
        told = [
            dataclasses.replace(each, cell=f"{measure}: {each.cell}")
            for measure, replayed in self.replays.items()
            for each in replayed.breaks
        ]
        return [*found, *self.others, *told]

    def _proven(self) -> Iterator[tuple[Break, list[str]]]:
        """Each break with the sums of shown numbers that lead to it."""
        proofs = [
            [explain(self.systems[measure], bound) for bound in each.proof if bound.multipliers]
            for measure, outcome in self.outcomes.items()
            for each in outcome.breaks
        ]
        others = itertools.islice(self.breaks, len(proofs), None)
        yield from itertools.chain(zip(self.breaks, proofs, strict=False), ((each, []) for each in others))

    @property
    def exit_code(self) -> int:
        return 1 if self.breaks else 0

    def as_json(self) -> dict[str, Any]:
        """The certificate without its proofs, for people and scripts."""
        return {
            "releases": [release.name for release in self.releases],
            "is_safe": not self.breaks,
            "threshold": self.releases[-1].threshold,
            "shown": _shown_cells(self.releases[-1]),
            "hidden": sum(_own(system).sum() for system in self.systems.values()).item()
            if self.systems
            else 0,
            "joints_not_published": sum(system.is_joint().sum() for system in self.systems.values()).item()
            if self.systems
            else 0,
            "not_replayed_for_lack_of": list(self.lacking),
            "replayed": {measure: replayed.as_json() for measure, replayed in self.replays.items()},
            "breaks": [
                {"cell": each.cell, "low": each.low, "high": each.high, "why": each.why, "proof": proof}
                for each, proof in self._proven()
            ],
        }

    def as_text(self) -> str:
        about = self.as_json()
        names = " with ".join(about["releases"])
        lines = [f"{names}: {about['shown']:,} numbers shown, {about['hidden']:,} hidden."]
        if not self.breaks:
            lines.append(
                f"Nothing can be inferred: each hidden number may be 0 (or is provably {about['threshold']} or more), "
                f"and may be {about['threshold']} or more."
            )
        lines += [f"{measure}: {replayed.in_words()}" for measure, replayed in self.replays.items()]
        if self.lacking:
            lines.append(f"The program was not run, as it went on from {', '.join(self.lacking)}.")
        for each in about["breaks"]:
            span = (
                ""
                if each["low"] is None
                else f" [{each['low']}, {'...' if each['high'] is None else each['high']}]"
            )
            lines.append(f"BROKEN {each['cell']}{span}: {each['why']}")
            lines += [f"       {line}" for line in each["proof"]]
        lines.append(f"Attacked in {self.seconds:.1f} seconds.")
        return "\n".join(lines)

    def certificate(self) -> dict[str, Any]:
        """All that is needed to check the verdict again with whole numbers and fractions only."""
        measures = {
            measure: {
                "hidden": list(system.names),
                "tables": _packed(self.outcomes[measure].tables),
                "floors": {
                    system.names[cell]: {
                        "value": bound.value,
                        "multipliers": [[row, str(multiplier)] for row, multiplier in bound.multipliers],
                    }
                    for cell, bound in self.outcomes[measure].floors.items()
                },
            }
            for measure, system in self.systems.items()
        }
        return self.as_json() | {"measures": measures}


def audit(paths: Sequence[Path], programs: Mapping[str, Program] | None = None) -> AuditReport:
    """Attacks the first release with all that the others, published earlier, add to it.

    programs: by measure the program that chose what the first release hides, to be run on other tables, unless one of
    the releases that it went on from is not given.
    """
    start = time.perf_counter()
    releases = tuple(read(path) for path in dict.fromkeys([*paths[1:], paths[0]]))
    linked = systems(releases)
    outcomes = {measure: attack(system) for measure, system in linked.items()}
    given = {release.name for release in releases}
    lacking = tuple(name for name in releases[-1].goes_on_from if name not in given) if programs else ()
    replays = {
        measure: replay(since_revision(measure, releases), program)
        for measure, program in (programs or {}).items()
        if not lacking and not outcomes[measure].breaks
    }
    others = [
        *(Break(release.name, None, None, words) for release in releases for words in release.damage),
        *(broken for release in releases for broken in (*check_shares(release), *check_sums(release))),
        *small_revisions(releases),
        *check_estimates(releases),
    ]
    return AuditReport(
        releases, linked, outcomes, replays, tuple(others), time.perf_counter() - start, lacking
    )


def verify(certificate: Mapping[str, Any], paths: Sequence[Path]) -> list[str]:
    """Checks a certificate of safety against the files, in exact arithmetic; returns what does not hold."""
    wrong = []
    for measure, system in systems(
        tuple(read(path) for path in dict.fromkeys([*paths[1:], paths[0]]))
    ).items():
        held = certificate["measures"].get(measure)
        if held is None or held["hidden"] != list(system.names):
            wrong.append(f"{measure}: the certificate is about other cells")
            continue
        wrong += _verify_measure(measure, system, held)
    return wrong


def _verify_measure(measure: str, system: System, held: Mapping[str, Any]) -> list[str]:
    tables = _unpacked(held["tables"], len(system.names))
    wrong = [
        f"{measure}: table {number} does not fit what is shown"
        for number, table in enumerate(tables)
        if (system.equations @ table != system.right).any()
        or (table < system.lower).any()
        or (table > system.upper).any()
    ]
    reaches_need = (tables >= system.need).any(axis=0)
    reaches_zero = (tables <= 0).any(axis=0) | system.is_joint()
    for cell in np.flatnonzero(system.targets & ~(reaches_need & reaches_zero)).tolist():
        floor = held["floors"].get(system.names[cell])
        if not reaches_need[cell] or floor is None or not _holds(system, cell, floor):
            wrong.append(f"{measure}: nothing proves that {system.names[cell]} is safe")
    return wrong


def _packed(tables: Sequence[np.ndarray]) -> dict[str, list]:
    """One table in full, and where the others differ from it: place, value, place, value and so on."""
    first = tables[0] if tables else np.zeros(0, dtype=np.int64)
    changes = []
    for table in tables[1:]:
        places = np.flatnonzero(table != first)
        changes.append(np.column_stack([places, table[places]]).ravel().tolist())
    return {"first": first.tolist(), "changes": changes}


def _unpacked(held: Mapping[str, list], width: int) -> np.ndarray:
    if not held["first"]:
        return np.zeros((0, width), dtype=np.int64)
    tables = np.tile(np.array(held["first"], dtype=np.int64), (1 + len(held["changes"]), 1))
    for table, change in zip(tables[1:], held["changes"], strict=True):
        table[change[::2]] = change[1::2]
    return tables


def _holds(system: System, cell: int, floor: Mapping[str, Any]) -> bool:
    multipliers = [(row, Fraction(text)) for row, text in floor["multipliers"]]
    return floor["value"] >= system.need and proves(system, cell, 1, floor["value"], multipliers)


def small_revisions(releases: Sequence[PublishedRelease]) -> list[Break]:
    """What changed from one release to the next by fewer people than may be told of."""
    least = releases[-1].threshold
    shown = [
        Break(name, old, new, f"the revision shows a group of {abs(new - old)}")
        for name, old, new in revisions(releases)
        if abs(new - old) < least
    ]
    hidden = [
        Break(name, None, None, f"the revision shows that its hidden parts changed by {change}")
        for name, change in group_changes(releases)
        if change < least
    ]
    return shown + hidden


def _own(system: System) -> np.ndarray:
    return system.targets & ~system.is_joint()


def _shown_cells(release: PublishedRelease) -> int:
    return sum(number is not None for table in release.tables for number in table.numbers.values())
