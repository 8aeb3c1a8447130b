/*
row = "a time of a person in LEAD and in touch"
rows_from = ["program.contact"]
*/
-- The caseload spans again, cut to the days on which the person has had a contact within the site's
-- inactivity window: a contact counts from its day on for as many days as the window has, but no
-- longer than to the next contact, so that no day is in two spans.
CREATE TABLE program.engaged_span (
    person_key INTEGER NOT NULL, -- the person
    case_manager_key INTEGER, -- the case manager
    first_day DATE NOT NULL, -- first day of the time
    next_day DATE NOT NULL CHECK (next_day > first_day), -- the day after its last
    dimensions dimensions NOT NULL -- those of the enrollment
);

INSERT INTO program.engaged_span BY NAME
WITH in_touch AS (
    SELECT
        person_key,
        contacted_on AS first_day,
        -- least() passes over the NULL after the last contact, as wanted here.
        least(
            contacted_on + (SELECT inactivity_days FROM program.site),
            lead(contacted_on) OVER (PARTITION BY person_key ORDER BY contacted_on)
        ) AS next_day
    FROM program.contact
)

SELECT
    span.person_key,
    span.case_manager_key,
    greatest(span.first_day, in_touch.first_day) AS first_day,
    least(span.next_day, in_touch.next_day) AS next_day,
    span.dimensions
FROM program.caseload_span AS span
INNER JOIN in_touch
    ON
        span.person_key = in_touch.person_key
        AND span.first_day < in_touch.next_day
        AND (span.next_day IS NULL OR in_touch.first_day < span.next_day)
        AND in_touch.first_day < in_touch.next_day
ORDER BY first_day, span.person_key;
