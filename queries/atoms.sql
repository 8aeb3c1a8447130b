-- The same metrics, counted for each month and each record instead of for one view: these macros stand in for those of
-- the same name in scope.sql. Loaded once a connection, in a schema of their own. leadstats.counting.cube adds the
-- counts up to any view.

-- The record, in place of the second category: by its number, since what it can be told apart by is long.
CREATE MACRO atoms.by_category(wanted_table, filters) AS TABLE
SELECT
    *,
    'Everyone' AS category,
    struct_pack(source := wanted_table, record := row_number() OVER ()) AS second_category
FROM query_table(wanted_table);

-- Months alone: a person of several months is known by the record.
CREATE MACRO atoms.period_and_margin(label, wanted_by, with_margins) AS [label];

-- The records of a table in the order of their numbers: whose they are, and all that they can be filtered by or
-- broken down by.
CREATE MACRO atoms.records(wanted_table) AS TABLE
SELECT
    row_number() OVER () AS record,
    person_key,
    dimensions
FROM query_table(wanted_table);
