-- One row per charge or housing move becomes one stay: from its first booking to its last release,
-- and open if the part booked last is. Its class is the gravest by the site's order; where the site has none and the
-- classes differ, it is not known. `line` holds the row that was kept of each stay.
WITH part AS (
    SELECT
        stay.*,
        coalesce(list_contains(stay.unread, 'released_at'), FALSE) AS has_unread_release,
        grave.place AS grave_place
    FROM candidate.jail_stay AS stay
    LEFT JOIN keys.charge_order AS grave ON lower(stay.charge_class) = lower(grave.charge_class)
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
        CASE WHEN max((booked_at, released_at IS NOT NULL))[2] THEN max(released_at) END
            AS released_at,
        max((booked_at, has_unread_release))[2] AS has_unread_release,
        bool_or(is_on_roster) AS is_on_roster,
        CASE
            WHEN count(DISTINCT lower(charge_class)) = 1 THEN min(charge_class)
            WHEN bool_and(charge_class IS NULL OR grave_place IS NOT NULL) THEN arg_min(charge_class, grave_place)
        END AS charge_class
    FROM part
    GROUP BY stay_id, person_id
    HAVING count(*) > 1
)

SELECT
    line.* REPLACE (
        coalesce(joined.booked_at, line.booked_at) AS booked_at,
        CASE WHEN joined.stay_id IS NULL THEN line.released_at ELSE joined.released_at END AS released_at,
        coalesce(joined.is_on_roster, line.is_on_roster) AS is_on_roster,
        CASE WHEN joined.stay_id IS NULL THEN line.charge_class ELSE joined.charge_class END AS charge_class,
        CASE
            WHEN joined.stay_id IS NULL THEN line.unread
            WHEN joined.released_at IS NULL AND joined.has_unread_release
                THEN list_distinct(list_append(coalesce(line.unread, []), 'released_at'))
            ELSE list_filter(line.unread, LAMBDA name: name <> 'released_at')
        END AS unread
    )
FROM line
LEFT JOIN joined
    ON line.stay_id = joined.stay_id AND line.person_id IS NOT DISTINCT FROM joined.person_id
