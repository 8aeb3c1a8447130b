/*
code = "LD-313"
severity = "warning"
title = "A link for a source that does not exist"
expected = "the name of a table, such as jail_stay, or hmis, or a numbering of mapping.toml"
fix = "Write the table that holds the numbers, or hmis. The row is left out."
topic = "People and links"
shows = "nothing"
rejects = true
*/
SELECT
    'person_link' AS table_name,
    'source' AS column_name,
    file_number,
    row_number,
    source AS cell
FROM candidate.person_link
WHERE
    lower(source) <> 'hmis'
    -- The jail numbers people on its lists as it does in its stays.
    AND lower(source) NOT IN (
        SELECT table_name
        FROM duckdb_columns()
        WHERE
            schema_name = 'candidate'
            AND column_name = 'person_id'
            AND table_name NOT IN ('person_link', 'jail_roster')
    )
    AND lower(source) NOT IN (SELECT name FROM candidate.numbering);
