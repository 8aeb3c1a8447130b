/*
row = "an unbroken time of a person in LEAD"
rows_from = ["program.enrollment"]
*/
-- Enrollments that overlap or touch are one episode; a gap of one day makes two, so that a published
-- caseload never changes because somebody came back.
CREATE TABLE program.episode (
    person_key INTEGER NOT NULL, -- the person
    episode BIGINT NOT NULL CHECK (episode > 0), -- the first, second, third of the person
    event_date DATE NOT NULL, -- first day in LEAD
    started_on DATE NOT NULL, -- the same
    exited_on DATE CHECK (exited_on >= started_on), -- day of exit; NULL: still in
    is_end_known BOOLEAN NOT NULL, -- otherwise it ended on a day that nobody can read
    dimensions dimensions NOT NULL -- those of its first enrollment
);

INSERT INTO program.episode BY NAME
WITH earlier AS (
    SELECT
        *,
        max(coalesce(exited_on, DATE '9999-12-31')) OVER (
            PARTITION BY person_key ORDER BY started_on, enrollment_key
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS in_until
    FROM program.enrollment
),

numbered AS (
    SELECT
        *,
        count(*) FILTER (WHERE in_until IS NULL OR started_on > in_until) OVER (
            PARTITION BY person_key ORDER BY started_on, enrollment_key
            ROWS UNBOUNDED PRECEDING
        ) AS episode
    FROM earlier
)

SELECT
    person_key,
    episode,
    min(started_on) AS event_date,
    min(started_on) AS started_on,
    nullif(max(coalesce(exited_on, DATE '9999-12-31')), DATE '9999-12-31') AS exited_on,
    arg_max(is_end_known, (coalesce(exited_on, DATE '9999-12-31'), is_end_known)) AS is_end_known,
    arg_min(dimensions, (started_on, enrollment_key)) AS dimensions
FROM numbered
GROUP BY person_key, episode
ORDER BY event_date, person_key;
