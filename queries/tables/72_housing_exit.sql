-- One row = an exit from a project. event_on: the first later entry into outreach, shelter, Safe
-- Haven or transitional housing, or into permanent housing more than 14 days after.
CREATE TABLE program.housing_exit AS
SELECT
    housing.housing_key,
    housing.person_key,
    housing.exited_on AS counted_on,
    housing.entered_on,
    housing.destination,
    housing.is_permanent,
    coalesce(housing.destination IN (8, 9, 17, 30, 37, 99), TRUE) AS is_unknown,
    (
        SELECT min(later.entered_on)
        FROM program.housing AS later
        WHERE
            later.person_key = housing.person_key
            AND later.housing_key <> housing.housing_key
            AND later.entered_on >= housing.exited_on
            AND (
                later.project_type IN (0, 1, 2, 4, 8)
                OR (later.project_type IN (3, 9, 10, 13) AND later.entered_on > housing.exited_on + 14)
            )
    ) AS event_on,
    NULL::DATE AS competing_on,
    NULL::DATE AS censored_on,
    make_traits(
        whereabouts.place,
        whereabouts.pathway,
        person.races,
        person.sex,
        age_band(person.birth_date, housing.exited_on),
        NULL,
        NULL,
        housing.destination
    ) AS traits
FROM program.housing
INNER JOIN program.person ON housing.person_key = person.person_key
ASOF LEFT JOIN program.whereabouts
    ON housing.person_key = whereabouts.person_key AND housing.exited_on >= whereabouts.from_day
WHERE housing.is_counted AND housing.exited_on IS NOT NULL
ORDER BY counted_on, housing.housing_key;

CREATE TABLE program.permanent_exit AS
SELECT * FROM program.housing_exit WHERE is_permanent;
