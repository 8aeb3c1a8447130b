/*
row = "an episode in LEAD and where the person lived when it began"
rows_from = ["program.episode"]
*/
-- The latest observation of the 90 days before or on that day, else the first of the 30 days after.
CREATE TABLE program.start_situation (
    person_key INTEGER NOT NULL, -- the person
    episode BIGINT NOT NULL CHECK (episode > 0), -- the first, second, third of the person
    event_date DATE NOT NULL, -- first day in LEAD
    dimensions dimensions NOT NULL, -- on the first day
    kind VARCHAR, -- as in living_situation; NULL: no observation
    housing_stability housing_stability -- the same
);

INSERT INTO program.start_situation BY NAME
SELECT
    * EXCLUDE (situation),
    situation.kind AS kind,
    situation.housing_stability AS housing_stability
FROM (
    SELECT
        episode.person_key,
        episode.episode,
        episode.event_date,
        episode.dimensions,
        coalesce(
            arg_max(situation, (situation.observed_on, situation.code))
                FILTER (WHERE situation.observed_on <= episode.started_on),
            arg_min(situation, (situation.observed_on, situation.code))
        ) AS situation
    FROM program.episode
    LEFT JOIN program.living_situation AS situation
        ON
            episode.person_key = situation.person_key
            AND situation.observed_on BETWEEN episode.started_on - 90 AND episode.started_on + 30
            AND situation.housing_stability IS NOT NULL
    GROUP BY ALL
)
ORDER BY event_date, person_key;
