/*
row = "a day on which a person came into permanent housing"
rows_from = ["program.housing", "program.living_situation"]
*/
-- The move-in of a project, or the first of observations of a permanent situation that lasted 30 days.
CREATE TABLE program.move_in (
    person_key INTEGER NOT NULL, -- the person
    placed_on DATE NOT NULL -- the day
);

INSERT INTO program.move_in BY NAME
WITH seen AS (
    -- Observations that say nothing neither start nor end a time in a home.
    SELECT
        person_key,
        observed_on,
        kind = 'permanent' AS is_housed,
        lag(kind = 'permanent') OVER in_order AS was_housed
    FROM program.living_situation
    WHERE housing_stability IS NOT NULL
    WINDOW in_order AS (PARTITION BY person_key ORDER BY observed_on, code)
),

turned AS (
    SELECT
        *,
        coalesce(
            lead(observed_on) OVER (PARTITION BY person_key ORDER BY observed_on, is_housed),
            (SELECT data_through FROM program.source WHERE source = 'living_situation')
        ) - observed_on AS lasted_days
    FROM seen
    WHERE is_housed IS DISTINCT FROM was_housed
)

SELECT
    person_key,
    moved_in_on AS placed_on
FROM program.housing
WHERE moved_in_on IS NOT NULL
UNION
SELECT
    turned.person_key,
    turned.observed_on
FROM turned
WHERE
    turned.is_housed
    AND turned.lasted_days >= 30
    -- Housed when first seen is where the person came from, unless that was after LEAD began.
    AND (
        turned.was_housed IS NOT NULL
        OR EXISTS (
            FROM program.enrollment
            WHERE enrollment.person_key = turned.person_key AND enrollment.started_on < turned.observed_on
        )
    );
