-- The first day with an event of each kind that pages show over time, and the last.
SELECT
    min(counted_on) AS first_day,
    max(counted_on) AS last_day
FROM (
    SELECT counted_on FROM program.referral
    UNION ALL
    SELECT counted_on FROM program.enrollment
    UNION ALL
    SELECT counted_on FROM program.contact
    UNION ALL
    SELECT counted_on FROM program.arrest
    UNION ALL
    SELECT counted_on FROM program.stop
    UNION ALL
    SELECT counted_on FROM program.custody_episode
    UNION ALL
    SELECT counted_on FROM program.housing
) AS event;
