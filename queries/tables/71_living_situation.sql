-- Where a person was seen to live: HUD's codes, 1xx homeless, 2xx institution, 3xx temporary, 4xx
-- permanent, below 100 not known. settled: 0 homeless or in jail, 1 in an institution or temporary,
-- 2 permanent.
CREATE TABLE program.living_situation AS
SELECT
    situation.person_key,
    situation.observed_on AS counted_on,
    situation.observed_on,
    situation.code,
    CASE
        WHEN situation.code < 100 THEN NULL
        WHEN situation.code < 200 OR situation.code = 207 THEN 0
        WHEN situation.code < 400 THEN 1
        ELSE 2
    END AS settled,
    person.is_participant OR NOT EXISTS (FROM program.person WHERE is_participant) AS is_counted,
    make_traits(
        whereabouts.place,
        whereabouts.pathway,
        person.races,
        person.sex,
        age_band(person.birth_date, situation.observed_on),
        NULL,
        NULL,
        NULL
    ) AS traits
FROM export.living_situation AS situation
INNER JOIN program.person ON situation.person_key = person.person_key
ASOF LEFT JOIN program.whereabouts
    ON situation.person_key = whereabouts.person_key AND situation.observed_on >= whereabouts.from_day
ORDER BY counted_on, situation.person_key, situation.code;
