/*
row = "the end of an episode"
rows_from = ["program.episode WHERE exited_on IS NOT NULL"]
*/
-- With the place of the enrollment that ended then. An exit from one of two enrollments is no end.
CREATE TABLE program.episode_end (
    person_key INTEGER NOT NULL, -- the person
    episode BIGINT NOT NULL CHECK (episode > 0), -- the first, second, third of the person
    event_date DATE NOT NULL, -- day of exit
    dimensions dimensions NOT NULL -- on the day of exit
);

INSERT INTO program.episode_end BY NAME
WITH last_enrollment AS (
    SELECT
        episode.person_key,
        episode.episode,
        episode.exited_on AS event_date,
        arg_max(enrollment, enrollment.enrollment_key) AS enrollment
    FROM program.episode
    INNER JOIN program.enrollment
        ON
            episode.person_key = enrollment.person_key
            AND episode.exited_on = enrollment.exited_on
            AND episode.started_on <= enrollment.started_on
            AND enrollment.is_end_known
    GROUP BY ALL
)

SELECT
    last_enrollment.person_key,
    last_enrollment.episode,
    last_enrollment.event_date,
    make_dimensions(
        person,
        last_enrollment.event_date,
        place := last_enrollment.enrollment.dimensions.neighborhood,
        pathway := last_enrollment.enrollment.dimensions.pathway,
        -- Files of people who died are closed for all kinds of reasons.
        exit_reason := CASE
            WHEN person.death_date <= last_enrollment.event_date THEN 'died'
            ELSE last_enrollment.enrollment.exit_reason
        END
    ) AS dimensions
FROM last_enrollment
INNER JOIN program.person ON last_enrollment.person_key = person.person_key
ORDER BY event_date, person_key;
