"""The command line: standard output is the result, exit codes are kept, mistakes are named in one line."""

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from results import OCTOBER, result

from leadstats.briefing import View
from leadstats.briefing.brief import brief
from leadstats.cli import rendering
from leadstats.cli.briefing import as_json
from leadstats.cli.commands import main
from leadstats.counting.catalog import load_metrics
from leadstats.counting.database import open_database
from leadstats.counting.measure import measure
from leadstats.counting.view import Cell, Filters

ROOT = Path(__file__).resolve().parents[2]
JANUARY = ("--from", "2026-01", "--to", "2026-01", "--audience", "analyst")


@pytest.fixture(scope="module")
def county(tmp_path_factory, make_program):
    """Arrests of two groups, and referrals up to a day in the middle of March."""
    program = make_program(tmp_path_factory.mktemp("county"))
    program.add(
        person=[{"person_id": n + 1, "race": "White" if n < 20 else "Asian"} for n in range(40)],
        arrest=[
            {
                "person_id": n + 1,
                "arrested_at": "2026-01-10",
                "is_charge_eligible": "yes",
                "is_diverted": "yes" if n % 4 == 0 or n < 10 else "no",
            }
            for n in range(40)
        ],
        referral=[
            {"person_id": n + 1, "referred_on": day, "neighborhood": place}
            for n, (day, place) in enumerate(
                [("2026-01-03", "Mill Row"), ("2026-01-20", "=North"), ("2026-03-10", "Mill Row")]
            )
        ],
    )
    program.site(data_through=date(2026, 3, 15))
    assert program.build().exit_code == 0
    return program


@pytest.fixture
def run(capsys):
    def run(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def asked(run, *arguments):
    code, out, err = run(*arguments, "--format", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_check_and_build_report_every_file_and_row(run, program):
    program.file(
        "referral.csv", "referral_id,person_id,referred_on,pathway\n1,1,2026-01-05,community\n2,1,soon,x\n"
    )

    code, out, err = run("check", program.inbox, "--format", "json")
    report = json.loads(out)

    assert (code, err, report["snapshot"]) == (1, "", None)
    (file,) = report["files"]
    problems = file.pop("problems")
    assert file == {
        "file": "referral.csv",
        "table": "referral",
        "read": 2,
        "loaded": 1,
        "rejected": 1,
        "duplicate": 0,
        "out_of_scope": 0,
    }
    assert [(p["code"], p["severity"], p["row"], p["column"], p["value"], p["count"]) for p in problems] == [
        ("LD-203", "warning", 3, "referred_on", "soon", 1),
        ("LD-204", "warning", 3, "pathway", "x", 1),
    ]
    assert report["data_through"] == "2026-01-05"

    code, out, _ = run("build", program.inbox, "--to", program.data)
    assert code == 1
    assert "LD-203  A required cell cannot be read" in out
    assert (program.data / "current").read_text().strip() in out


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("referral.csv", "referral_id,person_id,referred_on,pathway\n1,1,2026-01-05,community\n", 0),
        ("referral.csv", "referral_id,person_id,referred_on,pathway\n1,1,soon,community\n", 1),
        ("referral.csv", "referral_id,person_id,pathway\n1,1,community\n", 2),
        ("referrals.csv", "referral_id,person_id,referred_on,pathway\n1,1,2026-01-05,community\n", 3),
    ],
)
def test_exit_codes_tell_how_grave_it_is(run, program, name, content, code):
    program.file(name, content)

    assert run("check", program.inbox)[0] == code
    assert run("build", program.inbox, "--to", program.data)[0] == code
    assert (program.data / "current").exists() == (code < 2)


def test_an_inbox_that_is_not_there_cannot_be_read(run, tmp_path):
    code, out, _ = run("check", tmp_path / "nothing", "--format", "json")

    assert code == 4
    assert [file["problems"][0]["code"] for file in json.loads(out)["files"]] == ["LD-101"]


