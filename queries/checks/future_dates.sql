/*
code = "LD-315"
severity = "warning"
title = "A date in the future"
expected = "a day until today"
fix = "Correct the date in your system. The row counts, but in no period that is over; a release or an exit that is to come is none yet."
topic = "Impossible or unlikely"
shows = "nothing"
*/
SELECT
    dated.table_name,
    dated.column_name,
    dated.file_number,
    dated.row_number,
    strftime(dated.happened_on, '%Y-%m-%d') AS cell
FROM dated
CROSS JOIN accepted.today
WHERE dated.happened_on > today.today;
