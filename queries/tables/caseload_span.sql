/*
row = "a time of a person in LEAD with one enrollment"
rows_from = ["program.enrollment"]
*/
-- The rows of one person never overlap: somebody enrolled with two agencies at once is one person,
-- counted with the enrollment that started last.
CREATE TABLE program.caseload_span (
    person_key INTEGER NOT NULL, -- the person
    case_manager_key INTEGER, -- the case manager
    first_day DATE NOT NULL, -- first day of the time
    next_day DATE CHECK (next_day > first_day), -- the day after its last; NULL: still in
    dimensions dimensions NOT NULL -- those of the enrollment
);

INSERT INTO program.caseload_span BY NAME
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
    enrollment.dimensions
FROM span
INNER JOIN program.enrollment ON span.enrollment_key = enrollment.enrollment_key
ORDER BY span.first_day, span.person_key;
