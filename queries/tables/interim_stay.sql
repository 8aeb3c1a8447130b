/*
row = "a time in shelter, Safe Haven or transitional housing"
rows_from = ["program.housing", "program.living_situation"]
*/
-- An observation of one of them is a time of one day. In night-by-night shelter a stay is its nights, each an
-- observation: its enrollments often stay open for years.
CREATE TABLE program.interim_stay (
    person_key INTEGER NOT NULL, -- the person
    first_day DATE NOT NULL, -- its first day
    last_day DATE, -- its last day; NULL: still there
    dimensions dimensions NOT NULL -- on the first day
);

INSERT INTO program.interim_stay BY NAME
SELECT
    person_key,
    entered_on AS first_day,
    exited_on AS last_day,
    dimensions
FROM program.housing
WHERE project_kind IN ('shelter', 'transitional') AND NOT has_bed_nights
UNION ALL
SELECT
    person_key,
    observed_on,
    observed_on,
    dimensions
FROM program.living_situation
WHERE code IN (SELECT hud.code FROM codes.housing AS hud WHERE hud.is_interim);
