-- The first day with an event of each source that pages show over time.
SELECT 'referral' AS source, min(counted_on) AS first_day FROM program.referral
UNION ALL
SELECT 'enrollment' AS source, min(counted_on) AS first_day FROM program.enrollment
UNION ALL
SELECT 'contact' AS source, min(counted_on) AS first_day FROM program.contact
UNION ALL
SELECT 'arrest' AS source, min(counted_on) AS first_day FROM program.arrest
UNION ALL
SELECT 'stop' AS source, min(counted_on) AS first_day FROM program.stop
UNION ALL
SELECT 'jail_stay' AS source, min(counted_on) AS first_day FROM program.custody_episode
UNION ALL
SELECT 'housing' AS source, min(counted_on) AS first_day FROM program.housing
UNION ALL
SELECT 'living_situation' AS source, min(counted_on) AS first_day FROM program.living_situation;
