/*
code = "LD-311"
severity = "warning"
title = "Exit before entry"
expected = "an exit on the day of entry or later"
fix = "Correct one of the two dates in your system and export again. The row is left out."
topic = "Impossible or unlikely"
shows = "nothing"
rejects = true
*/
SELECT
    'enrollment' AS table_name,
    'exited_on' AS column_name,
    file_number,
    row_number,
    strftime(exited_on, '%Y-%m-%d') AS cell
FROM candidate.enrollment
WHERE exited_on < started_on
UNION ALL
SELECT
    'housing' AS table_name,
    'exited_on' AS column_name,
    file_number,
    row_number,
    strftime(exited_on, '%Y-%m-%d') AS cell
FROM candidate.housing
WHERE exited_on < entered_on;
