-- The first day with a record of each source that pages show over time.
SELECT source, min(day) AS first_day FROM program.recorded_day GROUP BY source;
