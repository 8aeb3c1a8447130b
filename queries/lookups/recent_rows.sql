-- Events of the last 28 days that a source reaches, beside the 28 days of the year before that: where
-- they are few, records are still coming in.
WITH dated AS (
    SELECT 'referral' AS source, counted_on FROM program.referral
    UNION ALL
    SELECT 'enrollment' AS source, counted_on FROM program.enrollment
    UNION ALL
    SELECT 'contact' AS source, counted_on FROM program.contact
    UNION ALL
    SELECT 'arrest' AS source, counted_on FROM program.arrest
    UNION ALL
    SELECT 'stop' AS source, counted_on FROM program.stop
    UNION ALL
    SELECT 'jail_stay' AS source, counted_on FROM program.custody_episode
    UNION ALL
    SELECT 'housing' AS source, counted_on FROM program.housing
    UNION ALL
    SELECT 'living_situation' AS source, counted_on FROM program.living_situation
)

SELECT
    dated.source,
    max(dated.counted_on) AS last_day,
    count(*) FILTER (WHERE dated.counted_on > source.data_through - 28) AS recent,
    -- 13 times 28 days are 364.
    count(*) FILTER (WHERE dated.counted_on <= source.data_through - 28) / 13.0 AS usual,
    min(dated.counted_on) <= source.data_through - 364 AS is_known_for_a_year
FROM dated
INNER JOIN program.source ON dated.source = source.source
WHERE dated.counted_on > source.data_through - 392 AND dated.counted_on <= source.data_through
GROUP BY dated.source, source.data_through
ORDER BY dated.source;
