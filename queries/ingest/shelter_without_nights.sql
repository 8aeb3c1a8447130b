-- The days of night-by-night shelter in HMIS of which no night is told; such enrollments often stay open for years.
SELECT
    min(entered_on) AS first_day,
    max(greatest(entered_on, coalesce(exited_on, $through))) AS last_day
FROM accepted.housing
WHERE
    is_hmis
    AND project_type = 1
    AND entered_on IS NOT NULL
    AND NOT EXISTS (FROM accepted.living_situation WHERE living_situation.source = 'HMIS, bed night')
HAVING count(*) > 0;
