/*
row = "a charge class in the baseline year"
rows_from = ["program.baseline_arrest"]
*/
-- Where no stay can be attributed to an arrest of the class, all stays the jail files under it stand in.
CREATE TABLE program.class_baseline (
    charge_class VARCHAR NOT NULL UNIQUE, -- the class
    eligible BIGINT NOT NULL, -- eligible arrests
    booked BIGINT NOT NULL, -- those that led to a booking
    has_stays BOOLEAN NOT NULL, -- the stays are those of the arrests, not all of the class
    closed MAP (BIGINT, UBIGINT), -- nights -> stays of so many that have ended
    still_inside MAP (BIGINT, UBIGINT) -- nights -> stays of so many, so far, that have not
);

INSERT INTO program.class_baseline BY NAME
WITH arrested AS (
    SELECT
        charge_class,
        count(*) AS eligible,
        count(*) FILTER (WHERE is_booked) AS booked,
        histogram(nights) FILTER (WHERE is_booked AND NOT is_open) AS closed,
        histogram(nights) FILTER (WHERE is_booked AND is_open) AS still_inside,
        bool_or(is_booked AND nights IS NOT NULL) IS TRUE AS has_stays
    FROM program.baseline_arrest
    GROUP BY charge_class
),

jailed AS (
    SELECT
        episode.dimensions.charge_class AS charge_class,
        histogram(episode.nights) FILTER (WHERE NOT episode.is_open) AS closed,
        histogram(episode.nights) FILTER (WHERE episode.is_open) AS still_inside
    FROM program.custody_episode AS episode
    INNER JOIN program.baseline
        ON episode.first_day >= baseline.first_day AND episode.first_day < baseline.next_day
    -- Nobody knows when these began.
    WHERE NOT episode.is_already_inside
    GROUP BY ALL
)

SELECT
    arrested.charge_class,
    arrested.eligible,
    arrested.booked,
    arrested.has_stays,
    CASE WHEN arrested.has_stays THEN arrested.closed ELSE jailed.closed END AS closed,
    CASE WHEN arrested.has_stays THEN arrested.still_inside ELSE jailed.still_inside END AS still_inside
FROM arrested
LEFT JOIN jailed ON arrested.charge_class = jailed.charge_class
ORDER BY arrested.charge_class;
