/*
code = "LD-313"
severity = "warning"
title = "A link for a source that does not exist"
expected = "the name of a table, such as jail_stay, or hmis"
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
    lower(source) NOT IN (
        'hmis',
        'person',
        'referral',
        'enrollment',
        'contact',
        'arrest',
        'stop',
        'jail_stay',
        'living_situation',
        'housing'
    );
