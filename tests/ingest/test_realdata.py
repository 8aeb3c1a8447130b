"""Real exports that nobody here wrote give the figures counted on the files themselves.

The files are public but not ours: they lie beside the repository and are never copied into it.
tests/realdata/ holds what a site would write for them.
"""

import collections
import csv
import functools
import gzip
import io
import itertools
import json
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from leadstats.assistant import make_plan, write_plan
from leadstats.counting.catalog import load_metrics
from leadstats.ingest import stations
from leadstats.ingest.boundaries import read_boundaries
from leadstats.model.codes import HOUSING_CODES
from leadstats.model.declarations import QUERIES
from leadstats.model.schema import TABLES

REPOSITORY = Path(__file__).resolve().parents[2]
REAL = REPOSITORY.parent / "shared" / "realdata"
SETTINGS = REPOSITORY / "tests" / "realdata"
YEAR_2022 = {"first_month": "2021-10", "last_month": "2022-09", "by": "total"}  # HUD's, from October

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"no real exports beside the repository: {REAL.name}"
)


# All that has to be told to the assistant; every other question it asks has the right default.
ANSWERS = {
    "broward_jail": {"broward_compas_two_years_deidentified.csv: person_id": "id"},
    "cook_diversion": {
        "cook_county_diversion_sample1000.csv: pathway": "jail_or_court",
        "cook_county_diversion_sample1000.csv: rows by DIVERSION_PROGRAM": "every row",
    },
}


def real_files(program, settings, *files):
    """The real files with the settings of tests/realdata/, as an inbox."""
    for path in [*(REAL / file for file in files), *(SETTINGS / settings).glob("*.toml")]:
        program.file(path.name, path.read_bytes())
    return program


@pytest.fixture(params=["mapping written by hand", "mapping of the assistant"])
def inbox(request):
    """`real_files`, mapped in two ways that have to give the same figures."""

    def mapped_by_the_assistant(program, settings, *files):
        real_files(program, settings, *files)
        (program.inbox / "mapping.toml").unlink(missing_ok=True)
        plan = make_plan(program.inbox, ANSWERS.get(settings, {}))
        assert not plan.open_questions
        write_plan(program.inbox, plan)
        return program

    return mapped_by_the_assistant if "assistant" in request.param else real_files