def test_the_catalog_is_listed(run):
    catalog = asked(run, "metrics")

    assert [entry["name"] for entry in catalog] == list(load_metrics())
    assert set(catalog[0]) == {
        *("name", "title", "unit", "definition", "caution", "version", "breakdowns", "filters", "sources")
    }
    assert "referrals_received [referrals], version" in run("metrics")[1]


def test_a_metric_as_json(run, county):
    result = asked(run, "metric", "referrals_received", "--data", county.data, *JANUARY)

    assert result["filters"] == {
        "from": "2026-01",
        "to": "2026-01",
        "by": "month",
        "place": [],
        "pathway": [],
        "breakdown": None,
        "audience": "analyst",
    }
    assert (result["metric"], result["unit"], result["data_through"]) == (
        "referrals_received",
        "referrals",
        "2026-03-15",
    )
    assert result["rows"] == [
        {
            "period": "2026-01",
            "category": "Everyone",
            "people": 2,
            "value": 2,
            "low": None,
            "high": None,
            "events": 2,
            "hidden": None,
        }
    ]


def test_without_months_the_last_twelve_complete_ones_are_shown(run, county):
    rows = asked(run, "metric", "referrals_received", "--data", county.data)["rows"]

    assert [row["period"] for row in rows] == [f"2025-{m:02}" for m in range(3, 13)] + ["2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("months", "periods"),
    [
        (("--from", "2026-01"), ["2026-01", "2026-02"]),
        (("--from", "2026-03"), ["2026-03"]),
        (("--to", "2026-01", "--by", "quarter"), ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"]),
        (("--from", "2026-01", "--to", "2026-12", "--by", "year"), ["2026"]),
        (("--by", "total"), [None]),
    ],
)
def test_months_may_be_given_at_either_end(run, county, months, periods):
    rows = asked(run, "metric", "referrals_received", "--data", county.data, *months)["rows"]

    assert [row["period"] for row in rows] == periods


def test_a_month_that_the_data_cut_short_is_marked(run, county):
    result = asked(
        run, "metric", "referrals_received", "--data", county.data, "--from", "2026-02", "--to", "2026-06"
    )

    assert [(row["period"], row.get("partial")) for row in result["rows"]] == [
        ("2026-02", None),
        ("2026-03", True),
    ]


def test_a_hidden_row_has_a_reason_and_no_number(run, county):
    arguments = (
        "metric",
        "referrals_received",
        "--data",
        county.data,
        "--from",
        "2026-01",
        "--to",
        "2026-01",
    )

    (row,) = asked(run, *arguments)["rows"]

    assert row == {
        "period": "2026-01",
        "category": "Everyone",
        "people": None,
        "value": None,
        "low": None,
        "high": None,
        "hidden": "too few",
    }
    assert "hidden to protect privacy" in run(*arguments)[1]


def test_places_and_breakdowns_pass_through(run, county):
    result = asked(
        run,
        *("metric", "referrals_received", "--data", county.data, *JANUARY),
        *("--place", "Mill Row", "--place", "=North", "--breakdown", "neighborhood"),
    )

    assert {row["category"]: row["value"] for row in result["rows"]} == {
        "=North": 1,
        "Mill Row": 1,
        "Unknown": 0,
    }


def test_a_metric_as_csv_runs_no_formula(run, county):
    _, out, _ = run(
        *("metric", "referrals_received", "--data", county.data, *JANUARY),
        *("--breakdown", "neighborhood", "--format", "csv"),
    )

    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["category"], row["value"]) for row in rows] == [
        ("'=North", "1"),
        ("Mill Row", "1"),
        ("Unknown", "0"),
    ]


def test_a_metric_as_text_says_what_it_counts(run, county):
    _, out, _ = run("metric", "referrals_received", "--data", county.data, *JANUARY)

    assert load_metrics()["referrals_received"].definition in out
    assert "2 referrals" in out


