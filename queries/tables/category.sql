/*
row = "a category of a breakdown"
*/
-- What each breakdown is known to have, whether anybody is in it or not; and what the filters offer.
CREATE TABLE program.category (
    breakdown VARCHAR NOT NULL, -- the breakdown
    category VARCHAR NOT NULL, -- the category
    position BIGINT NOT NULL CHECK (position > 0) -- its place among those of the breakdown
);

INSERT INTO program.category BY NAME
WITH trait AS (
    SELECT DISTINCT dimensions FROM recorded WHERE dimensions IS NOT NULL
    UNION
    SELECT DISTINCT dimensions FROM program.housing_exit
    UNION
    SELECT DISTINCT dimensions FROM program.population
),

named AS (
    UNPIVOT (SELECT unnest(dimensions) FROM trait)
    ON COLUMNS(* EXCLUDE (races))
    INTO NAME breakdown VALUE category
),

listed AS (
    SELECT breakdown, category FROM codes.category
    UNION
    SELECT 'neighborhood', unnest(['Outside', name]) FROM export.boundary
    UNION
    SELECT breakdown, category FROM named
)

SELECT
    breakdown,
    category,
    row_number() OVER (
        PARTITION BY breakdown
        ORDER BY
            lower(category) = 'unknown',
            category IN ('Two or more', 'Outside'),
            category <> 'Under 18',
            category
    ) AS position
FROM listed
ORDER BY breakdown, position;
