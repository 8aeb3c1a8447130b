/*
code = "LD-328"
severity = "note"
title = "Housing without the day of entry"
expected = "the day of entry into the project"
fix = "Fill in the day of entry in your system. Until then the time in the project begins on the first day that is known: that of the move-in, else of the exit."
topic = "Cells that could not be read"
shows = "nothing"
*/
SELECT
    'housing' AS table_name,
    'entered_on' AS column_name,
    file_number,
    row_number,
    NULL::VARCHAR AS cell
FROM accepted.housing
WHERE entered_on IS NULL AND coalesce(moved_in_on, exited_on) IS NOT NULL;
