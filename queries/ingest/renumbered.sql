-- One statement for each table, since SQL takes no table to update as a value.
-- Events that shared a number get their own; what names an arrest follows by the person, else by the day.

UPDATE candidate.referral AS line
SET referral_id = apart.event_number
FROM keys.told_apart AS apart
WHERE
    apart.table_name = 'referral'
    AND line.file_number = apart.file_number
    AND line.row_number = apart.row_number;

UPDATE candidate.enrollment AS line
SET enrollment_id = apart.event_number
FROM keys.told_apart AS apart
WHERE
    apart.table_name = 'enrollment'
    AND line.file_number = apart.file_number
    AND line.row_number = apart.row_number;

UPDATE candidate.contact AS line
SET contact_id = apart.event_number
FROM keys.told_apart AS apart
WHERE
    apart.table_name = 'contact'
    AND line.file_number = apart.file_number
    AND line.row_number = apart.row_number;

UPDATE candidate.arrest AS line
SET arrest_id = apart.event_number
FROM keys.told_apart AS apart
WHERE
    apart.table_name = 'arrest'
    AND line.file_number = apart.file_number
    AND line.row_number = apart.row_number;

UPDATE candidate.stop AS line
SET stop_id = apart.event_number
FROM keys.told_apart AS apart
WHERE
    apart.table_name = 'stop'
    AND line.file_number = apart.file_number
    AND line.row_number = apart.row_number;

UPDATE candidate.jail_stay AS line
SET stay_id = apart.event_number
FROM keys.told_apart AS apart
WHERE
    apart.table_name = 'jail_stay'
    AND line.file_number = apart.file_number
    AND line.row_number = apart.row_number;

UPDATE candidate.referral AS line
SET arrest_id = meant.event_number
FROM (
    SELECT
        naming.file_number,
        naming.row_number,
        arg_min(
            apart.event_number,
            (
                apart.person_id IS DISTINCT FROM naming.person_id,
                abs(apart.from_at::DATE - naming.referred_on::DATE),
                apart.event_number
            )
        ) AS event_number
    FROM candidate.referral AS naming
    INNER JOIN keys.told_apart AS apart ON apart.table_name = 'arrest' AND naming.arrest_id = apart.number
    GROUP BY ALL
) AS meant
WHERE line.file_number = meant.file_number AND line.row_number = meant.row_number;

UPDATE candidate.jail_stay AS line
SET arrest_id = meant.event_number
FROM (
    SELECT
        naming.file_number,
        naming.row_number,
        arg_min(
            apart.event_number,
            (
                apart.person_id IS DISTINCT FROM naming.person_id,
                abs(apart.from_at::DATE - naming.booked_at::DATE),
                apart.event_number
            )
        ) AS event_number
    FROM candidate.jail_stay AS naming
    INNER JOIN keys.told_apart AS apart ON apart.table_name = 'arrest' AND naming.arrest_id = apart.number
    GROUP BY ALL
) AS meant
WHERE line.file_number = meant.file_number AND line.row_number = meant.row_number;
