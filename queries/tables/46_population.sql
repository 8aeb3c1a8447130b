-- Residents by place and race, each once a level. A row without a race is the total of its place:
-- what the races leave over is 'Unknown'. A row without a place is the whole county, which is a level
-- of its own because places may cover only a part of it; where the county lacks the races that its
-- places have, the sum of the places stands for it.
CREATE TABLE program.population AS
WITH stated AS (
    SELECT
        neighborhood AS place,
        CASE WHEN len(race) = 1 THEN race[1] WHEN len(race) > 1 THEN 'Two or more' END AS race,
        sum(people) AS people
    FROM export.population
    GROUP BY ALL
),

resident AS (
    SELECT * FROM stated WHERE race IS NOT NULL
    UNION ALL
    SELECT
        place,
        'Unknown' AS race,
        sum(CASE WHEN race IS NULL THEN people ELSE -people END) AS people
    FROM stated
    GROUP BY place
    HAVING bool_or(race IS NULL) AND sum(CASE WHEN race IS NULL THEN people ELSE -people END) > 0
),

layered AS (
    SELECT
        FALSE AS is_whole_county,
        coalesce(place, 'Unknown') AS place,
        race,
        people
    FROM resident
    WHERE place IS NOT NULL OR NOT EXISTS (FROM stated AS any_row WHERE any_row.place IS NOT NULL)
    UNION ALL
    SELECT
        TRUE AS is_whole_county,
        'Unknown' AS place,
        race,
        sum(people) AS people
    FROM resident
    WHERE (place IS NULL) = (
        EXISTS (FROM stated AS county WHERE county.place IS NULL AND county.race IS NOT NULL)
        OR NOT EXISTS (FROM stated AS part WHERE part.place IS NOT NULL AND part.race IS NOT NULL)
        AND EXISTS (FROM stated AS county WHERE county.place IS NULL)
    )
    GROUP BY race
)

SELECT
    is_whole_county,
    place,
    race,
    people::BIGINT AS people,
    make_traits(place, NULL, [race], NULL, 'Unknown', NULL, NULL, NULL) AS traits
FROM layered
ORDER BY place, race;
