"""Published numbers that the records no longer say: refused, corrected with a reason, and never subtracted."""

import csv
import dataclasses
import itertools
import random
import shutil

import pytest

from leadstats import audit, release
from leadstats.audit import small_revisions
from leadstats.audit.inference import GROWN, attack
from leadstats.audit.linking import systems
from leadstats.cli.commands import main
from leadstats.release import folder, selection
from leadstats.release.disclosure.suppression import hide_counts
from leadstats.release.plan import time_hierarchy
from tests.release.worlds import ORDER, RULES, before, printed, protected, table, world
from tests.release.worlds import release as released

FIRST = {"A": 42, "B": 29, "C": 31, "D": 3}
REASON = "A vendor had exported referrals twice"


def year(**groups):
    return world({("2025", name): number for name, number in groups.items()}, ["race"])


def rebased(first, second):
    """What the second release shows by race, and what an attacker finds in both."""
    old = printed(protected(first))
    hidden = hide_counts(second, before(old), RULES, ORDER, is_rebased=True)
    new = printed(hidden, name="2026-02.1")
    assert not hidden.unsafe
    breaks = [*attack(systems([old, new])["m"]).breaks, *small_revisions([old, new])]
    shown = {
        code: number
        for table in new.tables
        for (_, *codes), number in table.numbers.items()
        for code in codes
    }
    return shown, hidden, breaks


def test_numbers_are_those_of_the_records_again():
    shown, hidden, breaks = rebased(year(**FIRST), year(**FIRST | {"A": 70, "B": 60}))

    assert breaks == []
    assert hidden.values[hidden.cube.positions[(("year", "2025"),)]] == 164
    assert {shown["A"], shown["B"], shown["C"]} <= {70, 60, 31, None}
    assert 70 in shown.values() or 60 in shown.values()


def test_a_small_change_is_hidden_with_its_new_number():
    shown, _, breaks = rebased(year(A=42, B=29, C=31), year(A=45, B=60, C=62))

    assert (shown["A"], breaks) == (None, [])


def test_people_put_into_another_category_are_no_contradiction():
    """Nothing shown fell, as what did is hidden now; yet nobody was added either."""
    old = printed(protected(year(A=42, B=29, C=31)))
    moved = dataclasses.replace(
        old,
        name="2026-02.1",
        tables=tuple(
            dataclasses.replace(
                table,
                numbers={
                    codes: number if len(codes) == 1 else {"A": None, "B": 55, "C": None}[codes[1]]
                    for codes, number in table.numbers.items()
                },
            )
            for table in old.tables
        ),
    )

    assert not [each for each in attack(systems([old, moved])["m"]).breaks if "contradict" in each.why]


def two_versions(old, new):
    """What falls of race in 2025 where each version says its total, A, B, and B of x and of y; 2024 differs anyway."""
    pages = []
    for number, (total, a, b, x, y) in enumerate((old, new), start=1):
        tables = [
            table(["year"], {"2024": 50 * number, "2025": total}),
            table(["year", "race"], {("2025", "A"): a, ("2025", "B"): b}),
            table(["year", "race", "pathway"], {("2025", "B", "x"): x, ("2025", "B", "y"): y}),
        ]
        pages.append(released(tables, name=f"2026-0{number}.1"))
    breaks = attack(systems(pages)["m"]).breaks
    return {(each.cell.partition(",")[0], each.low, each.high, each.why) for each in breaks}


def test_that_a_number_is_what_it_was_tells_of_nobody():
    assert two_versions((82, 42, 40, 20, 20), (82, None, None, None, None)) == set()


def races(total, name, **shown):
    return released(
        [
            table(["year"], {"2025": total}),
            table(["year", "race"], {("2025", race): shown.get(race) for race in "ABC"}),
        ],
        name=name,
    )


LISTED = {"table": "t", "period": "2025", "categories": "A", "old": "42", "new": ""}


def test_a_release_that_takes_numbers_back_shows_no_contradiction():
    """No number is shown in both, so that none differs; yet they do not add up."""
    old, new = races(82, "2026-01.1", A=42), races(None, "2026-02.1", B=30, C=30)
    again = dataclasses.replace(new, corrections=(LISTED,), not_only_added=("m",))

    assert attack(systems([old, new])["m"]).breaks
    assert not attack(systems([old, again])["m"]).breaks


def test_what_a_release_says_of_changes_counts_since_the_one_that_somebody_holds():
    """The second release moved people, the third only added: who lacks the second must not take all for additions."""
    moved = {"corrections": (LISTED,), "not_only_added": ("m",)}
    added = moved | {"corrections": (LISTED, LISTED | {"categories": "B", "old": "40", "new": "60"})}
    first = races(82, "2026-01.1", A=42)
    second = dataclasses.replace(races(None, "2026-02.1", B=40), **moved)
    third = dataclasses.replace(races(None, "2026-03.1", B=60, C=30), **added)

    def was_added(*releases):
        """Whether what was added is among the unknowns; it has no name."""
        return "" in systems(releases)["m"].names

    assert not was_added(first, second) and not was_added(first, third)
    assert was_added(second, third) and was_added(first, second, third)


