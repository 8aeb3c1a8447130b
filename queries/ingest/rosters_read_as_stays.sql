-- Whether files with a day in their name, read as stays, are lists of who is inside on that day.
WITH dated AS (
    SELECT
        unnest($numbers::INTEGER[]) AS file_number,
        unnest($days::DATE[]) AS day
),

listed AS (
    SELECT
        stay.stay_id,
        count(DISTINCT dated.day) AS days,
        max(dated.day) AS last_day
    FROM raw.jail_stay AS stay
    INNER JOIN dated ON stay.file_number = dated.file_number
    GROUP BY stay.stay_id
)

SELECT
    NOT EXISTS (
        FROM raw.jail_stay
        WHERE
            file_number IN (SELECT file_number FROM dated)
            AND (released_at IS NOT NULL OR is_on_roster IS NOT NULL)
    ) AS has_no_release,
    bool_or(listed.days > 1) AS repeats,
    bool_or(listed.last_day < (SELECT max(day) FROM dated)) AS drops_out
FROM listed;
