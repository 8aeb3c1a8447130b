-- One row = an episode in LEAD and where the person lived when it began: the latest observation of
-- the 90 days before or on that day, else the first of the 30 days after; NULL where there is none.
CREATE TABLE program.start_situation AS
SELECT
    * EXCLUDE (situation),
    situation.code AS code,
    situation.settled AS settled
FROM (
    SELECT
        episode.person_key,
        episode.episode,
        episode.counted_on,
        episode.traits,
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
            AND situation.code >= 100
    GROUP BY ALL
)
ORDER BY counted_on, person_key;
