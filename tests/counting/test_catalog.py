"""One wrong file is one error with file and field, and every other number stays."""

import re

import pytest

from leadstats.cli.commands import main
from leadstats.counting import catalog
from leadstats.counting.catalog import read_catalog, readable
from leadstats.counting.measure import measure
from leadstats.counting.view import UNREADABLE
from leadstats.ingest import derivation
from leadstats.model.declarations import DeclarationError
from leadstats.model.messages import Fault
from leadstats.model.metrics import STAGES, PublicMetric
from leadstats.narrative import not_recorded

HEADER = """
title = "People referred"
unit = "people"
definition = "Different people."
sources = ["referral"]
"""


def write(folder, name="people_seen", header=HEADER, sql="SELECT 1;"):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.sql").write_text(f"/*{header}*/\n{sql}\n", encoding="utf-8")
    return folder


def test_every_metric_of_the_product_can_be_read():
    found = read_catalog(catalog.FOLDER)

    assert not found.faults
    assert list(found.metrics) == sorted(found.metrics)
    assert {metric.stage for metric in found.metrics.values()} - {""} == set(STAGES)


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ("is_stock = 'no'", "is_stock", "true or false"),
        ("is_stock = 0", "is_stock", "true or false"),
        ("horizon_days = '30'", "horizon_days", "a whole number, 1 or more"),
        ("horizon_days = 0", "horizon_days", "a whole number, 1 or more"),
        ("estimator = 'porportion'", "estimator", 'did you mean "proportion"?'),
        ("stage = 'no_such_stage'", "stage", "a known name for stage"),
        ("stage = 'arrest_to_diversion'", "benefit", "true or false"),
        ("within = ['no_such_metric']", "within", "the name of a metric"),
        ("within = 'people_known'", "within", "a list of texts"),
        ("version = '2'", "version", "a whole number"),
        ("version = true", "version", "a whole number"),
        ("benefit = 'yes'", "benefit", "true or false"),
        ("unit = 'kits'", "unit", "a known name for unit"),
        ("sources = ['referrals']", "sources", 'did you mean "referral"?'),
        ("sources = []", "sources", "at least one table"),
        ("optional = ['contact']", "optional", "one of the sources"),
        ("records = 'shoe sizes'", "records", "a known name for records"),
        ("filters = ['places']", "filters", 'did you mean "place"?'),
        ("needs = ['referral.closed']", "needs", 'did you mean "referral.closed_on"?'),
        ("definition = 'Different people'", "definition", "full stop"),
        ("horizon_day = 30", "horizon_day", 'did you mean "horizon_days"?'),
        ("sql = 'SELECT 2;'", "sql", "no such key"),
        ("name = 'other'", "name", "no such key"),
        ("sentence = 'In {period}'", "sentence", "a known name"),
        ("fault = 'mine'", "fault", "a known name"),
        ("title =", "", "valid TOML"),
    ],
)
def test_a_wrong_header_is_one_error_with_file_and_field(tmp_path, line, field, words):
    own = re.sub(rf"^{line.partition(' ')[0]} = .*\n", "", HEADER, flags=re.MULTILINE)
    write(tmp_path, "people_known", HEADER)
    write(tmp_path, "people_seen", f"{own}{line}\n")

    found = read_catalog(tmp_path)

    (fault,) = found.faults
    assert list(found.metrics) == ["people_known"] and list(found.unreadable) == ["people_seen"]
    assert fault.code == "LD-801" and fault.file.endswith("people_seen.sql")
    assert (fault.field or "") == field
    assert words in fault.line and "\n" not in fault.line
    with pytest.raises(Fault):
        readable(found.metric("people_seen"))


def test_a_file_without_a_header_is_told(tmp_path):
    (tmp_path / "people_seen.sql").write_text("SELECT 1;\n", encoding="utf-8")

    (fault,) = read_catalog(tmp_path).faults
    assert "a header" in fault.line


