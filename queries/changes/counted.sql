-- What a headline counts of a snapshot from $first_day until before $next_day: one row a record, and how much of it.
WITH counted AS (
    SELECT 'people_referred' AS metric, person_key, event_date, 1 AS amount FROM program.referral
    UNION ALL
    SELECT 'people_enrolled', person_key, event_date, 1 FROM program.episode
    UNION ALL
    SELECT 'people_exited', person_key, event_date, 1 FROM program.episode_end
    UNION ALL
    SELECT 'contacts_made', person_key, event_date, 1 FROM program.contact
    UNION ALL
    SELECT 'arrests', person_key, event_date, 1 FROM program.arrest
    UNION ALL
    SELECT 'arrests_diverted', person_key, event_date, 1 FROM program.diversion
    UNION ALL
    SELECT 'stops', person_key, event_date, 1 FROM program.stop
    UNION ALL
    SELECT 'jail_bookings', person_key, event_date, 1 FROM program.custody_episode
    WHERE NOT is_already_inside
    UNION ALL
    SELECT 'people_placed_in_permanent_housing', person_key, event_date, 1 FROM program.placement
)

SELECT person_key, event_date, amount FROM counted
WHERE metric = $metric AND event_date >= $first_day AND event_date < $next_day
UNION ALL
SELECT person_key, first_day, nights
FROM (
    SELECT
        person_key,
        first_day,
        nights_within(first_day, last_day, $first_day, $next_day) AS nights
    FROM program.custody_episode
)
WHERE nights > 0 AND $metric = 'jail_nights';