@functools.cache
def rows_of(path):
    """To be read only, as several tests read one file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def counts(program):
    """{(file without folder, table): (read, loaded, rejected, duplicate, out of scope)}"""
    assert all(
        account.read == account.loaded + account.rejected + account.duplicate + account.out_of_scope
        for account in program.report.accounts
    )
    return {
        (account.file.rpartition("/")[2], account.table): (
            account.read,
            account.loaded,
            account.rejected,
            account.duplicate,
            account.out_of_scope,
        )
        for account in program.report.accounts
    }


def codes(program):
    return collections.Counter({found.code: found.count for found in program.report.problems})


# HUD's permanent destinations, and those that its reports leave out of a share, in the codes of FY2024.
PERMANENT = {"410", "411", "421", "422", "423", "426", "435"}
LEFT_OUT = {"24", "206", "215", "225"}


def leaving_to(program, codes, **filters):
    """All exits to some destinations, of every kind of project."""
    by_destination = program.values("housing_exits", breakdown="destination", **filters)
    return sum(by_destination.get(code) or 0 for code in codes)


def exits_of_7b(path, permanent, first, last):
    """HUD's measure 7b.1 in plain Python: exits to permanent destinations from shelter, safe haven, transitional
    housing and rapid re-housing, and from other permanent housing before a move-in. Outreach (7a), services only and
    coordinated entry are in neither."""
    with zipfile.ZipFile(path) as archive:

        def rows(base):
            name = next(each for each in archive.namelist() if each.rsplit("/")[-1] == base)
            return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))

        kinds = {row["ProjectID"]: row["ProjectType"] for row in rows("Project.csv")}
        enrollments = {row["EnrollmentID"]: row for row in rows("Enrollment.csv")}
        heads = {
            row["HouseholdID"]: row["MoveInDate"]
            for row in enrollments.values()
            if row["RelationshipToHoH"] == "1"
        }
        found = 0
        for row in rows("Exit.csv"):
            enrollment, day = enrollments[row["EnrollmentID"]], row["ExitDate"][:10]
            moved_in = (enrollment["MoveInDate"] or heads.get(enrollment["HouseholdID"], ""))[:10]
            kind = kinds[enrollment["ProjectID"]]
            is_measured = kind in {"0", "1", "2", "8", "13"} or (
                kind in {"3", "9", "10"} and not (moved_in and moved_in <= day)
            )
            is_turned = day < enrollment["EntryDate"][:10]
            found += (
                first <= day <= last and is_measured and not is_turned and row["Destination"] in permanent
            )
        return found


@pytest.mark.parametrize("version", ["fy2024", "fy2026"])
def test_datalab_hmis(inbox, program, version):
    inbox(program, f"datalab_{version}", f"hmis/{version}_datalab_icount.zip")

    measured = exits_of_7b(
        REAL / "hmis" / f"{version}_datalab_icount.zip", PERMANENT, "2021-10-01", "2022-09-30"
    )
    assert leaving_to(program, PERMANENT, **YEAR_2022) == 172
    assert program.cell("exits_to_permanent_housing", **YEAR_2022).events == measured == 159
    assert counts(program)["Client.csv", "person"] == (514, 514, 0, 0, 0)
    assert counts(program)["Enrollment.csv", "housing"] == (574, 574, 0, 0, 0)
    assert counts(program)["Exit.csv", "housing"] == (447, 447, 0, 0, 0)
    race = program.values("people_in_housing_system", breakdown="race", **YEAR_2022)
    assert {name: people for name, people in race.items() if people} == {
        "White": 300,
        "Black or African American": 166,
        "Two or more": 30,
        "American Indian or Alaska Native": 10,
        "Asian": 1,
        "Unknown": 3 + 2 + 2,
    }


def test_both_versions_of_one_export_give_the_same_numbers(program, tmp_path_factory):
    cells = {}
    for version in ("fy2024", "fy2026"):
        other = type(program)(tmp_path_factory.mktemp(version))
        real_files(other, f"datalab_{version}", f"hmis/{version}_datalab_icount.zip")
        for name, metric in load_metrics().items():
            if set(metric.sources) <= {"housing", "living_situation"}:
                # FY2026 asks for the sex where FY2024 asked for the gender, so either knows nothing of the other.
                for breakdown in (
                    None,
                    *(each for each in metric.breakdowns if each not in ("gender", "sex")),
                ):
                    found = other.measure(name, **{**YEAR_2022, "by": "month"}, breakdown=breakdown)
                    cells.setdefault((name, breakdown), []).append(found.cells)
        other.close()

    assert cells
    assert all(first == second for first, second in cells.values())


def test_lsa_hmis(inbox, program):
    inbox(program, "lsa_fy2022", "hmis/fy2022_lsa_sampledb.zip")

    old_codes = {"3", "10", "11", "19", "20", "21", "22", "23", "26", "28", "31", "33", "34"}
    measured = exits_of_7b(REAL / "hmis" / "fy2022_lsa_sampledb.zip", old_codes, "2021-10-01", "2022-09-30")
    assert leaving_to(program, PERMANENT, **YEAR_2022) == 248
    assert program.cell("exits_to_permanent_housing", **YEAR_2022).events == measured == 219
    assert counts(program)["Client.csv", "person"] == (799, 799, 0, 0, 0)
    assert counts(program)["Enrollment.csv", "housing"] == (819, 819, 0, 0, 0)
    assert counts(program)["Exit.csv", "housing"] == (442, 442, 0, 0, 0)
    assert codes(program)["LD-604"] == 1


@pytest.mark.parametrize("project", ["rrh", "psh"])
def test_hud_answers(inbox, program, project):
    inbox(program, f"apr_{project}", f"hmis/apr_fy2022_{project}.zip")
    answers = hud_answers(REAL / "hmis" / f"apr_fy2022_{project}_hud_answers.zip")
    year = {"first_month": "2020-10", "last_month": "2021-09", "by": "total"}
    exit_cell = program.cell("exits_to_permanent_housing", **year)

    assert program.value("people_in_housing_system", **year) == answers["served"] == 37
    assert program.value("housing_exits", **year) == answers["leavers"] == 35
    assert exit_cell.people == exit_cell.numerator == answers["permanent"] == answers["positive"] == 13
    # The annual report counts all leavers; measure 7b.1 only those who left permanent housing before a move-in.
    counted = answers["leavers"] - leaving_to(program, LEFT_OUT, **year)
    assert answers["leavers"] - counted == answers["excluded"] == 4
    share = 100 * leaving_to(program, PERMANENT, **year) / counted
    assert round(share, 2) == round(100 * answers["share"], 2) == 41.94
    # HUD's other rule, for supportive housing, voids a move-in on the day of exit: 4 people.
    void = {"rrh": 0, "psh": 4}[project]
    (moves,) = program.rows(
        """
        SELECT
            count_if(moved_in_on BETWEEN DATE '2020-10-01' AND DATE '2021-09-30') AS moved_in,
            count_if(moved_in_on IS NULL AND exited_on IS NOT NULL) AS left_without
        FROM program.housing
        """
    )
    assert moves == {"moved_in": answers["moved in"] - void, "left_without": answers["left without"] + void}


def hud_answers(path):
    with zipfile.ZipFile(path) as archive:

        def cells(name):
            member = next(each for each in archive.namelist() if each.endswith(name))
            with archive.open(member) as stream:
                rows = list(csv.reader(io.TextIOWrapper(stream, "utf-8-sig")))
            return [
                (row[0], float(row[1])) for row in rows if len(row) > 1 and row[1].replace(".", "").isdigit()
            ]

        validation, destinations, moves = cells("Q5a.csv"), cells("Q23c.csv"), cells("Q22c.csv")
    return {
        "served": dict(validation)["1. Total number of persons served"],
        "leavers": dict(validation)["5. Number of leavers"],
        "permanent": next(value for label, value in destinations if label.startswith("az.")),
        "positive": next(value for label, value in destinations if label.startswith("f1.")),
        "excluded": next(value for label, value in destinations if label.startswith("f2.")),
        "share": next(value for label, value in destinations if label.startswith("f3.")),
        "moved in": next(value for label, value in moves if label.startswith("i.")),
        "left without": next(value for label, value in moves if label.startswith("k.")),
    }


DIRTY = {
    # file: {(file, table): (read, loaded, rejected, duplicate, out of scope)}
    "bad_data": {
        ("Client.csv", "person"): (134, 134, 0, 0, 0),
        ("Enrollment.csv", "housing"): (4, 2, 2, 0, 0),
        ("Exit.csv", "housing"): (1, 0, 1, 0, 0),
        ("CurrentLivingSituation.csv", "living_situation"): (3, 0, 3, 0, 0),
    },
    "bom_test": {
        ("Client.csv", "person"): (3, 3, 0, 0, 0),
        ("Enrollment.csv", "housing"): (4, 4, 0, 0, 0),
        ("Exit.csv", "housing"): (1, 1, 0, 0, 0),
    },
    "duplicate_primary_keys": {
        ("Client.csv", "person"): (5, 3, 0, 2, 0),
        ("Enrollment.csv", "housing"): (5, 4, 0, 1, 0),
        ("Exit.csv", "housing"): (1, 1, 0, 0, 0),
    },
    # All that is right in these belongs to a victim service provider.
    "validation_files": {
        ("Client.csv", "person"): (5, 3, 1, 0, 1),
        ("Enrollment.csv", "housing"): (8, 1, 1, 0, 6),
        ("Exit.csv", "housing"): (8, 0, 3, 0, 5),
        ("Project.csv", "housing"): (6, 2, 0, 0, 4),
    },
}


@pytest.mark.parametrize(
    ("version", "name"),
    [*itertools.product(("fy2024", "fy2026"), list(DIRTY)[:3]), ("fy2026", "validation_files")],
)
def test_dirty_hmis_is_told_row_by_row_and_never_half_loaded(program, version, name):
    path = REAL / "hmis" / f"dirty_{version}_{name}.zip"

    report = program.file(path.name, path.read_bytes()).build()

    assert report.exit_code == 1
    assert report.snapshot
    assert {key: counts(program)[key] for key in DIRTY[name]} == DIRTY[name]
    left_out = sum(account.rejected for account in report.accounts if account.table != "living_situation")
    told = sum(
        found.count
        for found in report.problems
        if found.code in ("LD-109", "LD-110", "LD-202", "LD-203", "LD-603")
        and not found.file.endswith(("CurrentLivingSituation.csv", "Services.csv"))
    )
    assert told == left_out


def test_a_birth_date_of_two_digits_is_read_if_one_century_fits(program):
    real_files(program, "apr_rrh", "hmis/dirty_fy2024_bad_data.zip").build()

    (found,) = (found for found in program.report.problems if found.code == "LD-606")
    assert (found.column, found.rows, found.value) == ("DOB", (7, 8), "0•••-M•••-6•••")


def test_broward_jail(inbox, program):
    inbox(program, "broward_jail", "jail/broward_compas_two_years_deidentified.csv")
    years = {"first_month": "2013-01", "last_month": "2016-03", "by": "total"}

    nights = program.values("jail_nights", breakdown="race", **years)

    assert program.value("jail_nights", **years) == 129_324
    assert {race: count for race, count in nights.items() if count} == {
        "Black or African American": 77_140,
        "White": 36_585,
        "Hispanic or Latino": 10_114,
        "Unknown": 4_259,  # "Other"
        "Asian": 724,
        "American Indian or Alaska Native": 502,
    }
    (account,) = counts(program).values()
    assert account == (7_214, 6_701, 307 + 206, 0, 0)
    assert codes(program)["LD-202"] == 307
    assert codes(program)["LD-205"] == 377


NYC_RACES = {
    "A": "Asian",
    "B": "Black or African American",
    "I": "American Indian or Alaska Native",
    "W": "White",
}


@functools.cache
def day_of(written):
    return datetime.strptime(written[:10], "%m/%d/%Y").date()


@functools.cache
def nights_by_race(path, united):
    """Plain Python's own count of the nights inside 2023, by the race of the stay."""
    nights = collections.defaultdict(set) if united else collections.Counter()
    for row in rows_of(path):
        first, last = day_of(row["ADMITTED_DT"]), row["DISCHARGED_DT"] and day_of(row["DISCHARGED_DT"])
        first, last = max(first, date(2023, 1, 1)), min(last or date.max, date(2024, 1, 1))
        if united:
            nights[row["INMATEID"]].update(range(first.toordinal(), last.toordinal()))
        else:
            nights[row["RACE"]] += max((last - first).days, 0)
    return sum(map(len, nights.values())) if united else nights


