/*
code = "LD-315"
severity = "warning"
title = "A date in the future"
expected = "a day until today"
fix = "Correct the date in your system. The row counts, but in no period that is over."
*/
SELECT
    dated.table_name,
    dated.column_name,
    dated.file_number,
    dated.row_number,
    strftime(dated.day, '%Y-%m-%d') AS value
FROM (
    SELECT
        'referral' AS table_name,
        'referred_on' AS column_name,
        file_number,
        row_number,
        CAST(referred_on AS DATE) AS day
    FROM accepted.referral
    UNION ALL
    SELECT
        'referral',
        'intake_completed_on',
        file_number,
        row_number,
        CAST(intake_completed_on AS DATE)
    FROM accepted.referral
    UNION ALL
    SELECT
        'referral',
        'approved_on',
        file_number,
        row_number,
        CAST(approved_on AS DATE)
    FROM accepted.referral
    UNION ALL
    SELECT
        'referral',
        'roi_signed_on',
        file_number,
        row_number,
        CAST(roi_signed_on AS DATE)
    FROM accepted.referral
    UNION ALL
    SELECT
        'referral',
        'closed_on',
        file_number,
        row_number,
        CAST(closed_on AS DATE)
    FROM accepted.referral
    UNION ALL
    SELECT
        'enrollment',
        'started_on',
        file_number,
        row_number,
        CAST(started_on AS DATE)
    FROM accepted.enrollment
    UNION ALL
    SELECT
        'enrollment',
        'exited_on',
        file_number,
        row_number,
        CAST(exited_on AS DATE)
    FROM accepted.enrollment
    UNION ALL
    SELECT
        'contact',
        'contacted_on',
        file_number,
        row_number,
        CAST(contacted_on AS DATE)
    FROM accepted.contact
    UNION ALL
    SELECT
        'arrest',
        'arrested_at',
        file_number,
        row_number,
        CAST(arrested_at AS DATE)
    FROM accepted.arrest
    UNION ALL
    SELECT
        'stop',
        'stopped_at',
        file_number,
        row_number,
        CAST(stopped_at AS DATE)
    FROM accepted.stop
    UNION ALL
    SELECT
        'jail_stay',
        'booked_at',
        file_number,
        row_number,
        CAST(booked_at AS DATE)
    FROM accepted.jail_stay
    UNION ALL
    SELECT
        'jail_stay',
        'released_at',
        file_number,
        row_number,
        CAST(released_at AS DATE)
    FROM accepted.jail_stay
    UNION ALL
    SELECT
        'living_situation',
        'observed_on',
        file_number,
        row_number,
        CAST(observed_on AS DATE)
    FROM accepted.living_situation
    UNION ALL
    SELECT
        'housing',
        'entered_on',
        file_number,
        row_number,
        CAST(entered_on AS DATE)
    FROM accepted.housing
    UNION ALL
    SELECT
        'housing',
        'moved_in_on',
        file_number,
        row_number,
        CAST(moved_in_on AS DATE)
    FROM accepted.housing
    UNION ALL
    SELECT
        'housing',
        'exited_on',
        file_number,
        row_number,
        CAST(exited_on AS DATE)
    FROM accepted.housing
    UNION ALL
    SELECT
        'person',
        'birth_date',
        file_number,
        row_number,
        CAST(birth_date AS DATE)
    FROM accepted.person
    UNION ALL
    SELECT
        'person',
        'death_date',
        file_number,
        row_number,
        CAST(death_date AS DATE)
    FROM accepted.person
) AS dated
CROSS JOIN accepted.today
WHERE dated.day > today.today;
