/*
row = "a number of residents of one place and race"
rows_from = ["export.population"]
*/
-- Each once a level. A row without a race is the total of its place: what the races leave over is
-- 'Unknown'. A row without a place is the whole county, a level of its own because places may cover only
-- a part of it. Tracts shared out over places come in fractions of people, which are rounded once, here.
CREATE TABLE program.population (
    is_whole_county BOOLEAN NOT NULL, -- of the whole county, not of a place
    place VARCHAR NOT NULL, -- the neighborhood
    race VARCHAR NOT NULL, -- the group
    people BIGINT NOT NULL CHECK (people >= 0), -- residents
    dimensions dimensions NOT NULL -- place and race
);

INSERT INTO program.population BY NAME
WITH stated AS (
    SELECT
        neighborhood AS place,
        CASE WHEN len(race) = 1 THEN race[1] WHEN len(race) > 1 THEN 'Two or more' END AS race,
        -- As decimals, whose sum hangs on no order of rows.
        sum(people::DECIMAL(18, 3)) AS people,
        EXISTS (FROM export.population AS county WHERE county.neighborhood IS NULL AND len(county.race) > 0)
            AS has_county_races
    FROM export.population
    GROUP BY ALL
),

resident AS (
    SELECT * FROM stated WHERE race IS NOT NULL
    UNION ALL
    SELECT
        place,
        'Unknown' AS race,
        sum(CASE WHEN race IS NULL THEN people ELSE -people END) AS people,
        any_value(has_county_races) AS has_county_races
    FROM stated
    GROUP BY place
    HAVING bool_or(race IS NULL) AND sum(CASE WHEN race IS NULL THEN people ELSE -people END) >= 0.5
),

layered AS (
    SELECT
        FALSE AS is_whole_county,
        coalesce(place, 'Unknown') AS place,
        race,
        people
    FROM resident
    WHERE place IS NOT NULL OR NOT EXISTS (FROM stated AS named WHERE named.place IS NOT NULL)
    UNION ALL
    SELECT TRUE, 'Unknown', race, people FROM resident WHERE (place IS NULL) = has_county_races
    UNION ALL
    -- A county total without races: its places have the races, and the people elsewhere are unknown.
    SELECT TRUE, 'Unknown', 'Unknown', greatest(0, sum(CASE WHEN place IS NULL THEN people ELSE -people END))
    FROM resident
    WHERE NOT has_county_races
    HAVING bool_or(place IS NULL)
)

SELECT
    layered.is_whole_county,
    layered.place,
    layered.race,
    layered.people::BIGINT AS people,
    make_dimensions(nobody, NULL, place := layered.place, races := [layered.race]) AS dimensions
FROM layered
-- Of residents no more is known: the columns of a person, all empty.
LEFT JOIN program.person AS nobody ON FALSE
ORDER BY layered.place, layered.race;
