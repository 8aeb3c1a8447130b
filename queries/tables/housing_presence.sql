/*
row = "a time in which somebody was in the housing system, of anybody"
rows_from = ["program.housing_system"]
*/
-- Enrollments; of night-by-night shelter whose nights are known, its nights and the days of entry and exit.
CREATE TABLE program.housing_presence (
    person_key INTEGER NOT NULL, -- the person
    first_day DATE NOT NULL, -- its first day
    last_day DATE, -- its last day; NULL: still there
    dimensions dimensions NOT NULL -- on the day of entry
);

INSERT INTO program.housing_presence BY NAME
SELECT
    person_key,
    entered_on AS first_day,
    CASE WHEN has_bed_nights THEN entered_on ELSE exited_on END AS last_day,
    dimensions
FROM program.housing_system
UNION ALL
SELECT
    person_key,
    exited_on,
    exited_on,
    dimensions
FROM program.housing_system
WHERE has_bed_nights AND exited_on IS NOT NULL
UNION ALL
SELECT
    night.person_key,
    night.observed_on,
    night.observed_on,
    stay.dimensions
FROM export.living_situation AS night
ASOF INNER JOIN (FROM program.housing_system WHERE has_bed_nights) AS stay
    ON night.person_key = stay.person_key AND night.observed_on >= stay.entered_on
WHERE night.source = 'HMIS, bed night';
