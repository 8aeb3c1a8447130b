/*
definition = "Events of the last 28 days that a source reaches, beside the usual 28 days of the year before that."
labels = ["source", "is_known_for_a_year"]
people = [["recent"], ["year_before"]]
goes_with = { usual = "year_before" }
*/
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
    count(*) FILTER (WHERE dated.counted_on > source.data_through - 28) AS recent,
    count(*) FILTER (WHERE dated.counted_on <= source.data_through - 28) AS year_before,
    year_before / 13.0 AS usual, -- 13 times 28 days are 364
    min(dated.counted_on) <= source.data_through - 364 AS is_known_for_a_year
FROM dated
INNER JOIN program.source ON dated.source = source.source
WHERE dated.counted_on > source.data_through - 392 AND dated.counted_on <= source.data_through
GROUP BY dated.source, source.data_through
ORDER BY dated.source;
