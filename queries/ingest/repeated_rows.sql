-- Of the rows with one key the fullest stays, then the first by content, then the one with most cells that nobody
-- can read: these are not known, and not empty. Never by position, so that the order of rows and files changes nothing.
WITH ranked AS (
    SELECT
        *,
        row_number() OVER copies AS copy,
        first_value(content) OVER copies AS kept_content,
        first_value(claim) OVER copies AS kept_claim,
        -- The same person in HMIS and in the program's own list is no contradiction.
        first_value(is_hmis) OVER copies AS kept_is_hmis
    FROM keyed
    WINDOW copies AS (
        PARTITION BY key
        ORDER BY is_hmis, empty_cells, content, coalesce(len(unread), 0) DESC, file_number, row_number
    )
)

SELECT
    file_number,
    row_number,
    CASE
        WHEN claim <> kept_claim AND is_hmis = kept_is_hmis THEN 'conflict'
        WHEN content <> kept_content AND claim = kept_claim THEN 'part'
        ELSE 'copy'
    END AS kind
FROM ranked
WHERE copy > 1