def test_that_few_were_added_to_a_hidden_number_is_found():
    """B has 45 in all, as its parts are shown: 5 more than there were. A has 15 more."""
    found = two_versions((80, 40, 40, 20, 20), (100, None, None, 22, 23))

    assert found == {("race B", 45, 45, GROWN)}


def test_where_the_total_changed_by_few_everything_stays_as_published():
    shown, hidden, breaks = rebased(year(A=42, B=29, C=31), year(A=45, B=29, C=31))

    assert (shown, breaks) == ({"A": 42, "B": 29, "C": 31}, [])


def test_the_attacker_sees_what_two_versions_tell_of_hidden_parts():
    old = printed(protected(year(A=42, B=29, C=31, D=3)))
    grown = [
        dataclasses.replace(
            table,
            numbers={
                codes: number
                and number + (20 if len(codes) == 1 else 15 if codes[1] == shown_first(old) else 0)
                for codes, number in table.numbers.items()
            },
        )
        for table in old.tables
    ]
    new = dataclasses.replace(old, name="2026-02.1", tables=tuple(grown))

    assert [each.why for each in small_revisions([old, new])] == [
        "the revision shows that its hidden parts changed by 5"
    ]


def shown_first(printed_release):
    (by_race,) = (table for table in printed_release.tables if len(table.levels) == 2)
    return next(codes[1] for codes, number in by_race.numbers.items() if number is not None)


@pytest.mark.parametrize("seed", range(8))
def test_nothing_falls_over_late_entries_a_correction_and_what_follows(seed):
    """Three releases, the second a re-base; all read together."""
    dice = random.Random(seed)
    kinds = [("2025", race, path) for race, path in itertools.product("abcd", "xy")]
    counts = {kind: dice.randrange(45) for kind in kinds}
    versions = [counts]
    for added in (25, 3):
        late = {
            kind: number + dice.choice([0, 0, dice.randrange(added)]) for kind, number in versions[-1].items()
        }
        versions.append(late)
    releases = []
    for number, version in enumerate(versions):
        hidden = hide_counts(
            world(version, ["race", "pathway"]), history_of(releases), RULES, ORDER, is_rebased=number == 1
        )
        assert not hidden.unsafe
        releases.append((printed(hidden, name=f"2026-0{number + 1}.1"), number == 1))

    for together in ([0, 1], [0, 1, 2], [1, 2]):
        pages = [releases[at][0] for at in together]
        assert not attack(systems(pages)["m"]).breaks
        assert not small_revisions(pages)


def test_late_entries_leave_no_hidden_month_that_all_can_work_out():
    """February had 4. When the quarter comes out, what was entered late in January would be February's: the rest
    of the sum, which everybody would take for what was counted."""
    first = world(
        {("2026-01",): 12, ("2026-02",): 4}, [], times=time_hierarchy("month", "2026-01", "2026-02")
    )
    quarter = time_hierarchy("month", "2026-01", "2026-03")
    second = world({("2026-01",): 30, ("2026-02",): 4, ("2026-03",): 20}, [], times=quarter)
    old = printed(protected(first))

    hidden = protected(second, before=before(old))
    new = printed(hidden, name="2026-02.1")

    assert not hidden.unsafe
    assert {code for table in new.tables for (code,), number in table.numbers.items() if number is None} > {
        "2026-02"
    }
    assert not attack(systems([old, new])["m"]).breaks


@pytest.mark.parametrize("seed", [6, 10, 11, 14, 19, 23])
def test_nothing_falls_to_who_takes_what_differs_for_additions(seed):
    """Half a year by month and pathway, of which a re-base knows late entries alone: what is hidden now was more then."""
    dice = random.Random(seed)
    first = {
        kind: dice.choice([dice.randrange(8), dice.randrange(15, 60)])
        for kind in itertools.product(MONTHS, "abc")
    }
    late = {
        kind: number + dice.choice([0, 0, dice.randrange(6), dice.randrange(12, 30)])
        for kind, number in first.items()
    }

    found, is_only_added = corrected(first, late, ["pathway"], [["pathway"]])
    assert (found, is_only_added) == ([], True)


@pytest.mark.parametrize("seed", [1011, 1012, 1019, 1022])
def test_a_release_says_where_records_were_withdrawn_so_that_nobody_takes_all_for_additions(seed):
    """Who did would be sure of numbers, and of wrong ones."""
    dice = random.Random(seed)
    kinds = itertools.product(MONTHS, "ab", "xy")
    first = {kind: dice.choice([dice.randrange(8), dice.randrange(10, 40)]) for kind in kinds}
    since = {
        kind: max(
            number + dice.choice([0, 0, dice.randrange(6), dice.randrange(12, 30), -dice.randrange(3)]), 0
        )
        for kind, number in first.items()
    }

    found, is_only_added = corrected(first, since, ["race", "pathway"], [["race"], ["pathway"]])
    assert (found, is_only_added) == ([], False)


