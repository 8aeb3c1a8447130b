-- One row per charge or housing move becomes one stay: from its first booking to its last release,
-- and open if the part booked last is. `line` holds the row that was kept of each stay.
WITH part AS (
    SELECT
        *,
        max(booked_at) OVER (PARTITION BY stay_id, person_id) AS last_booked_at
    FROM candidate.jail_stay AS stay
    WHERE NOT EXISTS (
        FROM candidate.dropped
        WHERE
            dropped.table_name = 'jail_stay'
            AND dropped.fate = 'rejected'
            AND dropped.file_number = stay.file_number
            AND dropped.row_number = stay.row_number
    )
),

joined AS (
    SELECT
        stay_id,
        person_id,
        min(booked_at) AS booked_at,
        -- Of charges booked at once, one with a release is enough.
        CASE WHEN bool_or(booked_at = last_booked_at AND released_at IS NOT NULL) THEN max(released_at) END
            AS released_at,
        bool_or(is_on_roster) AS is_on_roster
    FROM part
    GROUP BY stay_id, person_id
    HAVING count(*) > 1
)

SELECT
    line.* REPLACE (
        coalesce(joined.booked_at, line.booked_at) AS booked_at,
        CASE WHEN joined.stay_id IS NULL THEN line.released_at ELSE joined.released_at END AS released_at,
        coalesce(joined.is_on_roster, line.is_on_roster) AS is_on_roster
    )
FROM line
LEFT JOIN joined
    ON line.stay_id = joined.stay_id AND line.person_id = joined.person_id