def test_nyc_jail(inbox, program):
    path = REAL / "jail" / "nyc_doc_stays_2023_derived.csv.gz"
    inbox(program, "nyc_jail", "jail/nyc_doc_stays_2023_derived.csv.gz")
    year = {"first_month": "2023-01", "last_month": "2023-12", "by": "total"}

    whole = program.cell("jail_nights", **year)
    by_race = program.values("jail_nights", breakdown="race", **year)

    assert counts(program) == {(path.name, "jail_stay"): (26_442, 26_442, 0, 0, 0)}
    assert whole.value == nights_by_race(path, united=True) == 2_237_245
    stays = nights_by_race(path, united=False)
    assert stays == {
        "B": 1_345_288,
        "O": 639_160,
        "W": 190_284,
        "A": 48_092,
        "I": 6_482,
        "U": 4_382,
        "": 3_991,
    }
    assert stays.total() == 2_237_679 == nights_of_single_stays(program)
    # Uniting the overlapping stays of a person takes 434 nights away; where they differ in race,
    # one of the two is the person's.
    assert stays.total() - sum(by_race.values()) == 434
    for letter, race in NYC_RACES.items():
        assert abs(stays[letter] - by_race[race]) <= 434
    assert len({row["INMATEID"] for row in rows_of(path)}) == 21_642
    assert len(program.rows("SELECT DISTINCT person_key FROM program.stay")) == 21_642


