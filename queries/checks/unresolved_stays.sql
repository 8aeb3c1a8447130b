/*
code = "LD-318"
severity = "warning"
title = "An open stay of a person who is not on the roster"
expected = "a release, or the person on the roster"
fix = "Ask the jail for the release. Until then the stay counts for no night."
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
    AND is_on_roster IS NOT TRUE
    -- A source that never fills the flag says nothing by leaving it empty.
    AND EXISTS (FROM accepted.jail_stay AS other WHERE other.is_on_roster IS NOT NULL);
