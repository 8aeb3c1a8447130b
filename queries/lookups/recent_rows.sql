/*
definition = "Events of the last 28 days that a source reaches, beside the usual 28 days of the year before that."
labels = ["source", "is_known_for_a_year"]
people = [["recent"], ["year_before"]]
goes_with = { usual = "year_before" }
*/
SELECT
    recorded.source,
    sum(recorded.records * (recorded.day > source.data_through - 28)::INTEGER)::BIGINT AS recent,
    sum(recorded.records * (recorded.day <= source.data_through - 28)::INTEGER)::BIGINT AS year_before,
    year_before / 13.0 AS usual, -- 13 times 28 days are 364
    min(recorded.day) <= source.data_through - 364 AS is_known_for_a_year
FROM program.recorded_day AS recorded
INNER JOIN program.source ON recorded.source = source.source
WHERE recorded.day > source.data_through - 392 AND recorded.day <= source.data_through
GROUP BY recorded.source, source.data_through
ORDER BY recorded.source;
