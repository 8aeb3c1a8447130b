/*
code = "LD-304"
severity = "note"
title = "Records of people without a link"
expected = "a row of person_link for each person whom this source numbers its own way"
fix = "Ask the agency for the missing links: unlinked records stay out of what is said about participants."
topic = "People and links"
shows = "nothing"
*/
SELECT
    numbered.table_name,
    'person_id' AS column_name,
    numbered.file_number,
    numbered.row_number,
    NULL::VARCHAR AS cell
FROM numbered
WHERE
    numbered.is_unlinked
    -- Without a program there is nobody to link to.
    AND (EXISTS (FROM accepted.referral) OR EXISTS (FROM accepted.enrollment));
