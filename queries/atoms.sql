-- The same metrics, counted for each month, each person and all that a row can be filtered by or broken down by,
-- instead of for one view: these macros stand in for those of the same name in scope.sql. Loaded once a
-- connection, in a schema of their own. leadstats.counting.cube adds the counts up to any view.

-- Everything a row is told apart by, in place of the second category.
CREATE MACRO atoms.by_category(wanted_table, filters) AS TABLE
SELECT
    *,
    'Everyone' AS category,
    struct_pack(person_key := person_key, dimensions := dimensions) AS second_category
FROM query_table(wanted_table);

-- A person of several months is told apart by the person, so no margin over periods is needed.
CREATE MACRO atoms.period_and_margin(label, wanted_by, with_margins) AS [label];
