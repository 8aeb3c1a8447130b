/*
code = "LD-319"
severity = "note"
title = "An open stay, and no roster to compare with"
expected = "a roster flag"
fix = "Ask for a flag that says who is inside on the day of the export. Until then open stays count as open."
topic = "Impossible or unlikely"
shows = "nothing"
*/
SELECT
    'jail_stay' AS table_name,
    'released_at' AS column_name,
    file_number,
    row_number,
    NULL::VARCHAR AS cell
FROM accepted.jail_stay
WHERE
    released_at IS NULL
    -- One that cannot be read is told by its own words.
    AND NOT coalesce(list_contains(unread, 'released_at'), FALSE)
    AND NOT EXISTS (FROM accepted.jail_stay AS other WHERE other.is_on_roster IS NOT NULL);
