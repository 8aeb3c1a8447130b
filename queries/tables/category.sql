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
WITH counted AS (
    SELECT dimensions FROM recorded WHERE dimensions IS NOT NULL
    UNION ALL
    SELECT dimensions FROM program.housing_exit
    UNION ALL
    SELECT dimensions FROM program.population
),

-- Combinations first: to look for the different values of each column takes a table in memory for each.
found AS (
    SELECT DISTINCT * EXCLUDE (races) FROM (SELECT unnest(dimensions) FROM counted)
),

named AS (
    SELECT
        breakdown,
        category
    FROM (UNPIVOT found ON COLUMNS(*) INTO NAME breakdown VALUE category)
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