def nights_of_single_stays(program):
    (row,) = program.rows(
        """
        SELECT sum(greatest(least(out_at::DATE, DATE '2024-01-01')
            - greatest(booked_at::DATE, DATE '2023-01-01'), 0))::BIGINT AS nights
        FROM program.stay
        """
    )
    return row["nights"]


def test_nyc_rosters_of_three_layouts_become_stays(inbox, program):
    rosters = sorted((REAL / "jail" / "nyc_doc_in_custody").glob("*.csv"))
    inbox(program, "nyc_rosters", *rosters).build()

    # "INMATEID" and "inmateid", "M " and "M", and other columns in another order.
    listed = {
        path.stem[-8:]: {
            (row["inmateid"], row["admitted_dt"].replace("T", " ").removesuffix(".000"))
            for row in ({name.lower(): cell for name, cell in row.items()} for row in rows_of(path))
        }
        for path in rosters
    }
    assert sum(account.loaded for account in program.report.accounts) == sum(map(len, listed.values()))
    found = {found.code: found for found in program.report.problems}
    assert found["LD-321"].count == len(set().union(*listed.values()))
    assert found["LD-322"].count == (date(2024, 1, 1) - date(2018, 6, 1)).days + 1 - len(rosters)
    assert found["LD-324"].count == len(listed["20240101"])
    # On the first three days of 2023 there is a list for each: whoever left by the third is known.
    (row,) = program.rows("SELECT count(*) AS left FROM program.stay WHERE out_at::DATE = DATE '2023-01-03'")
    assert row["left"] == len(listed["20230102"] - listed["20230103"] - listed["20240101"])
    sexes = program.rows("SELECT DISTINCT sex FROM program.stay WHERE sex IS NOT NULL ORDER BY ALL")
    assert sexes == [{"sex": "Female"}, {"sex": "Male"}]


