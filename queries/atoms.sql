-- The same metrics, counted for each month and each record instead of for one view: these macros stand in for those of
-- the same name in scope.sql. Loaded once a connection, in a schema of their own; the variable `counted_tables` lists
-- the tables that they number. leadstats.counting.cube adds the counts up to any view.

-- Tables that metrics count: their rows can be broken down.
CREATE MACRO atoms.counted_tables() AS TABLE
SELECT 'program.' || table_name AS name
FROM duckdb_columns()
WHERE database_name = 'program' AND column_name = 'dimensions'
ORDER BY name;

-- The first day in each column of days of these tables.
CREATE MACRO atoms.first_days(wanted_tables) AS TABLE
SELECT min(COLUMNS('_(on|day|date)$')) FROM query_table(wanted_tables, TRUE);

-- The number of the record, in place of the second category, since what it can be told apart by is long: 2**40 times
-- that of its table, and its place there.
CREATE MACRO atoms.by_category(wanted_table, filters) AS TABLE
SELECT
    *,
    'Everyone' AS category,
    (list_position(getvariable('counted_tables'), wanted_table)::BIGINT << 40)
    + row_number() OVER () AS second_category
FROM query_table(wanted_table);

-- Months since the year 0, which are cheaper to make and to group by than labels.
CREATE MACRO atoms.period_label(day, wanted_by) AS (12 * year(day) + month(day) - 1)::SMALLINT;

-- Months alone: a person of several months is known by the record.
CREATE MACRO atoms.period_and_margin(label, wanted_by, with_margins) AS [label];

-- Whoever a record is of is alone in its group, and to list one after another takes twice as long.
CREATE MACRO atoms.person_time(events, days, people) AS
[struct_pack(events := any_value(events), days := any_value(days), people := any_value(people))];

-- As in scope.sql, without lists of one month each.
CREATE MACRO atoms.events_in_view(wanted_table, filters) AS TABLE
SELECT
    *,
    period_label(event_date, (filters)['by']) AS period
FROM by_category(wanted_table, filters)
WHERE event_date >= (filters)['first_day'] AND event_date < (filters)['next_day'];

-- The records of a table in the order of their numbers: whose they are, and what they can be filtered by or broken
-- down by, of that only what is wanted.
CREATE MACRO atoms.records(wanted_table, wanted_names) AS TABLE
SELECT COLUMNS(LAMBDA name: list_contains(wanted_names, name))
FROM (
    SELECT * REPLACE (array_to_string(races, chr(10)) AS races)
    FROM (SELECT person_key AS person, dimensions.* FROM query_table(wanted_table))
);
