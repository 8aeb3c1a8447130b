-- Time in shelter, Safe Haven or transitional housing, from first_day through last_day (NULL: still
-- there); an observation of one of them is a time of one day.
CREATE TABLE program.interim_stay AS
SELECT
    person_key,
    entered_on AS first_day,
    exited_on AS last_day,
    traits
FROM program.housing
WHERE is_counted AND project_type IN (0, 1, 2, 8)
UNION ALL
SELECT
    person_key,
    observed_on,
    observed_on,
    traits
FROM program.living_situation
WHERE is_counted AND code IN (101, 118, 302);
