-- One row = an unbroken time of a person in LEAD. Enrollments that overlap or touch are one episode;
-- a gap of one day makes two, so that a published caseload never changes because somebody came back.
CREATE TABLE program.episode AS
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
    min(started_on) AS counted_on,
    min(started_on) AS started_on,
    nullif(max(coalesce(exited_on, DATE '9999-12-31')), DATE '9999-12-31') AS exited_on,
    min_by(traits, (started_on, enrollment_key)) AS traits
FROM numbered
GROUP BY person_key, episode
ORDER BY counted_on, person_key;
