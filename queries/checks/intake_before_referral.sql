/*
code = "LD-316"
severity = "warning"
title = "Intake before referral"
expected = "an intake on the day of the referral or later"
fix = "Correct one of the two dates in your system. The row counts as it stands; its wait does not."
topic = "Impossible or unlikely"
shows = "nothing"
*/
SELECT
    'referral' AS table_name,
    'intake_completed_on' AS column_name,
    file_number,
    row_number,
    strftime(intake_completed_on, '%Y-%m-%d') AS cell
FROM accepted.referral
WHERE intake_completed_on < referred_on;