MONTHS = [f"2025-0{month}" for month in range(1, 7)]


def corrected(first, second, names, tables):
    """What falls of two releases, of which the second says the records again; and whether it was only added to."""

    def cube(counts):
        return world(counts, names, tables, time_hierarchy("month", MONTHS[0], MONTHS[-1]))

    old = printed(protected(cube(first)))
    hidden = hide_counts(cube(second), before(old), RULES, ORDER, is_rebased=True)
    assert not hidden.unsafe
    told = ("m",) if hidden.has_fallen else ()
    new = dataclasses.replace(printed(hidden, name="2026-02.1"), not_only_added=told)
    return [*attack(systems([old, new])["m"]).breaks, *small_revisions([old, new])], not hidden.has_fallen


def history_of(releases):
    """As the program reads it: numbers are those since the last re-base."""
    since = max((at for at, (_, is_rebased) in enumerate(releases) if is_rebased), default=0)
    return before(*(page for page, _ in releases[since:]))


def with_fewer(monkeypatch):
    """From here on, the records without two of five people of each cell, as if they had been there twice."""
    count = selection.release_counts

    def fewer(*asked):
        counts = count(*asked)
        return dataclasses.replace(
            counts, people={key: number * 3 // 5 for key, number in counts.people.items()}
        )

    monkeypatch.setattr(selection, "release_counts", fewer)


@pytest.fixture(scope="module")
def with_a_correction(county, published, tmp_path_factory):
    """A folder with a release and its correction. Read only: tests that write copy it."""
    releases = shutil.copytree(published, tmp_path_factory.mktemp("corrected") / "releases", symlinks=True)
    with pytest.MonkeyPatch.context() as patched:
        with_fewer(patched)
        publication = county.publish(releases, correct=REASON)
    assert publication.exit_code == 0, publication.as_text()
    return releases


@pytest.fixture
def corrected_releases(with_a_correction, tmp_path):
    return shutil.copytree(with_a_correction, tmp_path / "releases", symlinks=True)


def test_a_large_difference_is_refused_and_named(county, releases, monkeypatch, capsys):
    with_fewer(monkeypatch)
    asked = ["release", "--data", str(county.first), "--to", str(releases), "--plan", str(county.plan)]

    assert main([*asked, "--approve", "PCG"]) == 3
    said = capsys.readouterr().err
    assert "people_first_referred, 2025: published 420, records" in said
    assert [path.name for path in folder.published(releases)] == ["2026-01.1"]


def test_a_correction_is_listed_with_old_new_and_reason(county, corrected_releases, monkeypatch):
    latest = corrected_releases / "latest"
    with (latest / "data/corrections.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == ["table", "period", "categories", "old", "new", "reason", "date"]
    total = next(row for row in rows if row["table"] == "people_first_referred-by-year")
    assert (total["period"], total["old"], total["reason"]) == ("2025", "420", REASON)
    assert 0 < int(total["new"]) < 300
    for path in (
        "bulletin/en/about.html",
        "bulletin/es/about.html",
        "feed.xml",
        "public.json",
        "CHANGELOG.md",
    ):
        assert REASON in (latest / path).read_text(encoding="utf-8"), path
    both = [corrected_releases / "2026-01.1", latest.resolve()]
    report = audit.audit(both[::-1], release.programs(both))
    assert report.exit_code == 0
    assert any(replayed.coverage[0] for replayed in report.replays.values())
    # What follows goes on from the corrected numbers, and the correction stays listed.
    with_fewer(monkeypatch)
    assert county.publish(corrected_releases).outcome == "Nothing new since"


def test_who_lost_the_correction_reads_of_it_in_what_followed(
    county, corrected_releases, monkeypatch, capsys
):
    with_fewer(monkeypatch)
    assert county.publish(corrected_releases, county.second).exit_code == 0
    first, correction, latest = folder.published(corrected_releases)

    assert main(["audit", str(latest), "--with", str(first)]) == 0
    said = capsys.readouterr().out
    assert f"The program was not run, as it went on from {correction.name}." in said
    assert "tables run" not in said


def test_numbers_are_rebased_once_a_year(county, releases, monkeypatch):
    with_fewer(monkeypatch)
    assert county.publish(releases, rebase=True).exit_code == 0

    with pytest.raises(release.PlanError, match="re-based in 2026 already"):
        county.publish(releases, rebase=True)


def test_a_new_number_that_would_be_bent_is_hidden():
    """Of a year published as 102 in all, a later release knows 140 by pathway: no new number can be true."""
    old = printed(protected(world({("2025", "x"): 60, ("2025", "y"): 42}, ["pathway"], [[]])))
    now = world({("2025", "x"): 70, ("2025", "y"): 52}, ["pathway"])

    hidden = hide_counts(now, before(old), RULES, ORDER)

    is_new = [len(key) == 2 for key in hidden.cube.keys]
    off = hidden.values != now.values
    assert hidden.values[now.positions[(("year", "2025"),)]] == 102
    assert hidden.is_hidden[off & is_new].all()
