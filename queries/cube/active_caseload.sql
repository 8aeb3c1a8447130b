-- Who is in on the last day of a month.
SELECT DISTINCT
    calendar.month,
    span.person_key,
    span.dimensions,
    1 AS people
FROM caseload_span AS span
INNER JOIN calendar
    ON
        calendar.last_day >= span.first_day
        AND (span.next_day IS NULL OR calendar.last_day < span.next_day)