def test_several_metrics_of_one_file_share_what_is_not_their_own(tmp_path):
    header = HEADER.replace("Different people.", "People seen within {days} days.")
    members = """
    [metrics]
    seen_within_30_days = { horizon_days = 30 }
    seen_within_90_days = { horizon_days = 90, title = "Seen in a quarter" }
    """
    found = read_catalog(write(tmp_path, "seen_within_days", header + members))

    short, long = found.metrics.values()
    assert (short.name, short.horizon_days, short.title) == ("seen_within_30_days", 30, "People referred")
    assert short.definition == "People seen within 30 days."
    assert (long.definition, long.title) == ("People seen within 90 days.", "Seen in a quarter")
    assert short.sql == long.sql


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ("[metrics.one]\nunit = 'kits'", "metrics.one.unit"),
        ("[metrics.one]\nunt = 'people'", "metrics.one.unt"),
        ("metrics = ['one']", "metrics"),
        ("[metrics]\none = 3", "metrics"),
        ("[metrics.people_known]", "metrics"),
    ],
)
def test_what_is_wrong_in_one_of_several_is_named_there(tmp_path, members, field):
    write(tmp_path, "people_known")
    write(tmp_path, "several", HEADER + members + "\n")

    found = read_catalog(tmp_path)

    (fault,) = found.faults
    assert fault.field == field


def test_a_metric_within_one_whose_file_is_wrong_stays(tmp_path):
    write(tmp_path, "people_known", HEADER + "unt = 'x'\n")
    write(tmp_path, "people_seen", HEADER + 'within = ["people_known"]\n')

    assert list(read_catalog(tmp_path).metrics) == ["people_seen"]


def test_the_command_line_says_it_in_one_line_and_lists_the_others(broken, capsys, program):
    broken("people_enrolled", "estimator = 'cuont'")
    data = program.add(referral=[{"person_id": 1}]).build() and program.data

    assert main(["metrics"]) == 2
    listed = capsys.readouterr()
    assert "people_referred [people]" in listed.out and "people_enrolled [people]" not in listed.out
    assert listed.err.count("\n") == 1 and 'estimator: "cuont" found' in listed.err

    assert main(["metric", "people_enrolled", "--data", str(data)]) == 2
    refused = capsys.readouterr()
    assert refused.out == "" and refused.err.count("\n") == 1 and "people_enrolled.sql" in refused.err

    assert main(["metric", "referrals_received", "--data", str(data)]) == 0


def test_a_stage_whose_file_is_wrong_is_told(broken, capsys, program):
    broken("diversion_rate", "benefit = 'yes'")
    data = program.add(arrest=[{}]).build() and program.data

    assert main(["equity", "arrest_to_diversion", "--data", str(data)]) == 2
    assert "diversion_rate.sql: benefit" in capsys.readouterr().err


def test_pages_say_that_a_number_cannot_be_shown(broken, program):
    broken("people_referred", "unit = 'kits'")
    database = program.add(referral=[{"person_id": 1}]).database

    published = measure(database, database.metric("people_referred"))

    assert (published.cells, published.missing) == ((), UNREADABLE)
    assert 'unit: "kits" found' in not_recorded.missing(published)


def test_a_public_metric_brings_its_own_words(tmp_path):
    assert {"sentence", "bounded_sentence", "wording", "breakdowns"} == set(
        PublicMetric.__struct_fields__
    ) - set(next(iter(read_catalog(write(tmp_path)).metrics.values())).__struct_fields__)


def test_a_wrong_file_that_a_build_needs_stops_it_in_one_line(monkeypatch, capsys, program):
    def wrong():
        raise DeclarationError("columns", "what the column means", file="person.sql")

    monkeypatch.setattr(derivation, "load_tables", wrong)
    inbox = program.add(referral=[{}]).write()

    assert main(["build", str(inbox), "--to", str(program.data)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "person.sql: columns" in said
