"""The contract of every file in queries/metrics/, for files nobody has written yet."""

import ast
import contextlib
import itertools
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from conftest import Program, counts_of
from msgspec import structs

from leadstats.counting.catalog import FOLDER, load_metrics, read_catalog
from leadstats.counting.coverage import coverage
from leadstats.counting.estimators import ESTIMATORS
from leadstats.counting.measure import KEYS, measure
from leadstats.counting.view import NOT_RECORDED, Filters
from leadstats.model import periods
from leadstats.model.codes import AGE_BANDS
from leadstats.model.declarations import DeclarationError, header
from leadstats.model.schema import PATHWAYS, RACES, TABLES, TWO_OR_MORE, UNKNOWN

METRICS = tuple(load_metrics().values())
AS_OF = date(2026, 3, 31)
SPAN = Filters(date(2025, 1, 1), date(2026, 3, 1))
EVERY_METRIC = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
# Metrics of one family ask one query.
EVERY_QUERY = pytest.mark.parametrize(
    "metric", {metric.sql: metric for metric in METRICS}.values(), ids=lambda metric: metric.name
)

# Two people who have been through everything, so that no query runs on nothing.
ROWS = {
    "person": [
        {"person_id": 1, "birth_year": 1980, "race": "White", "sex": "Man"},
        {"person_id": 2, "race": "Asian;White"},
    ],
    "arrest": [
        {
            "arrest_id": f"a{n}",
            "person_id": n,
            "arrested_at": f"2025-02-0{n}",
            "charge_class": "Theft",
            "is_charge_eligible": "yes",
            "is_diverted": "yes",
            "is_booked": "no",
            "neighborhood": "Ash",
        }
        for n in (1, 2)
    ]
    + [
        {
            "arrest_id": f"before-{n}",
            "person_id": n,
            "arrested_at": f"2024-0{n}-05",
            "charge_class": "Theft",
            "is_charge_eligible": "yes",
            "is_diverted": "no",
            "is_booked": "yes",
        }
        for n in (4, 5)
    ],
    "referral": [
        {
            "person_id": n,
            "referred_on": f"2025-02-0{n}",
            "pathway": "arrest_diversion",
            "arrest_id": f"a{n}",
            "neighborhood": "Ash",
            "source_agency": "Police",
            "intake_completed_on": f"2025-02-1{n}",
        }
        for n in (1, 2)
    ],
    "enrollment": [
        {"person_id": 1, "started_on": "2025-02-11", "case_manager": "M", "neighborhood": "Elm"},
        {"person_id": 2, "started_on": "2025-02-12", "exited_on": "2025-08-01"},
        {"person_id": 2, "started_on": "2025-10-01"},
    ],
    "contact": [{"person_id": 1, "contacted_on": f"2025-{month:02}-15"} for month in range(3, 13)],
    "legal_case": [
        {
            "person_id": 1,
            "arrest_id": "a1",
            "offense_on": "2025-02-01",
            "filed_on": "2025-03-01",
            "dismissed_on": "2025-06-01",
            "warrant_issued_on": "2025-04-01",
        },
        {"person_id": 2, "offense_on": "2025-05-01", "declined_on": "2025-05-09"},
    ],
    "stop": [{"stopped_at": "2025-02-03", "is_arrested": "yes"}],
    "jail_stay": [
        {
            "person_id": 1,
            "booked_at": "2025-06-01T10:00",
            "released_at": "2025-06-09T10:00",
            "charge_class": "Theft",
        },
        {
            "person_id": 4,
            "booked_at": "2024-04-05T10:00",
            "released_at": "2024-04-09T10:00",
            "arrest_id": "before-4",
        },
    ],
    "living_situation": [{"person_id": n, "observed_on": "2025-02-12", "code": 116} for n in (1, 2)],
    "housing": [
        {
            "person_id": 1,
            "project_type": 3,
            "entered_on": "2025-03-01",
            "moved_in_on": "2025-03-05",
            "exited_on": "2025-09-01",
            "destination": 410,
        }
    ],
    "population": [{"neighborhood": "Ash", "race": "White", "people": 1000}],
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    program = Program(tmp_path_factory.mktemp("everything")).add(**ROWS)
    program.site(
        data_through=AS_OF,
        jail_costs=[{"kind": "average", "dollars": 150, "from": date(2020, 1, 1)}],
    )
    yield program.database
    program.close()


@pytest.fixture(scope="module")
def nothing(tmp_path_factory):
    """All sources are there, and not one row of them can be used."""
    program = Program(tmp_path_factory.mktemp("nothing")).add(person=[{"person_id": 1}])
    database = program.site(data_through=AS_OF).database
    yield replace(database, reach=dict.fromkeys(TABLES, AS_OF))
    program.close()


def rows(database, metric, with_margins=True, **limits):
    return counts_of(database)(metric, replace(SPAN, **limits), AS_OF, with_margins)


def test_the_database_knows_the_categories_of_the_schema(everything):
    known = {name: set(categories) for name, categories in everything.categories.items()}
    assert known["race_alone_or_in_combination"] == {*RACES, UNKNOWN}
    assert known["race"] == {*RACES, TWO_OR_MORE, UNKNOWN}
    assert known["age_band"] == {*AGE_BANDS, UNKNOWN}
    assert known["pathway"] == set(PATHWAYS)
    assert known["neighborhood"] == {"Ash", "Elm", UNKNOWN}


@EVERY_METRIC
def test_a_metric_is_one_select_with_the_filters_as_its_one_parameter(metric):
    statements = duckdb.extract_statements(metric.sql)
    assert [statement.type for statement in statements] == [duckdb.StatementType.SELECT]
    assert statements[0].named_parameters == {"filters"}


def views(metric):
    """Every breakdown and every period, but not each with each: scope.sql joins them for all metrics."""
    first = metric.breakdowns[:1]
    yield from ({"by": by, "breakdown": breakdown} for by in periods.VIEWED for breakdown in (None, *first))
    yield from ({"by": "quarter", "breakdown": breakdown} for breakdown in metric.breakdowns[1:])


@EVERY_METRIC
def test_a_metric_runs_with_every_breakdown_and_period(metric, everything):
    for view in views(metric):
        published = measure(everything, metric, replace(SPAN, **view), "analyst", counts_of(everything))
        assert not published.missing
        keys = [(cell.period, cell.category) for cell in published.cells]
        assert keys and len(keys) == len(set(keys))
        assert metric.categories or keys == sorted(keys, key=str)


@EVERY_METRIC
def test_a_metric_runs_for_partners_and_with_two_breakdowns(metric, everything):
    for first, second in itertools.pairwise(metric.breakdowns):
        limits = {"breakdown": first, "second_breakdown": second, "by": "total"}
        cells = measure(
            everything, metric, replace(SPAN, **limits), "coordinating_group", counts_of(everything)
        ).cells
        assert all(cell.second_category is not None for cell in cells)


def wanted(metric):
    """The columns that the estimator of a metric takes, and those it takes where they are there."""
    estimator = ESTIMATORS[metric.estimator]
    needed = {*KEYS, *estimator.nobody(metric), *estimator.people}
    return needed, needed | {*estimator.may_have}


@EVERY_METRIC
def test_a_metric_answers_in_the_columns_of_its_estimator_and_no_other(metric, everything):
    described = everything.rows(
        f"DESCRIBE {metric.sql}", SPAN.as_parameters(AS_OF, True, metric.horizon_days)
    )
    columns = {row["column_name"] for row in described}
    sharing = [each for each in METRICS if each.sql == metric.sql]

    assert wanted(metric)[0] <= columns
    assert columns <= set.union(*(wanted(each)[1] for each in sharing)) | {"last_day"}


@EVERY_METRIC
def test_parts_are_parts_of_the_whole(metric, everything):
    for row in rows(everything, metric, breakdown=metric.breakdowns[0] if metric.breakdowns else None):
        if metric.estimator != "ratio" and "numerator" in row:
            assert 0 <= row["numerator"] <= row["denominator"]
        # Who is set beside the people of a row, as those arrested in the baseline year, is no part of them.
        for part in set(ESTIMATORS[metric.estimator].people[1:]) - {"booked_people", "other_people"}:
            assert 0 <= (row[part] or 0) <= (row["people"] or row["denominator"])


@EVERY_METRIC
def test_each_cell_has_one_row_and_no_part_exceeds_its_margin(metric, everything):
    for breakdown in (None, *metric.breakdowns):
        found = {
            (row["period"], row["category"], row["second_category"]): row["people"] or 0
            for row in rows(everything, metric, breakdown=breakdown)
        }
        for (period, category, second), people in found.items():
            if breakdown and category is not None:
                assert people <= found[period, None, second]
            if period is not None and not metric.is_stock and metric.unit == "people":
                assert people <= found[None, category, second]


def in_one_order(row):
    return {name: sorted(value, key=str) if isinstance(value, list) else value for name, value in row.items()}


def shown(found):
    """Rows without margins, in one order; lists inside a row come in any."""
    plain = (in_one_order(row) for row in found if row["period"] and row["category"])
    return sorted(plain, key=lambda row: (row["period"], row["category"]))


@EVERY_METRIC
def test_margins_leave_the_rows_that_are_shown_as_they_are(metric, everything):
    for breakdown in (None, *metric.breakdowns[:2]):
        with_margins, without = (
            rows(everything, metric, with_margins=margins, breakdown=breakdown) for margins in (True, False)
        )
        assert shown(with_margins) == shown(without)


@EVERY_QUERY
def test_text_in_a_filter_is_never_sql(metric, everything):
    """What looks like a query gets the answer of any other word that nobody knows."""

    def found(**limits):
        # A breakdown is looked up as the name of a field, and there is none of that name.
        with contextlib.suppress(duckdb.BinderException):
            return sorted(map(repr, map(in_one_order, rows(everything, metric, **limits))))

    nowhere = {"places": ("nowhere",), "pathways": ("nowhere",), "breakdown": "nowhere", "by": "nowhere"}
    expected = {name: found(**{name: word}) for name, word in nowhere.items()}
    for kind in ("places", "pathways"):
        assert not any(row["people"] for row in rows(everything, metric, **{kind: nowhere[kind]}))
    for attack in ("x' OR 1=1 --", "month') OR ('' = '", "x'; SELECT 1; --"):
        for name, word in nowhere.items():
            asked = attack if isinstance(word, str) else (attack,)
            assert found(**{name: asked}) == expected[name], (name, attack)


@EVERY_METRIC
def test_a_metric_of_nobody_is_zero_or_not_known(metric, nothing):
    for breakdown in (None, *metric.breakdowns):
        filters = replace(SPAN, breakdown=breakdown)
        for cell in measure(nothing, metric, filters, "analyst", counts_of(nothing)).cells:
            assert not cell.people and not cell.value and not cell.numerator and not cell.denominator


@EVERY_METRIC
def test_a_metric_says_what_it_waits_for(metric, nothing):
    bare = replace(nothing, reach={})
    covered = coverage(bare, metric)
    assert covered.through is None and covered.missing
    assert set(covered.missing) & set(metric.sources)
    published = measure(bare, metric)
    assert published.missing == published.not_recorded == covered.missing
    assert {(cell.value, cell.people, cell.hidden) for cell in published.cells} == {
        (None, None, NOT_RECORDED)
    }


@EVERY_METRIC
def test_a_metric_needs_more_than_its_sources_always_have(metric):
    """Required columns are there wherever the source is; a need names what may be missing."""
    for needed in metric.needed:
        tables = {name.partition(".")[0] for name in needed}
        assert tables <= {*TABLES, "site"}
        assert tables & set(metric.sources)
        required = {
            f"{table}.{column.name}"
            for table in metric.sources
            for column in TABLES[table].columns
            if column.required
        }
        assert not required & set(needed)


@pytest.mark.parametrize(
    "need", ("arrest.is_divertd", "arrests.is_diverted", "is_diverted", "site.name or", "")
)
def test_a_need_that_nobody_could_record_is_refused(need):
    with pytest.raises(DeclarationError, match="needs"):
        structs.replace(load_metrics()["arrests_diverted"], needs=(need,))


@EVERY_METRIC
def test_a_query_that_takes_a_horizon_has_one(metric):
    if re.search(r"horizon_days|whole_window_counts|remaining_counts", metric.sql):
        assert metric.horizon_days


@pytest.mark.parametrize("field", ("caution", "method"))
def test_no_caution_and_no_method_is_written_twice(field):
    """What several metrics must say stands once, in the file they share."""
    said = []
    for path in sorted(FOLDER.glob("*.sql")):
        shared = header(path)
        said += [words[field] for words in (shared, *shared.get("metrics", {}).values()) if field in words]
    assert [words for words, times in Counter(said).items() if times > 1] == []


def test_the_example_of_the_readme_can_be_copied(tmp_path, everything):
    readme = FOLDER.parent.joinpath("README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```sql\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "people_who_enrolled.sql").write_text(example, encoding="utf-8")

    found = read_catalog(tmp_path)

    assert not found.faults
    published = measure(everything, found.metric("people_who_enrolled"), SPAN, "analyst")
    assert sum(cell.value for cell in published.cells) == 3


@EVERY_METRIC
def test_a_header_reads_as_prose(metric):
    assert metric.title[0].isupper() and not metric.title.endswith(".")
    assert metric.definition.endswith(".")
    assert metric.population.endswith(".")
    assert metric.caution.endswith(".")
    assert metric.method.endswith(".")
    assert metric.place or "place" not in metric.filters
    words = f"{metric.title} {metric.definition} {metric.caution} {metric.method}".lower()
    for word in ("client", "subject", "offender", "suppress", "mask", "redact", "homeless people", "§"):
        assert word not in words


@EVERY_METRIC
def test_a_metric_narrows_what_there_is(metric):
    """Each step of its method card may be seen under the same filters."""
    for wider in metric.within:
        assert wider != metric.name
        assert set(metric.filters) <= {*load_metrics()[wider].filters}, wider


def names_in(path):
    """The texts of a file's code, f"retained_at_{days}_days" as a pattern; comments and sentences are none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (
                re.escape(part.value) if isinstance(part, ast.Constant) else r"\d+" for part in node.values
            )
            yield "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield re.escape(node.value)


EXAMPLES = {
    name
    for path in Path(__file__).parents[1].joinpath("metrics").glob("test_*.py")
    for name in names_in(path)
}


@EVERY_METRIC
def test_a_metric_has_a_worked_example(metric):
    """The code of one asks for it by name; a comment or a sentence that names it is none."""
    assert any(re.fullmatch(name, metric.name) for name in EXAMPLES)