def test_a_year_of_lists_gives_the_stays_of_the_year(program):
    """The derived stays of 2023, cut into daily lists for a month of people, come back as they were."""
    stays = [
        (row["INMATEID"], datetime.strptime(row["ADMITTED_DT"], "%m/%d/%Y %I:%M:%S %p"), row["DISCHARGED_DT"])
        for row in rows_of(REAL / "jail" / "nyc_doc_stays_2023_derived.csv.gz")
        if row["ADMITTED_DT"].startswith("03/") and row["ADMITTED_DT"][6:10] == "2023"
    ]
    known = {
        (person, admitted): datetime.strptime(left, "%m/%d/%Y") if left else None
        for person, admitted, left in stays
        if not left or datetime.strptime(left, "%m/%d/%Y") > admitted
    }
    for number in range((date(2023, 7, 1) - date(2023, 3, 1)).days):
        day = date(2023, 3, 1) + timedelta(days=number)
        lines = [
            f"{person},{admitted:%Y-%m-%d %H:%M:%S}"
            for (person, admitted), left in known.items()
            if admitted.date() <= day and (left is None or day < left.date())
        ]
        program.file(
            f"DOC_Inmates_InCustody_Daily_{day:%Y%m%d}.csv", "\n".join(["inmateid,admitted_dt", *lines, ""])
        )
    real_files(program, "nyc_rosters").build()

    nights = sum(
        (min(left.date() if left else date(2023, 7, 1), date(2023, 7, 1)) - admitted.date()).days
        for (_, admitted), left in known.items()
    )
    (row,) = program.rows(
        "SELECT count(*) AS stays, sum(out_at::DATE - booked_at::DATE)::BIGINT AS nights FROM program.stay"
    )
    assert row == {"stays": len(known), "nights": nights}


def test_brazos_charges_become_bookings(inbox, program):
    inbox(program, "brazos_jail", "jail/brazos_tx_daily_data.csv").build()

    assert counts(program) == {("brazos_tx_daily_data.csv", "jail_stay"): (10, 2, 0, 8, 0)}


def test_seattle_stops(inbox, program):
    path = REAL / "arrests" / "seattle_terry_stops_2015_2017.csv"
    inbox(program, "seattle_stops", f"arrests/{path.name}", "boundaries/seattle_spd-beats.geojson")
    all_years = {"first_month": "2015-03", "last_month": "2017-09", "by": "total"}

    by_beat = program.values("stops", breakdown="neighborhood", **all_years)

    assert program.value("stops", **all_years) == 19_753
    assert program.value("arrests", **all_years) == 4_248
    assert program.value("stops_with_arrest", **all_years) == 4_248
    assert by_beat["Unknown"] == 7_655
    assert {beat: count for beat, count in by_beat.items() if count and beat != "Unknown"} == (
        collections.Counter(row["Beat"] for row in rows_of(path) if row["Beat"] != "NULL")
    )
    assert counts(program)[path.name, "arrest"] == (19_753, 4_248, 0, 0, 15_505)
    assert counts(program)["seattle_spd-beats.geojson", "boundary"] == (51, 51, 0, 0, 0)
    (no_beats,) = {tuple(sorted(found.value for found in program.report.problems if found.code == "LD-402"))}
    assert set(no_beats) == {"99", "CTY", "INV", "S"}