def test_hidden_races_of_a_stage_lead_to_where_they_stand_together():
    hint = "stand together, or are counted over longer, in: python -m leadstats equity arrest_to_diversion"
    cells = (
        Cell(None, "White", value=20.0, numerator=20, denominator=100),
        Cell(None, "Asian", hidden="too few"),
    )
    by_race = replace(OCTOBER, breakdown="race")

    assert hint in rendering.as_table(result("diversion_rate", *cells, filters=by_race))
    assert hint not in rendering.as_table(result("diversion_rate", cells[0], filters=by_race))
    assert "in: python" not in rendering.as_table(result("people_referred", *cells, filters=by_race))


def test_equity_compares_groups(run, county):
    table = asked(run, "equity", "arrest_to_diversion", "--data", county.data, *JANUARY)

    rows = {row["group"]: row for row in table["rows"]}
    assert (table["stage"], table["reference"]) == ("arrest_to_diversion", "White")
    assert (rows["White"]["n"], rows["White"]["x"]) == (20, 12)
    assert (rows["Asian"]["n"], rows["Asian"]["x"], rows["Asian"]["gap"]) == (20, 5, pytest.approx(-35))
    assert table["unknown"] == {"n": 0, "x": 0}
    assert rows["Asian"]["sentence"].startswith(
        "Officers diverted 25% of eligible arrests of Asian people and 60%"
    )
    assert set(table) == {
        "stage",
        "reference",
        "filters",
        "not_recorded",
        "rows",
        "unknown",
        "ratio_bounds",
        "comparisons",
        "other_groups",
    }
    assert (table["comparisons"], table["other_groups"]) == (40, {"groups": [], "rows": []})
    assert (table["filters"]["from"], table["filters"]["to"]) == ("2026-01", "2026-01")
    assert set(rows["Asian"]) >= {
        *("group", "n", "x", "rate", "gap", "gap_low", "gap_high", "ratio", "ratio_low", "ratio_high"),
        *("additional_people", "sentence", "hidden"),
    }

    _, out, _ = run("equity", "arrest_to_diversion", "--data", county.data, *JANUARY, "--reference", "Asian")
    assert "White people" in out and "January 2026" in out.splitlines()[0]
    _, out, _ = run("equity", "arrest_to_diversion", "--data", county.data, *JANUARY, "--format", "csv")
    assert {row["group"]: row["x"] for row in csv.DictReader(io.StringIO(out))}["Asian"] == "5"
    assert "sentence" in out.splitlines()[0]


def test_equity_without_months_has_those_of_the_page(run, county):
    """People have to be followed for 90 days, to 15 March: so to those of November. Asked for, months are answered."""
    stage = ("equity", "referral_to_intake", "--data", county.data, "--audience", "analyst")
    assert asked(run, *stage)["filters"]["to"] == "2025-11"
    assert asked(run, *stage, *JANUARY)["filters"]["to"] == "2026-01"


def test_equity_without_its_tables_says_so(run, county):
    _, out, _ = run("equity", "homeless_to_housed", "--data", county.data)

    assert "needs enrollment.csv" in out and "living_situation.csv" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("metric", "referals_received", "--data", "."),
            "'referals_received'; did you mean 'referrals_received'?",
        ),
        (("metric", "referrals_received", "--place", "Mil Row"), "'Mil Row'; did you mean 'Mill Row'?"),
        (("metric", "referrals_received", "--pathway", "street"), "unknown pathway 'street'; did you mean"),
        (("metric", "referrals_received", "--by", "months"), "'months'; did you mean 'month'?"),
        (("metric", "referrals_received", "--from", "2026-13"), "'2026-13'; did you mean '2026-12'?"),
        (("metric", "referrals_received", "--from", "January"), "unknown month 'January'"),
        (("metric", "referrals_received", "--breakdown", "races"), "'races'; did you mean 'race'?"),
        (("metric", "referrals_received", "--breakdown", "destination"), "breakdown of referrals_received"),
        (("metric", "referrals_received", "--audience", "public"), "unknown audience 'public'"),
        (("metric", "referrals_received", "--format", "jsn"), "'jsn'; did you mean 'json'?"),
        (("metric", "referrals_received", "--plase", "x"), "--plase; did you mean --place?"),
        (("metric", "referrals_received", "--from", "2026-02", "--to", "2026-01"), "lies before"),
        (("equity", "arrest_to_diversions"), "did you mean 'arrest_to_diversion'?"),
        (("equity", "arrest_to_diversion", "--reference", "Wite"), "'Wite'; did you mean 'White'?"),
        (("metrik",), "'metrik'; did you mean metric?"),
        ((), "COMMAND"),
        (("build", "somewhere"), "--to"),
    ],
)
def test_a_mistake_is_named_in_one_line_with_the_nearest_match(run, county, arguments, words):
    if arguments[:1] in (("metric",), ("equity",)) and "--data" not in arguments:
        arguments = (*arguments, "--data", county.data)

    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert words in err
    assert err.startswith("leadstats: ")
    assert err.count("\n") == 1


