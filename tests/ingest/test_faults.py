"""Whatever is wrong with an export is told with the right code, file, row and column, and how to mend it."""

from random import Random

import pytest
from faults import FILES, ROWS, Said, apart, placed, planted

from leadstats import ingest
from leadstats.ingest.checks import load_checks
from leadstats.model.messages import KINDS

# Not to be made from an inbox, or told of people rather than of a fault; tested where they belong. LD-801 is of
# the tool's own files.
ELSEWHERE = {
    "LD-101",
    "LD-137",
    "LD-305",
    "LD-321",
    "LD-323",
    "LD-324",
    "LD-325",
    "LD-329",
    "LD-336",
    "LD-337",
    "LD-501",
    "LD-502",
    "LD-801",
}
EXIT_CODES = {"note": 0, "warning": 1, "error": 2, "held": 3, "decision": 3}
# What is told while files are taken in or proposed a mapping; tests/test_border.py and the assistant's own.
TAKEN_IN = ("LD-116", "LD-117", "LD-118", "LD-119", "LD-7")


APART = [fault for fault in FILES if fault.is_apart]
ALONE = [fault for fault in FILES if not fault.is_apart]


def write(folder, files):
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.fixture(scope="module", params=[1, 2])
def faulty(request, tmp_path_factory):
    """One inbox with all faults of rows at once, at random places."""
    files, expected = planted(ROWS, Random(request.param))
    return ingest.check(write(tmp_path_factory.mktemp("faulty"), files)), expected


def matching(report: ingest.IngestReport, said: Said):
    found = [
        each
        for each in report.problems
        if each.code == said.code
        and (each.file or "") == (said.file or "")
        and said.column in (None, each.column)
    ]
    rows = [each for each in found if said.row is None or said.row == each.row or said.row in each.rows]
    told = "\n".join(each.as_text() for each in report.problems)
    assert rows, f"{said} is not among\n{told}"
    return rows[0]


def check_said(report: ingest.IngestReport, said: Said) -> None:
    found = matching(report, said)
    assert found.severity == said.severity
    assert said.fix in found.fix
    assert found.as_text() and found.as_json()["code"] == said.code


def test_clean_rows_give_no_word(tmp_path):
    report = ingest.check(write(tmp_path / "clean", planted((), Random(0))[0]))

    assert [each.as_text() for each in report.problems] == []


@pytest.mark.parametrize("fault", ROWS, ids=lambda fault: fault.name)
def test_a_faulty_row_is_told(faulty, fault):
    report, expected = faulty

    check_said(report, expected[fault.name])


def test_nothing_else_is_told_of_faulty_rows_and_all_are_accounted_for(faulty):
    report, expected = faulty

    told = {(each.code, each.file, each.column) for each in report.problems}
    assert told == {(said.code, said.file, said.column) for said in expected.values()}
    for account in report.accounts:
        assert account.read == account.loaded + account.rejected + account.duplicate + account.out_of_scope


@pytest.fixture(scope="module")
def side_by_side(tmp_path_factory):
    """One inbox with all faults of files that touch no other file."""
    files, expected = apart(APART)
    return ingest.check(write(tmp_path_factory.mktemp("apart"), files)), expected


@pytest.mark.parametrize("fault", APART, ids=lambda fault: fault.name)
def test_a_faulty_file_is_told(side_by_side, fault):
    report, expected = side_by_side

    check_said(report, expected[fault.name])


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The report of an inbox of a few files; faults in the same files share it."""
    reports = {}

    def check(files):
        key = tuple(sorted(files.items()))
        if key not in reports:
            reports[key] = ingest.check(write(tmp_path_factory.mktemp("alone"), files))
        return reports[key]

    return check


@pytest.mark.parametrize("fault", ALONE, ids=lambda fault: fault.name)
def test_a_fault_that_keeps_others_from_being_read_is_told(alone, fault):
    report = alone(placed(fault))

    check_said(report, fault.said)
    # Of two kinds at once the graver decides.
    assert report.exit_code >= EXIT_CODES[fault.said.severity]


def test_there_is_a_fault_for_each_code():
    known = {*KINDS, *(check.code for check in load_checks())} - ELSEWHERE
    assert len(ROWS) + len(FILES) >= 40
    assert {code for code in known if not code.startswith(TAKEN_IN)} == {
        fault.said.code for fault in (*ROWS, *FILES)
    }