def test_denver_population_joins_its_map(inbox, program):
    inbox(
        program, "denver_population", "population/denver_acs_nbrhd_2013_2017.csv", "boundaries/denver.geojson"
    )
    month = {"month": "2024-01", "by": "total"}

    by_race = program.values("population", breakdown="race", **month)
    by_place = program.values("population", breakdown="neighborhood", **month)

    assert program.value("population", **month) == 678_467
    assert by_race["White"] == 363_712
    assert by_race["Hispanic or Latino"] == 207_100
    assert by_race["Black or African American"] == 62_166
    assert len({place for place, people in by_place.items() if people}) == 78
    assert program.report.exit_code == 0


def test_denver_names_join_but_for_two(program):
    path = REAL / "population" / "denver_acs_nbrhd_2013_2017.csv"
    real_files(program, "denver_population", f"population/{path.name}", "boundaries/denver.geojson")
    text = (SETTINGS / "denver_population" / "mapping.toml").read_text(encoding="utf-8")
    program.file("mapping.toml", text.replace("[files.values.neighborhood]", "[files.values.race]"))

    program.build()

    lost = {found.value for found in program.report.problems if found.code == "LD-402"}
    assert lost == {"College View - South Platte", "Gateway - Green Valley Ranch"}


def test_cook_county_population(inbox, program):
    name = "cook_county_bg_ACSDT5Y2020.B03002-Data.csv.gz"
    inbox(program, "cook_population", f"population/{name}")
    rows = rows_of(REAL / "population" / name)[1:]
    month = {"month": "2024-01", "by": "total"}

    by_race = program.values("population", breakdown="race", **month)

    assert program.value("population", **month) == 5_169_517
    assert counts(program) == {(name, "population"): (4_002, 4_002, 0, 0, 0)}
    assert by_race["White"] == sum(int(row["B03002_003E"]) for row in rows)
    assert by_race["Hispanic or Latino"] == sum(int(row["B03002_012E"]) for row in rows)


def test_cook_county_diversion(inbox, program):
    name = "cook_county_diversion_sample1000.csv"
    inbox(program, "cook_diversion", f"diversion/{name}")
    rows = rows_of(REAL / "diversion" / name)
    all_years = {"first_month": "2008-04", "last_month": "2021-04", "by": "total"}

    referrals = program.cell("referrals_received", **all_years)
    by_program = program.values("referrals_received", breakdown="source_agency", **all_years)

    assert counts(program)[name, "referral"] == (1_000, 1_000, 0, 0, 0)
    assert counts(program)[name, "person"] == (1_000, 998, 0, 2, 0)
    assert (referrals.events, referrals.people) == (1_000, 998)
    assert {agency: count for agency, count in by_program.items() if count} == collections.Counter(
        row["DIVERSION_PROGRAM"] for row in rows
    )
    assert program.values("diversions_by_result", **all_years) == {
        "Graduated": 579,
        "Failed": 192,
        "Open, or no result recorded": 229,
        "Ended, result unknown": 0,
    }


FEATURES = {
    "2016_seattle_censusTracts": (132, "NAME"),
    "2016_seattle_cra": (53, "CRA_NAM"),
    "2016_seattle_neighborhoods": (13, "NEIGHBO"),
    "albany": (24, "name"),
    "atlanta": (114, "name"),
    "charlottesville": (19, "name"),
    "denver": (78, "name"),
    "honolulu": (62, "name"),
    "los-angeles": (114, "name"),
    "new-haven": (20, "name"),
    "philadelphia": (158, "name"),
    "seattle": (90, "name"),
    "seattle_census-tracts": (136, "name"),
    "seattle_spd-beats": (51, "name"),
    "seattle_spd-mcpp-areas": (61, "NAME"),
    "seattle_spd-precincts": (5, "name"),
    "seattle_zip-codes": (32, "ZCTA5CE10"),
}