def test_data_that_were_never_built_are_told(run, tmp_path):
    code, out, err = run("metric", "referrals_received", "--data", tmp_path)

    assert (code, out) == (4, "")
    assert "run: python -m leadstats build" in err


def test_the_commands_run_as_a_program_and_survive_a_reader_who_leaves():
    command = [sys.executable, "-m", "leadstats", "metrics", "--format", "json"]

    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(10)
        process.stdout.close()
        errors = process.stderr.read()
        process.wait()

    assert (process.returncode, errors) == (0, b"")


def test_a_build_tells_how_far_it_is_and_leaves_a_quality_report(run, county, tmp_path):
    code, out, err = run("build", county.inbox, "--to", tmp_path / "data", "--progress", "--format", "json")

    told = [line.split(" ", 2) for line in err.splitlines()]
    shares = [float(share) for _, share, _ in told]
    assert {word for word, *_ in told} == {"progress"}
    assert shares == sorted(shares) and shares[-1] == 1
    assert {"checking cells", "deriving tables", "done"} <= {doing for *_, doing in told}
    assert any(doing.startswith("reading ") for *_, doing in told)
    assert (code, json.loads(out)["exit_code"]) == (0, 0)
    assert "Data quality" in (tmp_path / "data" / "data-quality.html").read_text(encoding="utf-8")


def test_of_a_program_of_nobody_nothing_is_counted_ahead_and_a_packet_is_written(run, program, tmp_path):
    data, packet = tmp_path / "data", tmp_path / "packet.pdf"
    run("build", program.add(referral=[], arrest=[]).write(), "--to", data)

    assert run("cube", "--data", data) == (0, "0 files, as there is nothing to count\n", "")
    assert run("packet", "--data", data, "--to", packet)[0] == 0
    assert packet.read_bytes().startswith(b"%PDF")


def test_a_brief_adds_up_what_was_counted_ahead_to_what_the_records_say(run, county):
    assert run("cube", "--data", county.data)[0] == 0
    told = asked(run, "brief", "--data", county.data, *JANUARY)

    months = Filters(date(2026, 1, 1), date(2026, 1, 1))
    view = View(open_database(county.data), "analyst", months, measure)
    expected = json.loads(json.dumps(as_json(view, brief(view)), default=str))
    assert told["answers"] == expected["answers"]
    assert any(figure["value"] for answer in told["answers"] for figure in answer["figures"])


def test_a_check_without_a_terminal_shows_no_progress(run, county):
    assert run("check", county.inbox)[2] == ""


def test_the_quality_report_is_written_for_an_audience(run, county, tmp_path):
    for audience in ("coordinating_group", "analyst"):
        to = tmp_path / f"{audience}.html"
        assert run("quality", "--data", county.data, "--to", to, "--audience", audience) == (0, "", "")
    assert (tmp_path / "analyst.html").read_text() != (tmp_path / "coordinating_group.html").read_text()
    assert run("quality", "--data", tmp_path, "--to", tmp_path / "x.html")[0] == 4


def test_a_process_can_invent_a_county(tmp_path):
    """In a process of its own, which does without pandas for all other commands."""
    options = ("--to", str(tmp_path / "county"), "--people", "15", "--months", "24")
    done = subprocess.run(
        [sys.executable, "-m", "leadstats", "sample", *options], cwd=ROOT, capture_output=True
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "county" / "site.toml").exists()
