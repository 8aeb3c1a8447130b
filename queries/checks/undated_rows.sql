/*
code = "LD-327"
severity = "warning"
title = "A row that no number can reach"
expected = "at least one day: of entry, move-in or exit"
fix = "Fill in the day of entry in your system and export again. Without any day the row belongs to no period, and no number can reach it."
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
WHERE coalesce(entered_on, moved_in_on, exited_on) IS NULL;
