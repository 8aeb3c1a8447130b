-- One row = a person in LEAD from first_day up to, not including, next_day (NULL: still in). The rows
-- of one person never overlap: somebody enrolled with two agencies at once is one person, counted
-- with the enrollment that started last.
CREATE TABLE program.caseload_span AS
WITH span AS (
    SELECT
        person_key,
        enrollment_key,
        from_day AS first_day,
        lead(from_day) OVER (PARTITION BY person_key ORDER BY from_day) AS next_day
    FROM program.whereabouts
)

SELECT
    span.person_key,
    enrollment.case_manager_key,
    span.first_day,
    span.next_day,
    enrollment.traits
FROM span
INNER JOIN program.enrollment ON span.enrollment_key = enrollment.enrollment_key
ORDER BY span.first_day, span.person_key;