@pytest.mark.parametrize("name", FEATURES)
def test_boundaries(name):
    boundaries = read_boundaries(REAL / "boundaries" / f"{name}.geojson")

    assert (len(boundaries.names), boundaries.name_property) == FEATURES[name]
    assert boundaries.left_out == 0
    assert all(polygon.is_valid for polygon in boundaries.polygons)
    assert len(json.dumps(boundaries.geojson())) < 150_000
    # A point inside a polygon is in that place, or in one that overlaps it and has an earlier name.
    points = [polygon.representative_point() for polygon in boundaries.polygons]
    located = boundaries.locate([point.y for point in points], [point.x for point in points])
    assert all(place <= own for place, own in zip(located, boundaries.names, strict=True))


@pytest.mark.parametrize(
    ("name", "answers", "asked"),
    [
        ("arrests/toronto_cannabis_arrests.csv", {"table": "arrest"}, {"arrest_id", "arrested_at"}),
        ("population/seattle_racial_social_equity_index.csv", {"table": "population"}, {"people"}),
    ],
)
def test_what_is_no_export_of_ours_is_said_to_be_none(program, name, answers, asked):
    """Arrests without a date, force used, shares without counts: none is guessed into a number."""
    file = REAL / name
    real_files(program, "no settings", name)

    unasked = make_plan(program.inbox)
    forced = make_plan(program.inbox, {f"{file.name}: {key}": value for key, value in answers.items()})

    (question,) = unasked.open_questions
    assert question.key == f"{file.name}: table" and "not recognized" in unasked.as_text(program.inbox)
    assert {answer for answer, _ in question.options} == {*TABLES, "nothing"}
    assert asked <= {question.key.partition(": ")[2] for question in forced.open_questions}


def test_rows_of_a_file_without_numbers_are_numbered(program):
    """12,925 uses of force have a time and no number at all: read as stops, each row is one."""
    name = "arrests/minneapolis_use_of_force.csv"
    real_files(program, "no settings", name)

    write_plan(program.inbox, make_plan(program.inbox, {"minneapolis_use_of_force.csv: table": "stop"}))

    all_years = {"first_month": "2008-01", "last_month": "2021-12", "by": "total"}
    assert program.value("stops", **all_years) == len(rows_of(REAL / name)) == 12_925


def test_all_boundaries_are_tried():
    assert {path.stem for path in REAL.glob("boundaries/*.geojson")} == set(FEATURES)


def test_our_code_table_is_hud_datalabs():
    """One row of theirs is one code of FY2022 and what became of it."""
    theirs = {}
    for row in rows_of(REAL / "hmis_schema" / "DataLab_ResidenceUses.csv"):
        fy2022 = row["Location_FY22"]
        if fy2022 != "NA":
            uses = (row["PriorLivingSituation"], row["CurrentLivingSituation"])
            # NA: one of the kinds of subsidy that are 435 since FY2024.
            code = "435" if row["Location"] == "NA" else row["Location"]
            theirs[fy2022] = (code, "TRUE" in uses, row["Destination"] == "TRUE")

    assert codes_of_ours() == theirs


def codes_of_ours():
    connection = duckdb.connect()
    stations.create(connection)
    connection.execute("CREATE SCHEMA IF NOT EXISTS hmis")
    for name in ("01_files", "02_versions"):
        for statement in duckdb.extract_statements((QUERIES / "hmis" / f"{name}.sql").read_text()):
            connection.execute(statement, {"version": "FY2022"} if statement.named_parameters else None)
    rows = connection.execute("SELECT written, code::VARCHAR, is_situation, is_destination FROM hmis.code")
    return {written: facts for written, *facts in map(list, rows.fetchall()) for facts in [tuple(facts)]}


def test_permanent_is_what_hud_calls_positive_whatever_the_project():
    outcomes = collections.defaultdict(set)
    for row in rows_of(REAL / "hmis_schema" / "DataLab_DestinationClassificationRead.csv"):
        outcomes[int(row["Location"])].add(row["Outcome"])

    permanent = {hud.code for hud in HOUSING_CODES if hud.kind == "permanent" and hud.is_destination}
    assert {code for code, found in outcomes.items() if found == {"P"}} == permanent
