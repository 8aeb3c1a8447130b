-- A number for each row of a file whose rows have none: what it says, and which of its equals it is.
SELECT
    line.* EXCLUDE (content),
    content || '-' || row_number() OVER (PARTITION BY content ORDER BY row_number) AS "(row)"
FROM line
